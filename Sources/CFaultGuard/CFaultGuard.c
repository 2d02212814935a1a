// Turns the SIGBUS of a file that was made shorter into a flag, for as long as a thread says that it
// is reading the file. In C, since a Swift handler could allocate, retain or check exclusivity.
//
// The handler uses what POSIX calls async-signal-safe, and mmap and sigaction, which are plain
// system calls on Linux. The thread-local list is of the initial-exec model: reading it never
// allocates. A handler runs in the thread that faulted, so the list needs no lock.

#define _GNU_SOURCE
#include "CFaultGuard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/vfs.h>

static _Thread_local __attribute__((tls_model("initial-exec"))) struct npy_guard_scope *innermost;

static struct sigaction previous;

struct npy_guarded_region {
  void *start;
  size_t length;
  atomic_int poisoned;
};

/// Gives the signal to whoever had it before.
static void pass_on(int signal, siginfo_t *info, void *context) {
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(signal, info, context);
    return;
  }
  // A fault cannot be ignored: it would recur for ever. A signal that was sent can.
  bool was_sent = info->si_code <= 0;
  if (previous.sa_handler == SIG_IGN && was_sent) return;
  if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
    return;
  }
  // The fault recurs and ends the process, with a core dump that shows the place.
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(signal, &standard, NULL);
  if (was_sent) raise(signal);
}

static void handle(int signal, siginfo_t *info, void *context) {
  int saved = errno;
  if (info->si_code == BUS_ADRERR) {
    uintptr_t address = (uintptr_t)info->si_addr;
    for (struct npy_guard_scope *scope = innermost; scope != NULL; scope = scope->outer) {
      struct npy_guarded_region *region = scope->region;
      if (address - (uintptr_t)region->start >= region->length) continue;
      // Before the pages change, so that a thread which reads the new ones finds the flag.
      atomic_store(&region->poisoned, 1);
      void *zeros = mmap(region->start, region->length, PROT_READ,
                         MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (zeros == MAP_FAILED) break;
      // The load is tried again, and reads a zero.
      errno = saved;
      return;
    }
  }
  pass_on(signal, info, context);
  errno = saved;
}

static bool is_installed;

static void install(void) {
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  // Asked for first, so that a fault that comes at once finds where to go on.
  if (sigaction(SIGBUS, NULL, &previous) != 0) return;
  is_installed = sigaction(SIGBUS, &action, NULL) == 0;
}

bool npy_guard_install(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  return is_installed;
}

bool npy_guard_is_installed(void) {
  struct sigaction now;
  return sigaction(SIGBUS, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
         now.sa_sigaction == handle;
}

struct npy_guarded_region *npy_guard_make(void *start, size_t length) {
  struct npy_guarded_region *region = malloc(sizeof *region);
  if (region == NULL) return NULL;
  region->start = start;
  region->length = length;
  atomic_init(&region->poisoned, 0);
  return region;
}

void npy_guard_free(struct npy_guarded_region *region) { free(region); }

void npy_guard_enter(struct npy_guard_scope *scope, struct npy_guarded_region *region) {
  scope->region = region;
  scope->outer = innermost;
  // The handler sees a whole scope or none.
  atomic_signal_fence(memory_order_seq_cst);
  innermost = scope;
  atomic_signal_fence(memory_order_seq_cst);
}

void npy_guard_touch(const void *address) {
  atomic_thread_fence(memory_order_acquire);
  (void)*(const volatile char *)address;
}

bool npy_guard_leave(struct npy_guard_scope *scope) {
  atomic_signal_fence(memory_order_seq_cst);
  innermost = scope->outer;
  return npy_guard_is_poisoned(scope->region);
}

bool npy_guard_is_poisoned(const struct npy_guarded_region *region) {
  // The loads of the copy come before this one: the pages that a copy can have read instead were
  // put in place after the flag was set.
  atomic_thread_fence(memory_order_acquire);
  return atomic_load_explicit(&region->poisoned, memory_order_acquire) != 0;
}

bool npy_is_remote(int descriptor) {
  struct statfs status;
  if (fstatfs(descriptor, &status) != 0) return false;
  switch ((uint32_t)status.f_type) {
  case 0x00006969:  // NFS
  case 0xFF534D42:  // CIFS
  case 0xFE534D42:  // SMB 2
  case 0x0000517B:  // SMB
  case 0x01021997:  // 9P
  case 0x00C36400:  // Ceph
  case 0x5346414F:  // AFS
  case 0x65735546:  // FUSE
  case 0x0BD00BD0:  // Lustre
  case 0x47504653:  // GPFS
    return true;
  default: return false;
  }
}

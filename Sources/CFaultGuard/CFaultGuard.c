// Turns the SIGBUS of a file that was made shorter into a flag, for as long as a thread says that it
// is reading the file. In C, since a Swift handler could allocate, retain or check exclusivity.
//
// The handler uses what POSIX calls async-signal-safe, and mmap and sigaction, which are plain
// system calls on Linux. The thread-local list is of the initial-exec model: reading it never
// allocates. A handler runs in the thread that faulted, so the list needs no lock.

#define _GNU_SOURCE
#include "CFaultGuard.h"

#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#if __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
#endif

static _Thread_local __attribute__((tls_model("initial-exec"))) struct npy_guard_scope *innermost;

struct npy_guarded_region {
  void *start;
  size_t length;
  atomic_int poisoned;
};

// MARK: - Faults in guarded regions

/// Returns whether the fault lies in a region that this thread reads; if so, the region's pages are
/// now zeros.
static bool recover(const siginfo_t *info) {
  if (info->si_code != BUS_ADRERR) return false;
  uintptr_t address = (uintptr_t)info->si_addr;
  for (struct npy_guard_scope *scope = innermost; scope != NULL; scope = scope->outer) {
    struct npy_guarded_region *region = scope->region;
    if (address - (uintptr_t)region->start >= region->length) continue;
    // Before the pages change, so that a thread which reads the new ones finds the flag.
    atomic_store(&region->poisoned, 1);
    void *zeros = mmap(region->start, region->length, PROT_READ,
                       MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return zeros != MAP_FAILED;
  }
  return false;
}

// MARK: - Signals of others
//
// SIGBUS belongs to the process: a program or another library may install a handler after this one,
// and some never pass a signal on. So the guard is armed again on top of whatever it finds, each
// time at another level with a handler of its own: level 0 is on top of the action that was there at
// first, level 1 on top of the one that replaced level 0, and so on. A handler that calls the action
// which it replaced, or puts it back and raises the signal again, thereby goes to the level below,
// which passes on to what is below that: no signal goes round in a circle.
//
// There are as many levels as a program can sensibly need. Two copies of this library that are used
// in turn use them up, too; then the one below is told that it is not armed.

enum { most_levels = 16 };

/// What each level was armed on top of, and what came in between in the moment of arming. A place is
/// written before a level passes on to it, and never again.
static struct sigaction found[2 * most_levels];
/// Which of these a level passes on to; -1 for the default action.
static atomic_int below[most_levels];
static atomic_int level_count;

static bool is_same(const struct sigaction *left, const struct sigaction *right) {
  if ((left->sa_flags & SA_SIGINFO) != (right->sa_flags & SA_SIGINFO)) return false;
  return left->sa_flags & SA_SIGINFO ? left->sa_sigaction == right->sa_sigaction
                                     : left->sa_handler == right->sa_handler;
}

/// Gives the signal to whoever had it before a level was armed.
static void pass_on(int level, int signal, siginfo_t *info, void *context) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  int place = atomic_load(&below[level]);
  const struct sigaction *action = place < 0 ? &standard : &found[place];
  if (action->sa_flags & SA_RESETHAND) atomic_store(&below[level], -1);
  if (action->sa_flags & SA_SIGINFO) {
    action->sa_sigaction(signal, info, context);
    return;
  }
  // The load of a fault is tried again, so ignoring it would make it recur for ever. A signal that was
  // sent, or that reports a memory error before anyone reads the memory, comes once.
  bool recurs = info->si_code > 0 && info->si_code != BUS_MCEERR_AO;
  if (action->sa_handler == SIG_IGN && !recurs) return;
  if (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN) {
    action->sa_handler(signal);
    return;
  }
  // The fault recurs and ends the process, with a core dump that shows the place.
  sigaction(signal, &standard, NULL);
  if (!recurs) raise(signal);
}

static void handle(int level, int signal, siginfo_t *info, void *context) {
  int saved = errno;
  // After a recovery the load is tried again, and reads a zero.
  if (!recover(info)) pass_on(level, signal, info, context);
  errno = saved;
}

typedef void handler(int, siginfo_t *, void *);

#define LEVEL(number) \
  static void handle_##number(int signal, siginfo_t *info, void *context) { \
    handle(number, signal, info, context); \
  }
LEVEL(0) LEVEL(1) LEVEL(2) LEVEL(3) LEVEL(4) LEVEL(5) LEVEL(6) LEVEL(7)
LEVEL(8) LEVEL(9) LEVEL(10) LEVEL(11) LEVEL(12) LEVEL(13) LEVEL(14) LEVEL(15)
#undef LEVEL

static handler *const handlers[most_levels] = {
    handle_0, handle_1, handle_2,  handle_3,  handle_4,  handle_5,  handle_6,  handle_7,
    handle_8, handle_9, handle_10, handle_11, handle_12, handle_13, handle_14, handle_15,
};

// MARK: - Arming

/// Whether an action's handler is that of a level, whatever its flags are.
static bool has_our_handler(const struct sigaction *action) {
  for (int level = atomic_load(&level_count) - 1; level >= 0; level--) {
    if (action->sa_sigaction == handlers[level]) return true;
  }
  return false;
}

static bool is_ours(const struct sigaction *action) {
  return (action->sa_flags & SA_SIGINFO) != 0 && has_our_handler(action);
}

/// Notes what a level passes on to.
///
/// A level's handler that signal(2) put back lost its flag, but needs what the flag gives it.
static void note(const struct sigaction *action, int place) {
  found[place] = *action;
  if (has_our_handler(action)) found[place].sa_flags |= SA_SIGINFO;
}

/// Keeps the code of the handlers in memory when a program unloads the library.
static void pin(void) {
  static atomic_flag is_pinned = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&is_pinned)) return;
  Dl_info info;
  if (dladdr((void *)(uintptr_t)handle_0, &info) != 0 && info.dli_fname != NULL) {
    // The program itself cannot be opened, and need not be: it is never unloaded.
    (void)dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
}

/// Arms another level on top of the present action.
static bool arm_level(void) {
  int level = atomic_load(&level_count);
  struct sigaction now;
  if (sigaction(SIGBUS, NULL, &now) != 0) return false;
  if (is_ours(&now)) return true;
  // A handler that was installed again may now pass on to a level that passes on to it.
  for (int other = 0; other < level; other++) {
    int place = atomic_load(&below[other]);
    if (place >= 0 && is_same(&found[place], &now)) {
      atomic_store(&below[other], other > 0 ? atomic_load(&below[other - 1]) : -1);
    }
  }
  if (level == most_levels) return false;
  note(&now, level);
  atomic_store(&below[level], level);
  // Before the action changes, so that a fault that comes at once finds where to go on.
  atomic_store(&level_count, level + 1);
  struct sigaction action = {.sa_sigaction = handlers[level], .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  if (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN) {
    // The handler that a signal is passed on to runs on the stack and with the signals that it asked for.
    action.sa_flags = SA_SIGINFO | (now.sa_flags & (SA_ONSTACK | SA_NODEFER | SA_RESTART));
    action.sa_mask = now.sa_mask;
  }
  struct sigaction replaced;
  if (sigaction(SIGBUS, &action, &replaced) != 0) {
    atomic_store(&level_count, level);
    return false;
  }
  // Another thread may have installed a handler in between.
  if (!is_same(&replaced, &now)) {
    note(&replaced, most_levels + level);
    atomic_store(&below[level], most_levels + level);
  }
  return true;
}

/// What the kernel's own structure begins with on every processor that Swift is for, and room for the rest.
struct kernel_action {
  handler *handler;
  unsigned long flags;
  unsigned long rest[6];
};

/// Asks the kernel for the action of SIGBUS: 0 if it tells.
static long ask_kernel(struct kernel_action *action) {
#if defined(__x86_64__)
  // Without the C library's function, which moves each argument.
  long answer;
  register long size __asm__("r10") = 8;
  __asm__ volatile("syscall"
                   : "=a"(answer), "=m"(*action)
                   : "a"((long)SYS_rt_sigaction), "D"((long)SIGBUS), "S"(NULL), "d"(action), "r"(size)
                   : "rcx", "r11", "memory");
  return answer;
#else
  return syscall(SYS_rt_sigaction, SIGBUS, NULL, action, 8);
#endif
}

/// Whether the kernel calls the newest level's handler: what is asked before each read, and so without the C
/// library, which takes six times the instructions for it and may be replaced by a sanitizer.
static bool is_newest_armed(void) {
  struct kernel_action now;
  int level = atomic_load_explicit(&level_count, memory_order_acquire) - 1;
  // The flags, too: a handler that signal(2) put back is called without the place of the fault.
  return level >= 0 && ask_kernel(&now) == 0 && now.handler == handlers[level] &&
         (now.flags & SA_SIGINFO) != 0;
}

bool npy_guard_is_armed(void) {
  if (is_newest_armed()) return true;
  struct sigaction now;
  return sigaction(SIGBUS, NULL, &now) == 0 && is_ours(&now);
}

bool npy_guard_arm(void) {
  if (npy_guard_is_armed()) return true;
  // Not under the lock: the loader has one of its own, which a thread that arms may hold.
  pin();
  // A lock that names its process: a child of fork takes over one that it inherited.
  static _Atomic(pid_t) holder;
  pid_t own = getpid();
  for (;;) {
    pid_t other = 0;
    if (atomic_compare_exchange_strong(&holder, &other, own)) break;
    if (other != own && atomic_compare_exchange_strong(&holder, &other, own)) break;
    sched_yield();
  }
  bool is_armed = arm_level();
  atomic_store(&holder, 0);
  return is_armed;
}

// MARK: - Whether a thread was interrupted
//
// A handler that was installed while a region was read may have put pages of its own into it. A system
// call after each read would cost 6 % of a small crop, and is only needed if a signal came. The kernel
// shows that at no cost: whenever it delivers a signal to a thread, or takes the processor from
// it, it clears the address of a restartable sequence that the thread is not within (rseq(2), field
// `rseq_cs` in linux/rseq.h). The sequence here has no instructions, so no thread is ever within it.

#ifdef RSEQ_SIG
static const struct {
  uint32_t signature;
  uint32_t abort;
} landing = {RSEQ_SIG, 0};

static const struct rseq_cs no_sequence = {
    .start_ip = (uintptr_t)&landing.abort, .abort_ip = (uintptr_t)&landing.abort};

/// The thread's record, which the C library registers at the kernel; NULL where it is not registered.
static struct rseq *thread_record(void) {
  if (__rseq_size == 0) return NULL;
  struct rseq *record = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
  return (int32_t)*(volatile uint32_t *)&record->cpu_id < 0 ? NULL : record;
}

static void begin_uninterrupted(void) {
  struct rseq *record = thread_record();
  if (record != NULL) *(volatile uint64_t *)&record->rseq_cs = (uintptr_t)&no_sequence;
}

/// Whether the thread may have got a signal since the beginning.
static bool end_uninterrupted(void) {
  struct rseq *record = thread_record();
  if (record == NULL) return true;
  volatile uint64_t *sequence = (volatile uint64_t *)&record->rseq_cs;
  bool was_interrupted = *sequence != (uintptr_t)&no_sequence;
  *sequence = 0;
  return was_interrupted;
}
#else
static void begin_uninterrupted(void) {}
static bool end_uninterrupted(void) { return true; }
#endif

// MARK: - Regions and scopes

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
  begin_uninterrupted();
  atomic_signal_fence(memory_order_seq_cst);
}

void npy_guard_touch(const void *address) {
  atomic_thread_fence(memory_order_acquire);
  (void)*(const volatile char *)address;
}

bool npy_guard_leave(struct npy_guard_scope *scope) {
  atomic_signal_fence(memory_order_seq_cst);
  innermost = scope->outer;
  bool saw_every_fault = !end_uninterrupted() || npy_guard_is_armed();
  // Another handler may have left pages of its own in the region: nobody may read them again.
  if (!saw_every_fault) atomic_store(&scope->region->poisoned, 1);
  return npy_guard_is_poisoned(scope->region);
}

bool npy_guard_is_poisoned(const struct npy_guarded_region *region) {
  // The loads of the copy come before this one: the pages that a copy can have read instead were
  // put in place after the flag was set.
  atomic_thread_fence(memory_order_acquire);
  return atomic_load_explicit(&region->poisoned, memory_order_acquire) != 0;
}

#define _GNU_SOURCE
#include "CFileSystem.h"

#include <errno.h>
#include <linux/ioctl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

uint32_t npy_file_system_type(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) == 0 ? (uint32_t)status.f_type : 0;
}

// EXT4_IOC_GETSTATE, which no header of the C library has: Documentation/filesystems/ext4 of Linux.
#define STATE_OF_EXT4 _IOW('f', 41, uint32_t)

bool npy_is_of_ext4_driver(int descriptor) {
  uint32_t state;
  return ioctl(descriptor, STATE_OF_EXT4, &state) == 0;
}

static int converted(int answer, const struct stat *from, struct npy_file_status *to) {
  if (answer == 0) {
    *to = (struct npy_file_status){
        .byte_count = from->st_size,
        .device = from->st_dev,
        .number = from->st_ino,
        .modified_s = from->st_mtim.tv_sec,
        .modified_ns = from->st_mtim.tv_nsec,
        .changed_s = from->st_ctim.tv_sec,
        .changed_ns = from->st_ctim.tv_nsec,
        .mode = from->st_mode,
    };
  }
  return answer;
}

int npy_get_file_status(int descriptor, struct npy_file_status *status) {
  struct stat found;
  return converted(fstat(descriptor, &found), &found, status);
}

int npy_get_path_status(const char *path, struct npy_file_status *status) {
  struct stat found;
  return converted(stat(path, &found), &found, status);
}

// The number of `cachestat`, which is the same on all machines and has no wrapper in the C library, and its records:
// linux/mman.h.
enum { number_of_cachestat = 451 };

struct cachestat_range {
  uint64_t offset;
  uint64_t byte_count;
};

struct cachestat_counts {
  uint64_t cached;
  uint64_t dirty;
  uint64_t written_back;
  uint64_t evicted;
  uint64_t recently_evicted;
};

int64_t npy_cached_pages(int descriptor, uint64_t offset, uint64_t byte_count) {
  struct cachestat_range range = {.offset = offset, .byte_count = byte_count};
  struct cachestat_counts counts;
  long answer = syscall(number_of_cachestat, descriptor, &range, &counts, 0);
  return answer == 0 ? (int64_t)counts.cached : -1;
}

int npy_is_readable_now(int descriptor, int64_t offset) {
  char byte;
  struct iovec place = {.iov_base = &byte, .iov_len = 1};
  ssize_t count = preadv2(descriptor, &place, 1, offset, RWF_NOWAIT);
  if (count >= 0) return 1;
  return errno == EAGAIN ? 0 : -1;
}

static uint64_t time_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t npy_coarse_nanoseconds(void) { return time_of(CLOCK_MONOTONIC_COARSE); }

uint64_t npy_nanoseconds(void) { return time_of(CLOCK_MONOTONIC); }

void npy_kernel_version(int *major, int *minor) {
  struct utsname names;
  if (uname(&names) != 0 || sscanf(names.release, "%d.%d", major, minor) != 2) *major = *minor = 0;
}

_Thread_local __attribute__((tls_model("initial-exec"))) uint32_t npy_known_thread_number;

uint32_t npy_new_thread_number(void) {
  static uint32_t count;
  // 0 means that a thread has no number yet. After 2^32 threads the numbers repeat.
  uint32_t number = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
  npy_known_thread_number = number != 0 ? number : 1;
  return npy_known_thread_number;
}

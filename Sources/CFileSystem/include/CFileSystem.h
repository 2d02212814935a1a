#ifndef CFILESYSTEM_H
#define CFILESYSTEM_H

#include <stdbool.h>
#include <stdint.h>

/// The type of the file system that an open file lies on: `f_type` of `fstatfs(2)`; 0 if it cannot
/// be asked.
uint32_t npy_file_system_type(int descriptor);

/// Whether the kernel's driver for ext4 serves an open file. The drivers for ext2 and ext3 give the
/// same type of file system, and cut files in another order.
bool npy_is_of_ext4_driver(int descriptor);

/// What `stat(2)` tells of a file, in types whose size is the same everywhere.
struct npy_file_status {
  int64_t byte_count;
  uint64_t device;
  uint64_t number;
  int64_t modified_s;
  int64_t modified_ns;
  int64_t changed_s;
  int64_t changed_ns;
  uint32_t mode;
};

/// As `fstat(2)`: 0, or -1 with `errno`.
int npy_get_file_status(int descriptor, struct npy_file_status *status);

/// As `stat(2)`: 0, or -1 with `errno`.
int npy_get_path_status(const char *path, struct npy_file_status *status);

/// How many pages of a range of an open file are in the page cache: `nr_cache` of `cachestat(2)`, Linux 6.5 and
/// later; -1 with `errno`.
int64_t npy_cached_pages(int descriptor, uint64_t offset, uint64_t byte_count);

/// Whether a byte of a file can be read without waiting, by reading it: RWF_NOWAIT of `preadv2(2)`; 1 or 0, or -1 with
/// `errno` where that is not known.
int npy_is_readable_now(int descriptor, int64_t offset);

/// A time that goes on in steps of some milliseconds and is read in some nanoseconds: CLOCK_MONOTONIC_COARSE.
uint64_t npy_coarse_nanoseconds(void);

/// A time in nanoseconds: CLOCK_MONOTONIC.
uint64_t npy_nanoseconds(void);

/// A number of the calling thread, counted from 1 in the order in which threads ask for it.
static inline uint32_t npy_thread_number(void) {
  // Declared here, since no one else may use them.
  extern _Thread_local __attribute__((tls_model("initial-exec"))) uint32_t npy_known_thread_number;
  uint32_t npy_new_thread_number(void);
  uint32_t number = npy_known_thread_number;
  return number != 0 ? number : npy_new_thread_number();
}

/// A number that several threads read and write, each time whole.
static inline uint64_t npy_shared_load(const uint64_t *number) {
  return __atomic_load_n(number, __ATOMIC_RELAXED);
}

static inline void npy_shared_store(uint64_t *number, uint64_t value) {
  __atomic_store_n(number, value, __ATOMIC_RELAXED);
}

/// The first two numbers of the release of the kernel, by `uname(2)`; 0 and 0 where it has none.
void npy_kernel_version(int *major, int *minor);

#endif

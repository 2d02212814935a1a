#include "Kernel.h"

#include <stdbool.h>

// 32 bytes at any address.
typedef unsigned char block __attribute__((vector_size(32), aligned(1), may_alias));

KERNEL void copy_run(char *to, const char *from, size_t length) {
  size_t at = 0;
  for (; at + 128 < length; at += 128) {
    block a = *(const block *)(from + at), b = *(const block *)(from + at + 32);
    block c = *(const block *)(from + at + 64), d = *(const block *)(from + at + 96);
    *(block *)(to + at) = a, *(block *)(to + at + 32) = b;
    *(block *)(to + at + 64) = c, *(block *)(to + at + 96) = d;
  }
  for (; at + 32 < length; at += 32) *(block *)(to + at) = *(const block *)(from + at);
  // The last block may overlap the one before it: no run needs a loop over single bytes.
  *(block *)(to + length - 32) = *(const block *)(from + length - 32);
}

KERNEL void copy_runs(KERNEL_PARAMETERS) {
  for (size_t run = 0; run < count; run++) {
    const char *from = (const char *)source + (ptrdiff_t)run * source_stride;
    npy_prefetch((uintptr_t)from + (uintptr_t)ahead);
    copy_run((char *)output + (ptrdiff_t)run * output_stride, from, length);
  }
}

KERNEL void copy_long_runs(KERNEL_PARAMETERS) {
  for (size_t run = 0; run < count; run++) {
    const char *from = (const char *)source + (ptrdiff_t)run * source_stride;
    char *to = (char *)output + (ptrdiff_t)run * output_stride;
    uintptr_t next = (uintptr_t)from + (uintptr_t)ahead;
    npy_prefetch(next);
    size_t at = 0;
    for (; at + 128 < length; at += 128) {
      npy_prefetch(next + at + 64);
      npy_prefetch(next + at + 128);
      copy_run(to + at, from + at, 128);
    }
    copy_run(to + at, from + at, length - at);
  }
}

// As two blocks that overlap.
KERNEL void copy_block_pairs(KERNEL_PARAMETERS) {
  for (size_t run = 0; run < count; run++) {
    const char *from = (const char *)source + (ptrdiff_t)run * source_stride;
    char *to = (char *)output + (ptrdiff_t)run * output_stride;
    npy_prefetch((uintptr_t)from + (uintptr_t)ahead);
    npy_prefetch((uintptr_t)from + (uintptr_t)ahead + length - 1);
    block head = *(const block *)from, tail = *(const block *)(from + length - 32);
    *(block *)to = head;
    *(block *)(to + length - 32) = tail;
  }
}

KERNEL void copy_short_runs(KERNEL_PARAMETERS) {
  if (length == 64)
    copy_block_pairs(output, source, 64, count, output_stride, source_stride, ahead);
  else
    copy_block_pairs(KERNEL_ARGUMENTS);
}

// Runs of elements of a type that are copied backwards, 32 bytes at a time where as many are left.
#define REVERSE_RUNS(name, type, ...)                                                              \
  typedef type name##_lanes __attribute__((vector_size(32), aligned(1), may_alias));               \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    for (size_t run = 0; run < count; run++) {                                                     \
      /* The run lies before the end of the element that comes first. */                           \
      const char *end = (const char *)source + (ptrdiff_t)run * source_stride + sizeof(type);      \
      char *to = (char *)output + (ptrdiff_t)run * output_stride;                                  \
      npy_prefetch((uintptr_t)end + (uintptr_t)ahead - 1);                                         \
      size_t at = 0;                                                                               \
      for (; at + 32 <= length; at += 32) {                                                        \
        if (at % 64 == 32) npy_prefetch((uintptr_t)end + (uintptr_t)ahead - at - 32);              \
        name##_lanes block = *(const name##_lanes *)(end - at - 32);                               \
        *(name##_lanes *)(to + at) = __builtin_shufflevector(block, block, __VA_ARGS__);           \
      }                                                                                            \
      for (; at < length; at += sizeof(type))                                                      \
        __builtin_memcpy(to + at, end - at - sizeof(type), sizeof(type));                          \
    }                                                                                              \
  }

REVERSE_RUNS(reverse_runs1, uint8_t, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17,
             16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
REVERSE_RUNS(reverse_runs2, uint16_t, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
REVERSE_RUNS(reverse_runs4, uint32_t, 7, 6, 5, 4, 3, 2, 1, 0)
REVERSE_RUNS(reverse_runs8, uint64_t, 3, 2, 1, 0)

// Runs of elements of a type whose bytes are reversed, 64 bytes at a time where as many are left.
#define SWAP_RUNS(name, type, swap, ...)                                                           \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    for (size_t run = 0; run < count; run++) {                                                     \
      const char *from = (const char *)source + (ptrdiff_t)run * source_stride;                    \
      char *to = (char *)output + (ptrdiff_t)run * output_stride;                                  \
      size_t at = 0;                                                                               \
      for (; at + 64 <= length; at += 64) {                                                        \
        npy_prefetch((uintptr_t)from + (uintptr_t)ahead + at);                                     \
        block a = *(const block *)(from + at), b = *(const block *)(from + at + 32);               \
        *(block *)(to + at) = __builtin_shufflevector(a, a, __VA_ARGS__);                          \
        *(block *)(to + at + 32) = __builtin_shufflevector(b, b, __VA_ARGS__);                     \
      }                                                                                            \
      for (; at < length; at += sizeof(type)) {                                                    \
        type element;                                                                              \
        __builtin_memcpy(&element, from + at, sizeof element);                                     \
        element = swap(element);                                                                   \
        __builtin_memcpy(to + at, &element, sizeof element);                                       \
      }                                                                                            \
    }                                                                                              \
  }

SWAP_RUNS(swap_runs2, uint16_t, __builtin_bswap16, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15,
          14, 17, 16, 19, 18, 21, 20, 23, 22, 25, 24, 27, 26, 29, 28, 31, 30)
SWAP_RUNS(swap_runs4, uint32_t, __builtin_bswap32, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13,
          12, 19, 18, 17, 16, 23, 22, 21, 20, 27, 26, 25, 24, 31, 30, 29, 28)
SWAP_RUNS(swap_runs8, uint64_t, __builtin_bswap64, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9,
          8, 23, 22, 21, 20, 19, 18, 17, 16, 31, 30, 29, 28, 27, 26, 25, 24)

// Of results far larger than the last cache, no line is wanted there again: stores that go around the caches save
// reading each line before it is written.
#define STREAM(type, to, value) __builtin_nontemporal_store(value, (type *)(to))

typedef unsigned char aligned_block __attribute__((vector_size(32), may_alias));

KERNEL void stream_runs(KERNEL_PARAMETERS) {
  for (size_t run = 0; run < count; run++) {
    const char *from = (const char *)source + (ptrdiff_t)run * source_stride;
    char *to = (char *)output + (ptrdiff_t)run * output_stride;
    // The runs are long: the first and the last block overlap the aligned ones between them.
    *(block *)to = *(const block *)from;
    size_t at = 32 - (uintptr_t)to % 32;
    for (; at + 128 <= length; at += 128) {
      npy_prefetch((uintptr_t)from + at + 512);
      npy_prefetch((uintptr_t)from + at + 576);
      block a = *(const block *)(from + at), b = *(const block *)(from + at + 32);
      block c = *(const block *)(from + at + 64), d = *(const block *)(from + at + 96);
      STREAM(aligned_block, to + at, a);
      STREAM(aligned_block, to + at + 32, b);
      STREAM(aligned_block, to + at + 64, c);
      STREAM(aligned_block, to + at + 96, d);
    }
    for (; at + 32 < length; at += 32) *(block *)(to + at) = *(const block *)(from + at);
    *(block *)(to + length - 32) = *(const block *)(from + length - 32);
    (void)ahead;
  }
#if defined(__x86_64__)
  // Other threads see what was stored before they learn that it was.
  __builtin_ia32_sfence();
#endif
}

DISPATCH(copy_runs)
DISPATCH(copy_long_runs)
DISPATCH(copy_short_runs)
DISPATCH(stream_runs)
DISPATCH(reverse_runs1)
DISPATCH(reverse_runs2)
DISPATCH(reverse_runs4)
DISPATCH(reverse_runs8)
DISPATCH(swap_runs2)
DISPATCH(swap_runs4)
DISPATCH(swap_runs8)

#if defined(__x86_64__)
int npy_is_baseline = 0;
#endif

void npy_use_baseline(int is_baseline) {
#if defined(__x86_64__)
  __atomic_store_n(&npy_is_baseline, is_baseline, __ATOMIC_RELAXED);
#else
  (void)is_baseline;
#endif
}

#include "CKernels.h"

// 32 bytes at any address.
typedef unsigned char block __attribute__((vector_size(32), aligned(1), may_alias));

static inline __attribute__((always_inline)) void copy_runs(
    void *output, const void *source, size_t length, size_t count, ptrdiff_t output_stride,
    ptrdiff_t source_stride, ptrdiff_t ahead) {
  for (size_t run = 0; run < count; run++) {
    const char *from = (const char *)source + (ptrdiff_t)run * source_stride;
    char *to = (char *)output + (ptrdiff_t)run * output_stride;
    npy_prefetch((uintptr_t)from + (uintptr_t)ahead);
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
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static void copy_runs_avx2(
    void *output, const void *source, size_t length, size_t count, ptrdiff_t output_stride,
    ptrdiff_t source_stride, ptrdiff_t ahead) {
  copy_runs(output, source, length, count, output_stride, source_stride, ahead);
}

#endif

void npy_copy_runs(void *output, const void *source, size_t length, size_t count,
                   ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead) {
#if defined(__x86_64__)
  // Asked at each call and not when the program is loaded, before a sanitizer is ready for it.
  if (__builtin_cpu_supports("avx2")) {
    copy_runs_avx2(output, source, length, count, output_stride, source_stride, ahead);
    return;
  }
#endif
  copy_runs(output, source, length, count, output_stride, source_stride, ahead);
}

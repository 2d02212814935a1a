#ifndef KERNEL_H
#define KERNEL_H

// How a kernel is written once for every processor, and once more for those with wider registers.

#include "CKernels.h"

#define KERNEL static inline __attribute__((always_inline))

// What every kernel takes: see the header.
#define KERNEL_PARAMETERS                                                                          \
  void *output, const void *source, size_t length, size_t count, ptrdiff_t output_stride,          \
      ptrdiff_t source_stride, ptrdiff_t ahead
#define KERNEL_ARGUMENTS output, source, length, count, output_stride, source_stride, ahead

#if defined(__x86_64__)
extern int npy_is_baseline;

static inline int npy_has_avx2(void) {
  return __builtin_cpu_supports("avx2") && !__atomic_load_n(&npy_is_baseline, __ATOMIC_RELAXED);
}
#endif

// A kernel in the form for every processor and, on x86, in that for processors with AVX2. Which one
// is asked at each call and not when the program is loaded, before a sanitizer is ready for it.
#if defined(__x86_64__)
#define DISPATCH(kernel)                                                                           \
  __attribute__((target("avx2"))) static void kernel##_avx2(KERNEL_PARAMETERS) {                   \
    kernel(KERNEL_ARGUMENTS);                                                                      \
  }                                                                                                \
  void npy_##kernel(KERNEL_PARAMETERS) {                                                           \
    if (npy_has_avx2())                                                                            \
      kernel##_avx2(KERNEL_ARGUMENTS);                                                             \
    else                                                                                           \
      kernel(KERNEL_ARGUMENTS);                                                                    \
  }
#else
#define DISPATCH(kernel)                                                                           \
  void npy_##kernel(KERNEL_PARAMETERS) { kernel(KERNEL_ARGUMENTS); }
#endif

#endif

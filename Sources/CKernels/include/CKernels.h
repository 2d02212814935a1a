#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Asks the processor to fetch the cache line at `address`.
///
/// Swift has no spelling for it. A hint: an address that is not mapped is ignored, never a fault.
static inline void npy_prefetch(uintptr_t address) { __builtin_prefetch((const void *)address); }

/// Copies `count` runs of `length` bytes, 32 or more, that lie `source_stride` and
/// `output_stride` bytes apart, and asks for those `ahead` bytes further on meanwhile.
///
/// In C for the wider registers, which are used where the processor has them: a row of 256 bytes
/// costs about 15 % less than by a call of memcpy.
void npy_copy_runs(void *output, const void *source, size_t length, size_t count,
                   ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);

/// Copies `count` runs of elements of 1, 2, 4 or 8 bytes backwards: the element at `source` comes
/// first, and the others of its run lie before it. The rest is as for `npy_copy_runs`.
///
/// In C for the shuffles of wide registers, which Swift does not make of a loop.
void npy_reverse_runs1(void *output, const void *source, size_t length, size_t count,
                       ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_reverse_runs2(void *output, const void *source, size_t length, size_t count,
                       ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_reverse_runs4(void *output, const void *source, size_t length, size_t count,
                       ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_reverse_runs8(void *output, const void *source, size_t length, size_t count,
                       ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);

#endif

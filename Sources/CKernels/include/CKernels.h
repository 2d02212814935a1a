#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Asks the processor to fetch the cache line at `address`.
///
/// Swift has no spelling for it. A hint: an address that is not mapped is ignored, never a fault.
static inline void npy_prefetch(uintptr_t address) { __builtin_prefetch((const void *)address); }

/// Has every kernel use what all processors of the architecture have, or else what this one has: for tests.
void npy_use_baseline(int is_baseline);

/// Copies `count` runs of `length` bytes, 32 or more, that lie `source_stride` and
/// `output_stride` bytes apart, and asks for those `ahead` bytes further on meanwhile.
///
/// In C for the wider registers, which are used where the processor has them: a row of 256 bytes
/// costs about 15 % less than by a call of memcpy, one of 4 KiB 25 % less.
void npy_copy_runs(void *output, const void *source, size_t length, size_t count,
                   ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);

/// The same, and asks for the whole of the run that comes: for runs of more than a few cache lines.
void npy_copy_long_runs(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);

/// The same for runs of 32 to 64 bytes.
void npy_copy_short_runs(void *output, const void *source, size_t length, size_t count,
                         ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);

/// The same for runs of 1024 bytes or more of a result that is far larger than the last cache: by stores that go
/// around the caches.
void npy_stream_runs(void *output, const void *source, size_t length, size_t count,
                     ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);

/// Copies `count` runs of elements of 1, 2, 4 or 8 bytes that lie 2, 3 or 4 elements apart in the source; `length`
/// is that of a run of the result. The rest is as for `npy_copy_runs`, for runs of any length.
///
/// In C for the shuffles of wide registers, which need a step that is known when they are compiled.
void npy_gather_runs1_2(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs1_3(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs1_4(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs2_2(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs2_3(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs2_4(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs4_2(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs4_3(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs4_4(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs8_2(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs8_3(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_gather_runs8_4(void *output, const void *source, size_t length, size_t count,
                        ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);

/// Copies `count` runs of `length` bytes, each from its offset in the source, to places that lie `stride` bytes apart
/// in the output: one after the other, or each to the place whose number `targets` has.
///
/// In C for moves of a size that is known when they are compiled, and for the wider registers.
void npy_gather_places(void *output, const void *source, const ptrdiff_t *offsets,
                       const ptrdiff_t *targets,
                       size_t length, size_t count, ptrdiff_t stride);

/// Copies a matrix of elements of `size` bytes whose columns are contiguous in the source, and whose rows are in the
/// result: `rows` by `columns` elements, columns `source_stride` bytes apart, rows `output_stride`. The bytes of each
/// unit of `unit` bytes, a power of two that divides the size, are reversed; of units of 1 there is nothing to reverse.
///
/// In C for the shuffles of wide registers; elements of 1, 2, 4, 8 and 16 bytes have them.
void npy_transpose(void *output, const void *source, size_t rows, size_t columns,
                   ptrdiff_t output_stride, ptrdiff_t source_stride, size_t size, size_t unit);

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

/// Copies `count` runs of units of 2, 4 or 8 bytes and reverses the bytes of each. The rest is as for
/// `npy_copy_runs`, for runs of any length.
///
/// In C for the shuffles of wide registers.
void npy_swap_runs2(void *output, const void *source, size_t length, size_t count,
                    ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_swap_runs4(void *output, const void *source, size_t length, size_t count,
                    ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);
void npy_swap_runs8(void *output, const void *source, size_t length, size_t count,
                    ptrdiff_t output_stride, ptrdiff_t source_stride, ptrdiff_t ahead);

/// The kinds of numbers that can be converted: those before `NPY_BFLOAT16` into each other, all into
/// those.
typedef enum npy_number {
  NPY_B1,
  NPY_I1,
  NPY_U1,
  NPY_I2,
  NPY_U2,
  NPY_I4,
  NPY_U4,
  NPY_I8,
  NPY_U8,
  NPY_F2,
  NPY_F4,
  NPY_F8,
  NPY_BFLOAT16,
  /// 8 bits: 4 of exponent and 3 of significand, without infinity.
  NPY_E4M3,
  /// 8 bits: 5 of exponent and 2 of significand.
  NPY_E5M2,
  /// The number of 80 bits of the x87, in 16 bytes; only on x86.
  NPY_X87,
} npy_number;

enum {
  NPY_TARGETS = NPY_F8 + 1,
#if defined(__x86_64__)
  NPY_SOURCES = NPY_X87 + 1,
#else
  NPY_SOURCES = NPY_E5M2 + 1,
#endif
};

/// Converts `count` numbers that lie one after the other in native byte order, at any addresses, as
/// C does; a float that no integer holds becomes the nearest, NaN becomes 0.
///
/// In C for loops that the compiler makes of wide registers, in a form for AVX2 and one for every
/// processor.
void npy_convert(npy_number from, npy_number to, void *output, const void *input, size_t count);

/// The same to `NPY_F4` or `NPY_F8`, multiplied by a scale and then moved by an offset in that type.
void npy_convert_affine(npy_number from, npy_number to, void *output, const void *input,
                        size_t count, double scale, double offset);

#endif

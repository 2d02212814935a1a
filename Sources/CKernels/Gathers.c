#include "Kernel.h"

// Elements that lie a few elements apart. Size and step are known when this is compiled, so that the compiler makes
// shuffles of wide registers of them.
#define GATHER(name, type, step)                                                                   \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    typedef type element __attribute__((aligned(1), may_alias));                                   \
    enum { block_length = 64 / sizeof(type), block_span = 64 * step };                             \
    size_t elements = length / sizeof(type);                                                       \
    for (size_t run = 0; run < count; run++) {                                                     \
      const char *from = (const char *)source + (ptrdiff_t)run * source_stride;                    \
      element *restrict to = (element *)((char *)output + (ptrdiff_t)run * output_stride);         \
      size_t at = 0;                                                                               \
      /* The last elements one by one: what lies after them is not read along. */                  \
      for (; at + block_length < elements; at += block_length, from += block_span) {               \
        for (int line = 0; line < block_span; line += 64)                                          \
          npy_prefetch((uintptr_t)from + (uintptr_t)ahead + line);                                 \
        const element *restrict items = (const element *)from;                                     \
        for (int i = 0; i < block_length; i++) to[at + i] = items[i * step];                       \
      }                                                                                            \
      for (; at < elements; at++, from += sizeof(type) * step) to[at] = *(const element *)from;    \
    }                                                                                              \
  }                                                                                                \
  DISPATCH(name)

GATHER(gather_runs1_2, uint8_t, 2)
GATHER(gather_runs1_3, uint8_t, 3)
GATHER(gather_runs1_4, uint8_t, 4)
GATHER(gather_runs2_2, uint16_t, 2)
GATHER(gather_runs2_3, uint16_t, 3)
GATHER(gather_runs2_4, uint16_t, 4)
GATHER(gather_runs4_2, uint32_t, 2)
GATHER(gather_runs4_3, uint32_t, 3)
GATHER(gather_runs4_4, uint32_t, 4)
GATHER(gather_runs8_2, uint64_t, 2)
GATHER(gather_runs8_3, uint64_t, 3)
GATHER(gather_runs8_4, uint64_t, 4)

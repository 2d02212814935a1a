#include "Kernel.h"

// Rows of one length at any distances. The processor cannot see where the next one is, so it is told: the rows to come
// are asked for while those before them are copied.

enum {
  // As many lines of the cache as a core fetches at once, and some more that wait for their turn.
  lines_ahead = 32,
  line = 64,
};

// Rows of a length that is known when this is compiled: one move each.
#define PLACES(name, size)                                                                         \
  static void name(char *output, const char *source, const ptrdiff_t *offsets,                       \
                   const ptrdiff_t *targets, size_t count, ptrdiff_t stride) {                       \
    size_t i = 0;                                                                                  \
    if (targets) {                                                                                 \
      for (; i < count; i++) {                                                                     \
        size_t next = i + lines_ahead < count ? i + lines_ahead : i;                               \
        npy_prefetch((uintptr_t)(source + offsets[next]));                                         \
        __builtin_memcpy(output + targets[i] * stride, source + offsets[i], size);                 \
      }                                                                                            \
      return;                                                                                      \
    }                                                                                              \
    for (; i + lines_ahead < count; i++, output += stride) {                                       \
      npy_prefetch((uintptr_t)(source + offsets[i + lines_ahead]));                                \
      __builtin_memcpy(output, source + offsets[i], size);                                         \
    }                                                                                              \
    for (; i < count; i++, output += stride)                                                       \
      __builtin_memcpy(output, source + offsets[i], size);                                         \
  }

PLACES(places1, 1)
PLACES(places2, 2)
PLACES(places4, 4)
PLACES(places8, 8)
PLACES(places16, 16)

// A row of 17 to 64 bytes as two halves that overlap.
#define HALVES(name, size)                                                                         \
  KERNEL void name(char *to, const char *from, size_t length) {                                    \
    char head[size], tail[size];                                                                   \
    __builtin_memcpy(head, from, size);                                                            \
    __builtin_memcpy(tail, from + length - size, size);                                            \
    __builtin_memcpy(to, head, size);                                                              \
    __builtin_memcpy(to + length - size, tail, size);                                              \
  }

HALVES(halves1, 1)
HALVES(halves2, 2)
HALVES(halves4, 4)
HALVES(halves8, 8)
HALVES(halves16, 16)
HALVES(halves32, 32)

#define ROWS(name, copy, ahead)                                                                    \
  KERNEL void name(void *output, const void *source, const ptrdiff_t *offsets,                       \
                   const ptrdiff_t *targets, size_t length, size_t count, ptrdiff_t stride) {        \
    size_t rows = (ahead);                                                                         \
    size_t asked = length < 1024 ? length : 1024;                                                  \
    for (size_t i = 0; i < count; i++) {                                                           \
      if (i + rows < count) {                                                                      \
        const char *next = (const char *)source + offsets[i + rows];                               \
        for (size_t at = 0; at < asked; at += line) npy_prefetch((uintptr_t)(next + at));          \
        npy_prefetch((uintptr_t)(next + asked - 1));                                               \
      }                                                                                            \
      char *to = (char *)output + (targets ? targets[i] : (ptrdiff_t)i) * stride;                    \
      copy(to, (const char *)source + offsets[i], length);                                         \
    }                                                                                              \
  }

KERNEL size_t rows_ahead(size_t length) {
  size_t rows = lines_ahead / (length / line + 1);
  return rows < 2 ? 2 : rows;
}

ROWS(rows2, halves1, lines_ahead)
ROWS(rows4, halves2, lines_ahead)
ROWS(rows8, halves4, lines_ahead)
ROWS(rows16, halves8, lines_ahead)
ROWS(rows32, halves16, lines_ahead)
ROWS(rows64, halves32, lines_ahead / 2)
ROWS(rows_long, __builtin_memcpy, rows_ahead(length))

#define PLACE_PARAMETERS                                                                           \
  void *output, const void *source, const ptrdiff_t *offsets, const ptrdiff_t *targets, size_t length, \
      size_t count, ptrdiff_t stride
#define PLACE_ARGUMENTS output, source, offsets, targets, length, count, stride

KERNEL void any_rows(PLACE_PARAMETERS) {
  if (length > 64)
    rows_long(PLACE_ARGUMENTS);
  else if (length > 32)
    rows64(PLACE_ARGUMENTS);
  else if (length > 16)
    rows32(PLACE_ARGUMENTS);
  else if (length > 8)
    rows16(PLACE_ARGUMENTS);
  else if (length > 4)
    rows8(PLACE_ARGUMENTS);
  else if (length > 2)
    rows4(PLACE_ARGUMENTS);
  else if (length > 0)
    rows2(PLACE_ARGUMENTS);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void any_rows_avx2(PLACE_PARAMETERS) {
  any_rows(PLACE_ARGUMENTS);
}
#endif

void npy_gather_places(PLACE_PARAMETERS) {
  switch (length) {
  case 1: return places1(output, source, offsets, targets, count, stride);
  case 2: return places2(output, source, offsets, targets, count, stride);
  case 4: return places4(output, source, offsets, targets, count, stride);
  case 8: return places8(output, source, offsets, targets, count, stride);
  case 16: return places16(output, source, offsets, targets, count, stride);
  default: break;
  }
#if defined(__x86_64__)
  if (npy_has_avx2()) return any_rows_avx2(PLACE_ARGUMENTS);
#endif
  any_rows(PLACE_ARGUMENTS);
}

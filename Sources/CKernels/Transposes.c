#include "Kernel.h"

#include <string.h>

#undef KERNEL_PARAMETERS
#undef KERNEL_ARGUMENTS
#define KERNEL_PARAMETERS                                                                          \
  void *output, const void *source, size_t rows, size_t columns, ptrdiff_t output_stride,          \
      ptrdiff_t source_stride
#define KERNEL_ARGUMENTS output, source, rows, columns, output_stride, source_stride

// MARK: - Tiles
//
// A tile is read column by column and written row by row, each in a register: the elements of two registers are
// interleaved until each has those of one row.

typedef uint8_t bytes16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint16_t shorts8 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint32_t words8 __attribute__((vector_size(32), aligned(1), may_alias));
typedef uint64_t longs4 __attribute__((vector_size(32), aligned(1), may_alias));

#define TILE_PARAMETERS const char *from, ptrdiff_t column, char *to, ptrdiff_t row

#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

KERNEL void tile1(TILE_PARAMETERS) {
  bytes16 a[16], b[16];
  for (int k = 0; k < 16; k++) a[k] = *(const bytes16 *)(from + k * column);
#define ROUND(x, y)                                                                                \
  for (int k = 0; k < 8; k++) {                                                                    \
    y[2 * k] = SHUFFLE(x[k], x[k + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);    \
    y[2 * k + 1] =                                                                                 \
        SHUFFLE(x[k], x[k + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);     \
  }
  ROUND(a, b)
  ROUND(b, a)
  ROUND(a, b)
  ROUND(b, a)
#undef ROUND
  for (int k = 0; k < 16; k++) *(bytes16 *)(to + k * row) = a[k];
}

KERNEL void tile2(TILE_PARAMETERS) {
  shorts8 a[8], b[8];
  for (int k = 0; k < 8; k++) a[k] = *(const shorts8 *)(from + k * column);
#define ROUND(x, y)                                                                                \
  for (int k = 0; k < 4; k++) {                                                                    \
    y[2 * k] = SHUFFLE(x[k], x[k + 4], 0, 8, 1, 9, 2, 10, 3, 11);                                  \
    y[2 * k + 1] = SHUFFLE(x[k], x[k + 4], 4, 12, 5, 13, 6, 14, 7, 15);                            \
  }
  ROUND(a, b)
  ROUND(b, a)
  ROUND(a, b)
#undef ROUND
  for (int k = 0; k < 8; k++) *(shorts8 *)(to + k * row) = b[k];
}

KERNEL void tile4(TILE_PARAMETERS) {
  words8 a[8], b[8];
  for (int k = 0; k < 8; k++) a[k] = *(const words8 *)(from + k * column);
  // Within the halves of a register first, which is cheaper.
  for (int k = 0; k < 4; k++) {
    b[2 * k] = SHUFFLE(a[2 * k], a[2 * k + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    b[2 * k + 1] = SHUFFLE(a[2 * k], a[2 * k + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int k = 0; k < 8; k += 4) {
    for (int i = 0; i < 2; i++) {
      a[k + 2 * i] = SHUFFLE(b[k + i], b[k + i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      a[k + 2 * i + 1] = SHUFFLE(b[k + i], b[k + i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int k = 0; k < 4; k++) {
    *(words8 *)(to + k * row) = SHUFFLE(a[k], a[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(words8 *)(to + (k + 4) * row) = SHUFFLE(a[k], a[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

KERNEL void tile8(TILE_PARAMETERS) {
  longs4 a[4], b[4];
  for (int k = 0; k < 4; k++) a[k] = *(const longs4 *)(from + k * column);
  for (int k = 0; k < 2; k++) {
    b[2 * k] = SHUFFLE(a[2 * k], a[2 * k + 1], 0, 4, 2, 6);
    b[2 * k + 1] = SHUFFLE(a[2 * k], a[2 * k + 1], 1, 5, 3, 7);
  }
  for (int k = 0; k < 2; k++) {
    *(longs4 *)(to + k * row) = SHUFFLE(b[k], b[k + 2], 0, 1, 4, 5);
    *(longs4 *)(to + (k + 2) * row) = SHUFFLE(b[k], b[k + 2], 2, 3, 6, 7);
  }
}

// MARK: - Matrices

/// A matrix too narrow or too low for a tile.
#define SMALL(name, type)                                                                          \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    for (size_t column = 0; column < columns; column++)                                            \
      for (size_t row = 0; row < rows; row++)                                                      \
        memcpy((char *)output + (ptrdiff_t)row * output_stride + column * sizeof(type),            \
               (const char *)source + (ptrdiff_t)column * source_stride + row * sizeof(type),      \
               sizeof(type));                                                                      \
  }

/// Strips of columns, from the top to the bottom: each line of the source is used up while it is in the cache, and
/// those of the next strip are asked for meanwhile. The last strip and the last tile of each overlap those before
/// them.
#define STRIPS(name, type, tile, side)                                                             \
  SMALL(small_##name, type)                                                                        \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    if (rows < side || columns < side) {                                                           \
      small_##name(KERNEL_ARGUMENTS);                                                              \
      return;                                                                                      \
    }                                                                                              \
    for (size_t next = 0; next < columns; next += side) {                                          \
      size_t column = next + side <= columns ? next : columns - side;                              \
      const char *from = (const char *)source + (ptrdiff_t)column * source_stride;                 \
      char *to = (char *)output + column * sizeof(type);                                           \
      for (size_t below = 0; below < rows; below += side) {                                        \
        size_t row = below + side <= rows ? below : rows - side;                                   \
        if (below * sizeof(type) % 64 == 0)                                                        \
          for (int k = 0; k < side; k++)                                                           \
            npy_prefetch((uintptr_t)from + (uintptr_t)((side + k) * source_stride) +               \
                         row * sizeof(type));                                                      \
        tile(from + row * sizeof(type), source_stride, to + (ptrdiff_t)row * output_stride,        \
             output_stride);                                                                       \
      }                                                                                            \
    }                                                                                              \
  }

/// Bands of rows, from the left to the right, of a matrix that the cache has: each line of the result is written at once.
#define BANDS(name, type, tile, side)                                                              \
  SMALL(small_##name, type)                                                                        \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    if (rows < side || columns < side) {                                                           \
      small_##name(KERNEL_ARGUMENTS);                                                              \
      return;                                                                                      \
    }                                                                                              \
    for (size_t below = 0; below < rows; below += side) {                                          \
      size_t row = below + side <= rows ? below : rows - side;                                     \
      for (size_t next = 0; next < columns; next += side) {                                        \
        size_t column = next + side <= columns ? next : columns - side;                            \
        tile((const char *)source + (ptrdiff_t)column * source_stride + row * sizeof(type),        \
             source_stride,                                                                        \
             (char *)output + (ptrdiff_t)row * output_stride + column * sizeof(type),              \
             output_stride);                                                                       \
      }                                                                                            \
    }                                                                                              \
  }

BANDS(bands1, uint8_t, tile1, 16)
BANDS(bands2, uint16_t, tile2, 8)
STRIPS(transpose4, uint32_t, tile4, 8)
STRIPS(transpose8, uint64_t, tile8, 4)

/// Small elements: as many columns as fill a line of the result are copied side by side first, since columns that are
/// a power of two apart would drive each other out of the cache.
#define STAGED(name, type, bands)                                                                  \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    enum { wide = 64 / sizeof(type), high = 512, pitch = high * sizeof(type) + 64 };               \
    char stage[wide * pitch];                                                                      \
    for (size_t column = 0; column < columns; column += wide) {                                    \
      size_t width = columns - column < wide ? columns - column : wide;                            \
      for (size_t row = 0; row < rows; row += high) {                                              \
        size_t height = rows - row < high ? rows - row : high;                                     \
        const char *from = (const char *)source + (ptrdiff_t)column * source_stride +              \
                           row * sizeof(type);                                                     \
        for (size_t k = 0; k < width; k++) {                                                       \
          uintptr_t ahead = (uintptr_t)from + (uintptr_t)((ptrdiff_t)(k + 4) * source_stride);     \
          for (size_t line = 0; line < height * sizeof(type); line += 64)                          \
            npy_prefetch(ahead + line);                                                            \
          memcpy(stage + k * pitch, from + (ptrdiff_t)k * source_stride, height * sizeof(type));   \
        }                                                                                          \
        bands((char *)output  + (ptrdiff_t)row * output_stride + column * sizeof(type), stage,     \
               height, width, output_stride, pitch);                                               \
      }                                                                                            \
    }                                                                                              \
  }

STAGED(transpose1, uint8_t, bands1)
STAGED(transpose2, uint16_t, bands2)

DISPATCH(transpose1)
DISPATCH(transpose2)
DISPATCH(transpose4)
DISPATCH(transpose8)

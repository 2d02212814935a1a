#include "Kernel.h"

#undef KERNEL_PARAMETERS
#undef KERNEL_ARGUMENTS
#define KERNEL_PARAMETERS                                                                          \
  void *output, const void *source, size_t rows, size_t columns, ptrdiff_t output_stride,          \
      ptrdiff_t source_stride, size_t size, size_t unit
#define KERNEL_ARGUMENTS output, source, rows, columns, output_stride, source_stride, size, unit

// MARK: - Registers

typedef uint8_t bytes16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint16_t shorts8 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint32_t words4 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint64_t longs2 __attribute__((vector_size(16), aligned(1), may_alias));

#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/// Reverses the bytes of each unit.
KERNEL bytes16 swapped(bytes16 value, size_t unit) {
  switch (unit) {
  case 2: return SHUFFLE(value, value, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  case 4: return SHUFFLE(value, value, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  case 8: return SHUFFLE(value, value, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
  case 16: return SHUFFLE(value, value, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  default: return value;
  }
}

// MARK: - Tiles
//
// A tile is read column by column and written row by row: the elements of two registers are interleaved until each
// register has those of one row. Registers of 16 bytes, which every processor has: what a tile costs are its lines of
// the cache, and those of the result are dearest that are not written at once.

#define TILE_PARAMETERS const char *from, ptrdiff_t column, char *to, ptrdiff_t row, size_t unit

/// 16 rows of 16 columns.
KERNEL void tile1(TILE_PARAMETERS) {
  (void)unit;
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

/// 8 rows of 8 columns.
KERNEL void tile2(TILE_PARAMETERS) {
  (void)unit;
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

/// 4 rows of some columns, a multiple of 4.
KERNEL void rows4(TILE_PARAMETERS, int columns) {
  words4 out[4][4];
  for (int k = 0; k < columns; k += 4) {
    const char *at = from + k * column;
    words4 a = *(const words4 *)at, b = *(const words4 *)(at + column);
    words4 c = *(const words4 *)(at + 2 * column), d = *(const words4 *)(at + 3 * column);
    words4 e = SHUFFLE(a, b, 0, 4, 1, 5), f = SHUFFLE(a, b, 2, 6, 3, 7);
    words4 g = SHUFFLE(c, d, 0, 4, 1, 5), h = SHUFFLE(c, d, 2, 6, 3, 7);
    out[0][k / 4] = SHUFFLE(e, g, 0, 1, 4, 5), out[1][k / 4] = SHUFFLE(e, g, 2, 3, 6, 7);
    out[2][k / 4] = SHUFFLE(f, h, 0, 1, 4, 5), out[3][k / 4] = SHUFFLE(f, h, 2, 3, 6, 7);
  }
  for (int r = 0; r < 4; r++)
    for (int k = 0; k < columns / 4; k++)
      *(bytes16 *)(to + r * row + 16 * k) = swapped((bytes16)out[r][k], unit);
}

/// 2 rows of some columns, a multiple of 2.
KERNEL void rows8(TILE_PARAMETERS, int columns) {
  longs2 in[8];
  for (int k = 0; k < columns; k++) in[k] = *(const longs2 *)(from + k * column);
  for (int k = 0; k < columns; k += 2)
    *(bytes16 *)(to + 8 * k) = swapped((bytes16)SHUFFLE(in[k], in[k + 1], 0, 2), unit);
  for (int k = 0; k < columns; k += 2)
    *(bytes16 *)(to + row + 8 * k) = swapped((bytes16)SHUFFLE(in[k], in[k + 1], 1, 3), unit);
}

/// 4 rows of some columns.
KERNEL void rows16(TILE_PARAMETERS, int columns) {
  for (int r = 0; r < 4; r++)
    for (int k = 0; k < columns; k++)
      *(bytes16 *)(to + r * row + 16 * k) =
          swapped(*(const bytes16 *)(from + k * column + 16 * r), unit);
}

KERNEL void tile4(TILE_PARAMETERS) { rows4(from, column, to, row, unit, 4); }
KERNEL void line4(TILE_PARAMETERS) { rows4(from, column, to, row, unit, 16); }
KERNEL void tile8(TILE_PARAMETERS) { rows8(from, column, to, row, unit, 2); }
KERNEL void line8(TILE_PARAMETERS) { rows8(from, column, to, row, unit, 8); }
KERNEL void tile16(TILE_PARAMETERS) { rows16(from, column, to, row, unit, 1); }
KERNEL void line16(TILE_PARAMETERS) { rows16(from, column, to, row, unit, 8); }

// MARK: - Matrices

/// A matrix too narrow or too low for a tile.
KERNEL void transpose_elements(KERNEL_PARAMETERS) {
  for (size_t column = 0; column < columns; column++) {
    for (size_t row = 0; row < rows; row++) {
      const char *from = (const char *)source + (ptrdiff_t)column * source_stride + row * size;
      char *to = (char *)output + (ptrdiff_t)row * output_stride + column * size;
      for (size_t byte = 0; byte < size; byte++) to[byte] = from[byte ^ (unit - 1)];
    }
  }
}

/// Strips of columns, from the top to the bottom: each line of the source is used up while it is in the cache, and
/// those of the next strip are asked for meanwhile. The second strip begins with a line of the result, for the sake of
/// those after it. It overlaps the first one, and the last strip and the last tile of each those before them.
#define STRIPS(name, tile, high, wide, narrower)                                                   \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    if (rows < high || columns < wide) {                                                           \
      narrower(KERNEL_ARGUMENTS);                                                                  \
      return;                                                                                      \
    }                                                                                              \
    size_t lead = -(uintptr_t)output % 64 / size % wide;                                           \
    for (size_t next = 0; next < columns; next += next == 0 && lead > 0 ? lead : wide) {           \
      size_t column = next + wide <= columns ? next : columns - wide;                              \
      const char *from = (const char *)source + (ptrdiff_t)column * source_stride;                 \
      char *to = (char *)output + column * size;                                                   \
      for (size_t below = 0; below < rows; below += high) {                                        \
        size_t row = below + high <= rows ? below : rows - high;                                   \
        if (below * size % 64 == 0)                                                                \
          for (int k = 0; k < wide; k++)                                                           \
            npy_prefetch((uintptr_t)from + (uintptr_t)((wide + k) * source_stride) + row * size);  \
        tile(from + row * size, source_stride, to + (ptrdiff_t)row * output_stride, output_stride, \
             unit);                                                                                \
      }                                                                                            \
    }                                                                                              \
  }

/// Bands of rows, from the left to the right, of a matrix that the cache has: each line of the result is written at once.
#define BANDS(name, tile, side)                                                                    \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    if (rows < side || columns < side) {                                                           \
      transpose_elements(output, source, rows, columns, output_stride, source_stride, size, 1);    \
      return;                                                                                      \
    }                                                                                              \
    for (size_t below = 0; below < rows; below += side) {                                          \
      size_t row = below + side <= rows ? below : rows - side;                                     \
      for (size_t next = 0; next < columns; next += side) {                                        \
        size_t column = next + side <= columns ? next : columns - side;                            \
        tile((const char *)source + (ptrdiff_t)column * source_stride + row * size, source_stride, \
             (char *)output + (ptrdiff_t)row * output_stride + column * size, output_stride,       \
             unit);                                                                                \
      }                                                                                            \
    }                                                                                              \
  }

STRIPS(narrow4, tile4, 4, 4, transpose_elements)
STRIPS(transpose4, line4, 4, 16, narrow4)
STRIPS(narrow8, tile8, 2, 2, transpose_elements)
STRIPS(transpose8, line8, 2, 8, narrow8)
STRIPS(narrow16, tile16, 4, 1, transpose_elements)
STRIPS(transpose16, line16, 4, 8, narrow16)
BANDS(bands1, tile1, 16)
BANDS(bands2, tile2, 8)

/// Small elements: as many columns as fill a line of the result are copied side by side first, since columns that are
/// a power of two apart would drive each other out of the cache. Bytes are swapped then.
#define STAGED(name, type, bands)                                                                  \
  KERNEL void name(KERNEL_PARAMETERS) {                                                            \
    enum { wide = 64 / sizeof(type), high = 512, pitch = high * sizeof(type) + 64 };               \
    char stage[wide * pitch];                                                                      \
    for (size_t column = 0; column < columns; column += wide) {                                    \
      size_t width = columns - column < wide ? columns - column : wide;                            \
      for (size_t row = 0; row < rows; row += high) {                                              \
        size_t height = rows - row < high ? rows - row : high;                                     \
        const char *from = (const char *)source + (ptrdiff_t)column * source_stride + row * size;  \
        for (size_t k = 0; k < width; k++) {                                                       \
          const char *column_start = from + (ptrdiff_t)k * source_stride;                          \
          uintptr_t ahead = (uintptr_t)column_start + (uintptr_t)(4 * source_stride);              \
          for (size_t line = 0; line < height * size; line += 64) npy_prefetch(ahead + line);      \
          if (unit == 2)                                                                           \
            npy_swap_runs2(stage + k * pitch, column_start, height * size, 1, 0, 0, 0);            \
          else                                                                                     \
            __builtin_memcpy(stage + k * pitch, column_start, height * size);                                \
        }                                                                                          \
        bands((char *)output + (ptrdiff_t)row * output_stride + column * size, stage, height,      \
              width, output_stride, pitch, size, 1);                                               \
      }                                                                                            \
    }                                                                                              \
  }

STAGED(transpose1, uint8_t, bands1)
STAGED(transpose2, uint16_t, bands2)

/// Each case has a size and a unit that are known when it is compiled.
KERNEL void transpose(KERNEL_PARAMETERS) {
#define CASE(kernel, size, unit)                                                                   \
  case (size) << 8 | (unit):                                                                       \
    kernel(output, source, rows, columns, output_stride, source_stride, size, unit);               \
    return;
  switch (size << 8 | unit) {
    CASE(transpose1, 1, 1)
    CASE(transpose2, 2, 1)
    CASE(transpose2, 2, 2)
    CASE(transpose4, 4, 1)
    CASE(transpose4, 4, 4)
    CASE(transpose8, 8, 1)
    CASE(transpose8, 8, 4)
    CASE(transpose8, 8, 8)
    CASE(transpose16, 16, 1)
    CASE(transpose16, 16, 4)
    CASE(transpose16, 16, 8)
    CASE(transpose16, 16, 16)
  default: transpose_elements(KERNEL_ARGUMENTS);
  }
#undef CASE
}

DISPATCH(transpose)

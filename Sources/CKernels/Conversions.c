#include "Kernel.h"

#include <stdbool.h>

// Products and sums are rounded one by one, as NumPy does.
#pragma STDC FP_CONTRACT OFF

// Numbers at any address.
typedef int8_t any_i1 __attribute__((aligned(1), may_alias));
typedef uint8_t any_u1 __attribute__((aligned(1), may_alias));
typedef int16_t any_i2 __attribute__((aligned(1), may_alias));
typedef uint16_t any_u2 __attribute__((aligned(1), may_alias));
typedef int32_t any_i4 __attribute__((aligned(1), may_alias));
typedef uint32_t any_u4 __attribute__((aligned(1), may_alias));
typedef int64_t any_i8 __attribute__((aligned(1), may_alias));
typedef uint64_t any_u8 __attribute__((aligned(1), may_alias));
typedef float any_f4 __attribute__((aligned(1), may_alias));
typedef double any_f8 __attribute__((aligned(1), may_alias));

typedef void (*conversion)(void *output, const void *input, size_t count);
typedef void (*affine_conversion)(
    void *output, const void *input, size_t count, double scale, double offset);

// A number toward zero as an integer; where that has none as large, the largest, and 0 for NaN.
#define SATURATED(value, type, low, behind, least, most)                                           \
  ((value) != (value)   ? (type)0                                                                  \
   : (value) >= (behind) ? (type)(most)                                                            \
   : (value) < (low)     ? (type)(least)                                                           \
                         : (type)(value))

// MARK: - Small numbers

KERNEL float float_of_bits(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

KERNEL uint32_t bits_of_float(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

// By integers, so that a loop of it can be made of wide registers on every processor.
KERNEL float float_of_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t magnitude = (uint32_t)(half & 0x7FFF) << 13;
  uint32_t exponent = magnitude & 0x0F800000;
  // The bias of the exponent is 15 in a half, 127 in a float.
  uint32_t normal = magnitude + ((127 - 15) << 23);
  uint32_t special = magnitude + ((255 - 31) << 23);
  uint32_t tiny = bits_of_float(float_of_bits(normal + (1 << 23)) - float_of_bits(113 << 23));
  uint32_t bits = exponent == 0x0F800000 ? special : exponent == 0 ? tiny : normal;
  return float_of_bits(sign | bits);
}

// The nearest half, of two the even one.
KERNEL uint16_t half_of_float(float value) {
  uint32_t bits = bits_of_float(value);
  uint32_t sign = bits & 0x80000000;
  uint32_t magnitude = bits ^ sign;
  // NaN keeps the bits of its payload that there is room for.
  uint32_t payload = (magnitude >> 13) & 0x3FF;
  uint32_t special = magnitude > 0x7F800000 ? 0x7C00 | payload | (payload == 0) : 0x7C00;
  // Adding a number whose last bit is that of the smallest half rounds to it.
  uint32_t tiny = bits_of_float(float_of_bits(magnitude) + 0.5f) - (126 << 23);
  uint32_t normal = (magnitude - ((127 - 15) << 23) + 0xFFF + ((magnitude >> 13) & 1)) >> 13;
  uint32_t half =
      magnitude >= (127 + 16) << 23 ? special : magnitude < 113 << 23 ? tiny : normal;
  return (uint16_t)(sign >> 16 | half);
}

// By way of a float that rounds to the same half: toward zero, and odd if that is not exact.
KERNEL uint16_t half_of_double(double value) {
  float nearest = (float)value;
  uint32_t bits = bits_of_float(nearest);
  bool is_exact = nearest == value || value != value;
  bool is_beyond = value < 0 ? nearest < value : nearest > value;
  return half_of_float(float_of_bits(is_exact ? bits : (bits - is_beyond) | 1));
}

KERNEL float float_of_bfloat16(uint16_t value) {
  return float_of_bits((uint32_t)value << 16);
}

// 5 bits of exponent and 2 of significand: the upper byte of a half.
KERNEL float float_of_e5m2(uint8_t value) { return float_of_half((uint16_t)(value << 8)); }

// 4 bits of exponent, biased by 7, and 3 of significand; no infinity, and all ones is NaN.
KERNEL float float_of_e4m3(uint8_t value) {
  uint32_t sign = (uint32_t)(value & 0x80) << 24;
  uint32_t magnitude = value & 0x7F;
  float normal = float_of_bits((magnitude << 20) + ((127 - 7) << 23));
  float tiny = (float)magnitude * 0x1p-9f;
  float number = magnitude < 8 ? tiny : normal;
  uint32_t bits = magnitude == 0x7F ? 0x7FC00000 : bits_of_float(number);
  return float_of_bits(sign | bits);
}

// MARK: - All pairs

#if defined(__x86_64__)

typedef long double any_x87 __attribute__((aligned(1), may_alias));

// By way of a float, which rounds twice: as NumPy does.
KERNEL uint16_t half_of_extended(long double value) { return half_of_float((float)value); }

#define ROWS(ROW)                                                                                  \
  ROW(b1), ROW(i1), ROW(u1), ROW(i2), ROW(u2), ROW(i4), ROW(u4), ROW(i8), ROW(u8), ROW(f2),        \
      ROW(f4), ROW(f8), ROW(bf16), ROW(e4m3), ROW(e5m2), ROW(x87)
#else
#define ROWS(ROW)                                                                                  \
  ROW(b1), ROW(i1), ROW(u1), ROW(i2), ROW(u2), ROW(i4), ROW(u4), ROW(i8), ROW(u8), ROW(f2),        \
      ROW(f4), ROW(f8), ROW(bf16), ROW(e4m3), ROW(e5m2)
#endif

#define NAME(name) name##_any
#include "Conversions.inc"
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define NAME(name) name##_avx2
#include "Conversions.inc"
#undef NAME
#pragma clang attribute pop
#endif

void npy_convert(
    npy_number from, npy_number to, void *output, const void *input, size_t count) {
#if defined(__x86_64__)
  if (npy_has_avx2()) {
    conversions_avx2[from][to](output, input, count);
    return;
  }
#endif
  conversions_any[from][to](output, input, count);
}

void npy_convert_affine(
    npy_number from, npy_number to, void *output, const void *input, size_t count, double scale,
    double offset) {
#if defined(__x86_64__)
  if (npy_has_avx2()) {
    affine_conversions_avx2[from][to == NPY_F8](output, input, count, scale, offset);
    return;
  }
#endif
  affine_conversions_any[from][to == NPY_F8](output, input, count, scale, offset);
}

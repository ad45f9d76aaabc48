#pragma once
// What the elementary functions are made of (elementary.cpp, elementary_pairs.cpp): e^x in parts, sums and products of
// two doubles without a rounding, functions of MPFR's.

#include "theory/numbers/instruction_sets.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <mpfr.h>
#include <numbers>

namespace benign::elementary {
namespace {

using Bits = std::uint64_t;

constexpr double magic = 0x1.8p52;  // (x + magic) − magic is x rounded to a whole number, the last bits of the sum
constexpr double log2_head = 0x1.62e42feep-1, log2_tail = 0x1.a39ef35793c76p-33;  // n times the head is exact
constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

/// 2^n for n + magic, −1022 ≤ n ≤ 1023.
BENIGN_INLINE double power_of_two(double shifted) {
  return std::bit_cast<double>((std::bit_cast<Bits>(shifted) + 1023) << 52);
}

/// e^x = 2^n (1 + r + t) with r + t accurate beyond double.
struct Reduced {
  double n, r, t;
};
BENIGN_INLINE Reduced reduced(double x) {
  constexpr double c[] = {1.0 / 2,        1.0 / 6,         1.0 / 24,         1.0 / 120,
                          1.0 / 720,      1.0 / 5040,      1.0 / 40320.,     1.0 / 362880.,
                          1.0 / 3628800., 1.0 / 39916800., 1.0 / 479001600., 1.0 / 6227020800.};
  const double n = (x * std::numbers::log2e + magic) - magic;
  const double high = x - n * log2_head, low = n * log2_tail, r = high - low, rest = (high - r) - low;
  const double r2 = r * r, r4 = r2 * r2;
  const double p0 = (c[0] + c[1] * r) + (c[2] + c[3] * r) * r2, p1 = (c[4] + c[5] * r) + (c[6] + c[7] * r) * r2,
               p2 = (c[8] + c[9] * r) + (c[10] + c[11] * r) * r2;
  return {n, r, (rest + rest * r) + r2 * (p0 + r4 * (p1 + r4 * p2))};
}

/// A sum of two doubles that does not overlap.
struct Pair {
  double head, tail;
};

/// a + b for |a| ≥ |b|, exactly.
inline Pair sum_of(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

/// a b, exactly (Dekker).
inline Pair product_of(double a, double b) {
  constexpr double split = 0x1p27 + 1;
  const double a_far = split * a, b_far = split * b, a1 = a_far - (a_far - a), b1 = b_far - (b_far - b);
  const double a2 = a - a1, b2 = b - b1, product = a * b;
  return {product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2};
}

/// A function of MPFR's, rounded to the nearest double.
template <class Function, class... Numbers>
double correctly_rounded(const Function& function, Numbers... x) {
  constexpr mpfr_prec_t bits = 53;
  mpfr_t in[sizeof...(x)], out;
  mpfr_init2(out, bits);
  std::size_t k = 0;
  ((mpfr_init2(in[k], bits), mpfr_set_d(in[k++], x, MPFR_RNDN)), ...);
  if constexpr (sizeof...(x) == 1)
    function(out, in[0], MPFR_RNDN);
  else
    function(out, in[0], in[1], MPFR_RNDN);
  const double result = mpfr_get_d(out, MPFR_RNDN);
  mpfr_clear(out);
  for (auto& one : in) mpfr_clear(one);
  return result;
}

}  // namespace
}  // namespace benign::elementary

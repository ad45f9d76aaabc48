#pragma once
// The exponential, sine and cosine in forms that vectors are made of, for loops over doubles (theory/numbers:
// instruction_sets.hpp), of which nobody asks the last two bits.

#include "theory/numbers/instruction_sets.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace benign::sim {
namespace {

/// Σ_k c_k x^k.
template <std::size_t Terms>
BENIGN_INLINE double polynomial(const double (&c)[Terms], double x) {
  double sum = c[Terms - 1];
  for (std::size_t k = Terms - 1; k-- > 0;) sum = sum * x + c[k];
  return sum;
}

/// e^x for |x| ≤ 700, to two units of roundoff.
BENIGN_INLINE double exponential(double x) {
  constexpr double c[] = {
      1,          1,           1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,      1.0 / 720,
      1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600};
  constexpr double magic = 0x1.8p52;
  const double shifted = x * std::numbers::log2e + magic, n = shifted - magic;
  const double r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  const std::uint64_t power = (std::bit_cast<std::uint64_t>(shifted) + 1023) << 52;
  return polynomial(c, r) * std::bit_cast<double>(power);
}

/// sin x and cos x for |x| < 1e6.
BENIGN_INLINE void sine_cosine(double x, double& sine, double& cosine) {
  constexpr double s[] = {-1.0 / 6,        1.0 / 120,         -1.0 / 5040,           1.0 / 362880,
                          -1.0 / 39916800, 1.0 / 6227020800., -1.0 / 1307674368000., 1.0 / 355687428096000.};
  constexpr double c[] = {1.0 / 24,         -1.0 / 720,          1.0 / 40320,          -1.0 / 3628800,
                          1.0 / 479001600., -1.0 / 87178291200., 1.0 / 20922789888000.};
  constexpr double magic = 0x1.8p52;
  const double shifted = x * (2 / std::numbers::pi) + magic, n = shifted - magic;
  const double r = ((x - n * 0x1.921fb544p0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69;
  const std::uint64_t q = std::bit_cast<std::uint64_t>(shifted);
  const double y = r * r;
  const std::uint64_t a = std::bit_cast<std::uint64_t>(r + r * (y * polynomial(s, y)));
  const std::uint64_t b = std::bit_cast<std::uint64_t>(1 - (y / 2 - y * (y * polynomial(c, y))));
  const std::uint64_t odd = std::uint64_t{0} - (q & 1), swapped = (a ^ b) & odd;
  cosine = std::bit_cast<double>(b ^ swapped ^ (((q + 1) & 2) << 62));
  sine = std::bit_cast<double>(a ^ swapped ^ ((q & 2) << 62));
}

}  // namespace
}  // namespace benign::sim

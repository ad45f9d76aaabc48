#include "sim/random/box_muller.hpp"

#include "theory/numbers/instruction_sets.hpp"

#include <bit>
#include <cmath>
#include <numbers>

namespace benign::sim {
namespace {

using Bits = std::uint64_t;

/// An integer below 2^52: the last bits of 2^52 + x. (Vectors of integers have no other conversion before AVX-512.)
BENIGN_INLINE double to_double(Bits x) { return std::bit_cast<double>(x | std::bit_cast<Bits>(0x1p52)) - 0x1p52; }

/// Σ_k c_k x^k.
template <std::size_t Terms>
BENIGN_INLINE double polynomial(const double (&c)[Terms], double x) {
  double sum = c[Terms - 1];
  for (std::size_t k = Terms - 1; k-- > 0;) sum = sum * x + c[k];
  return sum;
}

/// −log u for a normal double u ∈ (0, 1].
BENIGN_INLINE double minus_log(double u) {
  // u = 2^e m with √½ ≤ m < √2; log m = 2 artanh z = 2z (1 + z²/3 + z⁴/5 + …) at z = (m − 1)/(m + 1), |z| < 0.172.
  constexpr double c[] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11,
                          1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21};
  constexpr double log2_head = 0x1.62e42feep-1, log2_tail = 0x1.a39ef35793c76p-33;  // e times the head is exact
  constexpr Bits root = std::bit_cast<Bits>(1 / std::numbers::sqrt2), mantissa = (Bits{1} << 52) - 1;
  const Bits shifted = std::bit_cast<Bits>(u) + (std::bit_cast<Bits>(1.0) - root);
  const double e = to_double(shifted >> 52) - 1023, m = std::bit_cast<double>((shifted & mantissa) + root);
  const double z = (m - 1) / (m + 1), twice = 2 * z, square = z * z;
  return -(e * log2_head + (twice + (e * log2_tail + twice * (square * polynomial(c, square)))));
}

}  // namespace

BENIGN_CLONED
void box_muller(std::size_t pairs, const std::uint64_t* words, double scale, double* numbers) {
  // Taylor's coefficients of (sin x − x)/x³ and (cos x − 1 + x²/2)/x⁴ in x², for |x| ≤ π/4.
  constexpr double sine[] = {-1.0 / 6,        1.0 / 120,         -1.0 / 5040,           1.0 / 362880,
                             -1.0 / 39916800, 1.0 / 6227020800., -1.0 / 1307674368000., 1.0 / 355687428096000.};
  constexpr double cosine[] = {1.0 / 24,         -1.0 / 720,          1.0 / 40320,          -1.0 / 3628800,
                               1.0 / 479001600., -1.0 / 87178291200., 1.0 / 20922789888000.};
  for (std::size_t i = 0; i < pairs; ++i) {
    const Bits word = words[2 * i], turn = words[2 * i + 1];
    const double u = (2 * to_double(word >> 12) + (to_double((word >> 11) & 1) + 1)) * 0x1p-53;
    const double radius = scale * std::sqrt(2 * minus_log(u));

    // 2πt = qπ/2 + x with the nearest quarter q.
    constexpr Bits eighth = Bits{1} << 61, quarter = Bits{1} << 62;
    const Bits from = turn + eighth, q = from >> 62;
    const double x = (to_double((from & (quarter - 1)) >> 11) - 0x1p50) * (2 * std::numbers::pi * 0x1p-53);
    const double y = x * x;
    const Bits s = std::bit_cast<Bits>(x + x * (y * polynomial(sine, y)));
    const Bits c = std::bit_cast<Bits>(1 - (y / 2 - y * (y * polynomial(cosine, y))));
    const Bits odd = Bits{0} - (q & 1), swapped = (s ^ c) & odd;
    numbers[2 * i] = radius * std::bit_cast<double>(c ^ swapped ^ (((q + 1) & 2) << 62));
    numbers[2 * i + 1] = radius * std::bit_cast<double>(s ^ swapped ^ ((q & 2) << 62));
  }
}

}  // namespace benign::sim

#include "theory/numbers/elementary.hpp"

#include "theory/numbers/elementary_parts.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace benign::elementary {
namespace {

BENIGN_INLINE double exponential(double x) {
  x = x < -746 ? -746 : x;  // zero, and beyond the largest; what is no number stays none
  x = x > 710 ? 710 : x;
  const auto [n, r, t] = reduced(x);
  const double sum = 1 + r, rest = r - (sum - 1);
  const double shifted = n * 0.5 + magic, half = shifted - magic;  // two factors: 2^n may be no normal number
  return ((sum + (rest + t)) * power_of_two(shifted)) * power_of_two((n - half) + magic);
}

/// log(1 + f) = f − below, with 1 + f = x / 2^k between √½ and √2; `more` is added to the logarithm before it is rounded.
double log_of_parts(double x, double more) {
  constexpr double c[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                          2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};
  constexpr Bits root = std::bit_cast<Bits>(1 / std::numbers::sqrt2), mantissa = (Bits{1} << 52) - 1;
  double below_normal = 0;
  if (x < std::numeric_limits<double>::min()) x *= 0x1p54, below_normal = 54;
  const Bits shifted = std::bit_cast<Bits>(x) + (std::bit_cast<Bits>(1.0) - root);
  const double k = static_cast<double>(static_cast<std::int64_t>(shifted >> 52) - 1023) - below_normal;
  const double f = std::bit_cast<double>((shifted & mantissa) + root) - 1;
  const double z = f / (2 + f), y = z * z, y2 = y * y, y4 = y2 * y2, half = 0.5 * f * f;
  const double series =
      y * ((((c[0] + c[1] * y) + (c[2] + c[3] * y) * y2) + ((c[4] + c[5] * y) + (c[6] + c[7] * y) * y2) * y4) +
           ((c[8] + c[9] * y) + c[10] * y2) * (y4 * y4));
  return k * log2_head - ((half - (z * (half + series) + (k * log2_tail + more))) - f);
}

/// sin(x + turns π/2).
double sine(double x, Bits turns) {
  constexpr double s[] = {-1.0 / 6,         1.0 / 120,         -1.0 / 5040,           1.0 / 362880.,
                          -1.0 / 39916800., 1.0 / 6227020800., -1.0 / 1307674368000., 1.0 / 355687428096000.};
  constexpr double c[] = {1.0 / 24,         -1.0 / 720,          1.0 / 40320,           -1.0 / 3628800.,
                          1.0 / 479001600., -1.0 / 87178291200., 1.0 / 20922789888000., -1.0 / 6402373705728000.};
  // π/2 in parts of 33, 33 and 53 bits, of which q times the first two are exact.
  constexpr double half_pi[] = {0x1.921fb544p0, 0x1.0b4611a6p-34, 0x1.3198a2e037073p-69};
  const auto exact = [&] { return turns % 2 == 0 ? correctly_rounded(mpfr_sin, x) : correctly_rounded(mpfr_cos, x); };
  if (!(std::abs(x) < 0x1p20)) return exact();
  const double shifted = x * (2 / std::numbers::pi) + magic, q = shifted - magic;
  const double first = x - q * half_pi[0], part = q * half_pi[1], second = first - part, third = q * half_pi[2];
  const double r = second - third, rest = ((second - r) - third) + ((first - second) - part);
  if (q != 0 && std::abs(r) < 0x1p-30) return exact();  // so near to a multiple of π/2 that more of its digits count
  const Bits quarter = std::bit_cast<Bits>(shifted) + turns;
  const double y = r * r, y2 = y * y, y4 = y2 * y2;
  double value;
  if (quarter % 2 == 0) {
    const double series =
        ((s[0] + s[1] * y) + (s[2] + s[3] * y) * y2) + ((s[4] + s[5] * y) + (s[6] + s[7] * y) * y2) * y4;
    value = r + (rest * (1 - 0.5 * y) + r * y * series);
  } else {
    const double series =
        ((c[0] + c[1] * y) + (c[2] + c[3] * y) * y2) + ((c[4] + c[5] * y) + (c[6] + c[7] * y) * y2) * y4;
    const double half = 0.5 * y, sum = 1 - half;
    value = sum + (((1 - sum) - half) + (y2 * series - r * rest));
  }
  return quarter % 4 >= 2 ? -value : value;
}

template <class Number>
Number by_squaring(Number x, long n) {
  Number result = 1;
  for (long left = n < 0 ? -n : n; left > 0; left /= 2, x *= x)
    if (left % 2 == 1) result *= x;
  return n < 0 ? 1.0 / result : result;
}

}  // namespace

double exp(double x) { return exponential(x); }

BENIGN_CLONED
void exp(std::size_t size, const double* x, double* y) {
  constexpr std::size_t lanes = 8;
  const std::size_t whole = size - size % lanes;
  for (std::size_t k = 0; k < whole; ++k) y[k] = exponential(x[k]);
  if (whole == size) return;
  double rest[lanes] = {};  // the last few cost as much as eight, and not each for itself
  std::copy(x + whole, x + size, rest);
  for (double& one : rest) one = exponential(one);
  std::copy(rest, rest + (size - whole), y + whole);
}

double expm1(double x) {
  if (!(std::abs(x) >= 0x1p-54)) return x;
  if (std::abs(x) < 0.55) {  // x + x²/2 beyond double and x³ Σ_j x^j/(j + 3)!: near log(2)/2 the other way cancels
    constexpr double c[] = {1.0 / 6,
                            1.0 / 24,
                            1.0 / 120,
                            1.0 / 720,
                            1.0 / 5040,
                            1.0 / 40320.,
                            1.0 / 362880.,
                            1.0 / 3628800.,
                            1.0 / 39916800.,
                            1.0 / 479001600.,
                            1.0 / 6227020800.,
                            1.0 / 87178291200.,
                            1.0 / 1307674368000.,
                            1.0 / 20922789888000.,
                            1.0 / 355687428096000.};
    double sum = c[14];
    for (int k = 13; k >= 0; --k) sum = sum * x + c[k];
    const Pair square = product_of(x, x), first = sum_of(x, 0.5 * square.head);
    return first.head + (first.tail + (0.5 * square.tail + x * (square.head * sum)));
  }
  if (x < -40) return -1;
  if (!(x <= 45)) return exponential(x);
  const auto [n, r, t] = reduced(x);
  // 2^n − 1 + 2^n r without a rounding (Knuth), but for what 2^n loses below itself.
  const double factor = power_of_two(n + magic), a = factor - 1, lost = n > 0 ? (factor - a) - 1 : 0, b = factor * r;
  const double sum = a + b, of_b = sum - a, rest = (a - (sum - of_b)) + (b - of_b);
  return sum + (rest + (factor * t + lost));
}

double log(double x) {
  if (!(x > 0)) return x == 0 ? -infinity : nan;
  return x < infinity ? log_of_parts(x, 0) : x;
}

double log1p(double x) {
  if (!(std::abs(x) >= 0x1p-54)) return x;
  if (!(x > -1)) return x == -1 ? -infinity : nan;
  if (!(x < infinity)) return x;
  const double sum = 1 + x, rest = x < 1 ? x - (sum - 1) : 1 - (sum - x);
  return log_of_parts(sum, rest / sum);
}

double sin(double x) { return sine(x, 0); }
double cos(double x) { return sine(x, 1); }

double log2(double x) { return correctly_rounded(mpfr_log2, x); }
double log10(double x) { return correctly_rounded(mpfr_log10, x); }
double pow(double x, double y) { return correctly_rounded(mpfr_pow, x, y); }

double asinh(double x) {
  const double size = std::abs(x);
  if (!(size >= 0x1p-27 && size < 0x1p500)) return size < 1 ? x : correctly_rounded(mpfr_asinh, x);
  // √(1 + x²) and what is added to it or to 1, beyond double.
  const Pair square = product_of(size, size), one = square.head < 1 ? sum_of(1, square.head) : sum_of(square.head, 1);
  const double root = std::sqrt(one.head);
  const Pair back = product_of(root, root);
  const double root_tail = ((one.head - back.head) - back.tail + (one.tail + square.tail)) / (2 * root);
  const bool near = size < 0.25;  // log(1 + (x + x²/(1 + √(1 + x²)))); else log(x + √(1 + x²))
  const Pair other = near ? sum_of(size, square.head / (1 + root)) : Pair{size, root_tail};
  const Pair sum = near ? sum_of(1, other.head) : root > size ? sum_of(root, size) : sum_of(size, root);
  const double value = log_of_parts(sum.head, (sum.tail + other.tail) / sum.head);
  return x < 0 ? -value : value;
}

Complex exp(const Complex& z) {
  const double size = exp(z.real());
  return z.imag() == 0 ? Complex(size, z.imag()) : Complex(size * cos(z.imag()), size * sin(z.imag()));
}
Complex log(const Complex& z) { return {log(abs(z)), arg(z)}; }
double arg(const Complex& z) { return atan2(z.imag(), z.real()); }

double abs(const Complex& z) {
  const double a = std::abs(z.real()), b = std::abs(z.imag()), most = std::max(a, b), least = std::min(a, b);
  if (!(most > 0 && most < infinity)) return most == infinity || least == infinity ? infinity : a + b;
  // Through a power of two, whose squares cannot overflow.
  const double unit = std::ldexp(1.0, std::ilogb(most)), x = most / unit, y = least / unit;
  return unit * std::sqrt(x * x + y * y);
}

double power(double x, long n) { return by_squaring(x, n); }
Complex power(const Complex& z, long n) { return by_squaring(z, n); }

}  // namespace benign::elementary

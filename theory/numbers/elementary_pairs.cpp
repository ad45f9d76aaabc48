#include "theory/numbers/elementary.hpp"
#include "theory/numbers/elementary_parts.hpp"

#include <algorithm>
#include <cmath>

namespace benign::elementary {
namespace {

constexpr mpfr_prec_t many_bits = 200;  // recursions lose digits

/// 2^n x, rounded once.
double scaled(double x, double n) {
  const double shifted = n * 0.5 + magic, half = shifted - magic;
  return (x * power_of_two(shifted)) * power_of_two((n - half) + magic);
}

/// e^x / 2^n, with n.
Pair exponential_pair(double x, double& n) {
  const auto [power, r, t] = reduced(x);
  n = power;
  const Pair one = sum_of(1, r);
  return sum_of(one.head, one.tail + t);
}

/// (e^x + sign e^(−x)) / 2 for x ≥ 0 where the two do not cancel.
double half_sum(double x, int sign) {
  if (x > 711) return infinity;
  double n = 0, minus_n = 0;
  const Pair up = exponential_pair(x, n), down = exponential_pair(-x, minus_n);
  if (x > 40) return scaled(up.head + up.tail, n - 1);
  const double a = power_of_two(n + magic), b = sign * power_of_two(minus_n + magic);
  const Pair sum = sum_of(a * up.head, b * down.head);
  return (sum.head + (sum.tail + (a * up.tail + b * down.tail))) / 2;
}

/// The double nearest to x in `head`; returns the one nearest to what is left.
double split(const mpfr_t x, double& head) {
  head = mpfr_get_d(x, MPFR_RNDN);
  mpfr_t rest;
  mpfr_init2(rest, many_bits);
  mpfr_sub_d(rest, x, head, MPFR_RNDN);
  const double tail = mpfr_get_d(rest, MPFR_RNDN);
  mpfr_clear(rest);
  return tail;
}

/// arctan(k/16), and π/2, beyond double.
struct Arctangents {
  double head[17], tail[17], quarter_head, quarter_tail;

  Arctangents() {
    mpfr_t x;
    mpfr_init2(x, many_bits);
    for (int k = 0; k <= 16; ++k) {
      mpfr_set_d(x, k / 16.0, MPFR_RNDN);
      mpfr_atan(x, x, MPFR_RNDN);
      tail[k] = split(x, head[k]);
    }
    mpfr_const_pi(x, MPFR_RNDN);
    mpfr_div_ui(x, x, 2, MPFR_RNDN);
    quarter_tail = split(x, quarter_head);
    mpfr_clear(x);
  }
};
const Arctangents& arctangents() {
  static const Arctangents table;
  return table;
}

/// a / b beyond double.
Pair quotient_of(const Pair& a, const Pair& b) {
  const double head = a.head / b.head;
  const Pair back = product_of(head, b.head);
  return {head, (((a.head - back.head) - back.tail) + (a.tail - head * b.tail)) / b.head};
}

/// arctan(a / b) for 0 < a ≤ b: arctan c + arctan t, with c the nearest multiple of 1/16 and t = (a − c b)/(b + c a).
Pair arctangent(double a, double b) {
  constexpr double series[] = {-1.0 / 3, 1.0 / 5, -1.0 / 7, 1.0 / 9, -1.0 / 11, 1.0 / 13};
  const double k = (16 * (a / b) + magic) - magic, c = k / 16;
  const Pair of_b = product_of(c, b), of_a = product_of(c, a);
  const double difference = a - of_b.head;  // exact: the two are next to each other
  const Pair below = sum_of(b, of_a.head);
  const Pair t = quotient_of({difference, -of_b.tail}, {below.head, below.tail + of_a.tail});
  const double y = t.head * t.head;
  double sum = series[5];
  for (int j = 4; j >= 0; --j) sum = sum * y + series[j];
  const auto node = static_cast<std::size_t>(k);
  if (node == 0) return {t.head, t.tail + t.head * (y * sum)};
  const Pair angle = sum_of(arctangents().head[node], t.head);
  return {angle.head, angle.tail + (arctangents().tail[node] + t.tail + t.head * (y * sum))};
}

/// w(x) = e^(x²) erfc x for 0 ≤ x < 27.5 by its Taylor's series at multiples of 1/8. From w' = 2 x w − 2/√π the
/// coefficients are a_1 = 2 x a_0 − 2/√π and a_{j+1} = (2 x a_j + 2 a_{j−1})/(j + 1). The series at one multiple gives w at
/// the next lower one: downwards an error is damped by the equation.
class ScaledErrorFunction {
 public:
  ScaledErrorFunction() {
    mpfr_t w, slope, before, here, next, part;  // slope: 2/√π
    mpfr_inits2(many_bits, w, slope, before, here, next, part, nullptr);
    mpfr_const_pi(slope, MPFR_RNDN);
    mpfr_rec_sqrt(slope, slope, MPFR_RNDN);
    mpfr_mul_ui(slope, slope, 2, MPFR_RNDN);
    mpfr_set_d(part, (nodes - 1) / 8.0, MPFR_RNDN);
    mpfr_erfc(w, part, MPFR_RNDN);
    mpfr_sqr(part, part, MPFR_RNDN);
    mpfr_exp(part, part, MPFR_RNDN);
    mpfr_mul(w, w, part, MPFR_RNDN);
    for (int k = nodes - 1; k >= 0; --k) {
      const double twice = k / 4.0;
      tails_[k] = split(w, at_[k][0]);
      mpfr_set(before, w, MPFR_RNDN);
      mpfr_mul_d(here, w, twice, MPFR_RNDN);
      mpfr_sub(here, here, slope, MPFR_RNDN);
      for (unsigned j = 1; j < all_terms; ++j) {
        if (j < terms) at_[k][j] = mpfr_get_d(here, MPFR_RNDN);
        mpfr_div_2ui(part, here, 3 * j, MPFR_RNDN);
        (j % 2 ? mpfr_sub : mpfr_add)(w, w, part, MPFR_RNDN);
        mpfr_mul_d(next, here, twice, MPFR_RNDN);
        mpfr_mul_ui(part, before, 2, MPFR_RNDN);
        mpfr_add(next, next, part, MPFR_RNDN);
        mpfr_div_ui(next, next, j + 1, MPFR_RNDN);
        mpfr_swap(before, here);
        mpfr_swap(here, next);
      }
    }
    mpfr_clears(w, slope, before, here, next, part, nullptr);
  }

  Pair operator()(double x) const {
    const double k = (8 * x + magic) - magic, h = x - k / 8;
    const auto node = static_cast<std::size_t>(k);
    double sum = at_[node][terms - 1];
    for (std::size_t j = terms - 1; j-- > 1;) sum = sum * h + at_[node][j];
    const Pair head = sum_of(at_[node][0], h * sum);
    return sum_of(head.head, head.tail + tails_[node]);
  }

 private:
  static constexpr int nodes = 221;
  static constexpr unsigned terms = 15, all_terms = 40;
  double at_[nodes][terms] = {}, tails_[nodes] = {};
};

/// erfc x for x ≥ 0.
double upper_tail(double x) {
  static const ScaledErrorFunction scaled_function;
  if (x > 27.25) return 0;  // below half of the smallest number
  const Pair w = scaled_function(x), square = product_of(x, x);
  const auto [n, r, t] = reduced(-square.head);
  const Pair one = sum_of(1, r);
  const Pair power = sum_of(one.head, one.tail + (t - square.tail * (one.head + t)));
  const Pair product = product_of(power.head, w.head);
  return scaled(product.head + (product.tail + (power.head * w.tail + power.tail * w.head)), n);
}

}  // namespace

double erfc(double x) {
  if (x != x) return x;
  return x >= 0 ? upper_tail(x) : 2 - upper_tail(-x);
}

double sinh(double x) {
  constexpr double c[] = {1.0 / 6,         1.0 / 120,         1.0 / 5040,          1.0 / 362880,
                          1.0 / 39916800., 1.0 / 6227020800., 1.0 / 1307674368000.};
  const double size = std::abs(x);
  if (!(size >= 0.4)) {
    const double y = x * x;
    double sum = c[6];
    for (int k = 5; k >= 0; --k) sum = sum * y + c[k];
    return x + x * (y * sum);
  }
  return x < 0 ? -half_sum(size, -1) : half_sum(size, -1);
}

double cosh(double x) { return x != x ? x : half_sum(std::abs(x), 1); }

double atan2(double y, double x) {
  const double a = std::abs(y), b = std::abs(x), least = std::min(a, b), most = std::max(a, b);
  // Zeros, infinities, what is no number, and where products would leave the range.
  if (!(least > most * 0x1p-100 && least > 0x1p-400 && most < 0x1p400)) return correctly_rounded(mpfr_atan2, y, x);
  Pair angle = arctangent(least, most);
  const auto subtracted_from = [](double turns, const Pair& from) {
    const Pair sum = sum_of(turns * arctangents().quarter_head, -from.head);
    return Pair{sum.head, sum.tail + (turns * arctangents().quarter_tail - from.tail)};
  };
  if (a > b) angle = subtracted_from(1, angle);
  if (x < 0) angle = subtracted_from(2, angle);
  const double sum = angle.head + angle.tail;
  return y < 0 ? -sum : sum;
}

double atan(double x) { return atan2(x, 1); }

double normal_quantile(double p) {
  if (!(p > 0 && p < 1)) return p == 0 ? -infinity : p == 1 ? infinity : nan;
  const double tail = std::min(p, 1 - p), t = std::sqrt(-2 * log(tail));
  // Abramowitz and Stegun 26.2.23, to 4.5e-4; then Halley's method, whose steps cube the error.
  double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (int k = 0; k < 2; ++k) {
    const double density = exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    const double newton = (erfc(z / std::numbers::sqrt2) / 2 - tail) / density;
    z += newton / (1 - newton * z / 2);
  }
  return p < 0.5 ? -z : z;
}

}  // namespace benign::elementary

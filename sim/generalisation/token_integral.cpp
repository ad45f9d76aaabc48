#include "sim/generalisation/token_integral.hpp"

#include "sim/generalisation/unit_circle.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace benign::sim {
namespace {

constexpr double widest_turn = 0.6;  // of ζ
constexpr long most_nodes = 400000;
constexpr double furthest_exponent = 600;  // of A, in pairs of doubles

std::size_t at(long k) { return static_cast<std::size_t>(k); }

}  // namespace

double short_step(double h) {
  const double unit = std::ldexp(1.0, std::ilogb(h) - 19);
  return std::floor(h / unit) * unit;
}

TokenIntegral::TokenIntegral(const ShareLaw& law, const ShareKind& kind, const Ray& ray, double furthest_u,
                             double tolerance)
    : kind_(kind),
      ray_(ray),
      a_(law.a),
      c_(law.c),
      r2_((dd(1) - dd(law.c)) * (dd(1) + dd(law.c))),
      rest2_(law.rest2()) {
  choose_step(tolerance);
  const double Z = std::sqrt(2 * elementary::log(16 / tolerance));
  if (!(h_ > 0) || Z / h_ > most_nodes) return;
  nodes_ = static_cast<long>(Z / h_) + 1;
  const double end = static_cast<double>(nodes_) * h_, size = std::abs(kind.b) + std::abs(c_) * end;
  const double exponent = furthest_u + std::abs(kind.m) + a_ * end;
  const double r = std::sqrt(r2_.head()), fall = elementary::log(16 / tolerance);
  at_smallest_ = tolerance / 8, at_largest_ = tolerance / 16;
  smallest_ = at_smallest_ / (ray.kappa + ray.xi * (size + r));
  largest_ = HUGE_VAL;
  if (ray.kappa > 0) largest_ = fall;
  if (ray.xi > 0) largest_ = std::min(largest_, std::sqrt(2 * fall) / (ray.xi * r));
  if (!(exponent < furthest_exponent) || !(ray.xi * largest_ * size * 2 < furthest_angle)) return;
  const dd scale = dd(h_) / sqrt(dd("6.283185307179586476925286766559005768394338798750"));
  dd sum = 0;
  for (long k = -nodes_; k <= nodes_; ++k) {
    const double z = static_cast<double>(k) * h_;
    weight_.push_back(scale * exp(dd::product(z, -z / 2)));
    growth_.push_back(exp(dd::product(a_, z)));
    below_.push_back(sum += weight_.back());
  }
  usable_ = true;
  const Parts all = parts(furthest_u);
  error_ = upper(all.rule + all.beyond + all.replaced + all.rounding);
}

/// The largest step at which some strip promises a quarter of the tolerance.
void TokenIntegral::choose_step(double tolerance) {
  const double r2 = r2_.head();
  for (double delta = 0.01 / std::max(1.0, a_); a_ * delta <= widest_turn && delta < 40; delta *= 1.15) {
    const double zeta = a_ * delta, q = r2 * (1 - 2 * zeta * zeta), tau = zeta * zeta * c_ * c_ / q;
    if (tau > 0.5) break;
    const double cosine = ray_.xi > 0 ? ray_.kappa * (1 - zeta * zeta / 2) / ray_.xi : 0;
    const double P = zeta * std::abs(kind_.b) + delta * std::abs(c_) - cosine;
    double log_M = delta * delta / 2 - elementary::log(1 - tau) / 2;
    if (ray_.xi > 0 && P > 0) log_M += elementary::log(2) + P * P / (2 * q * (1 - tau));
    const double h = short_step(2 * std::numbers::pi * delta / (log_M + elementary::log(9 / tolerance)));
    if (h > h_) h_ = h, delta_ = delta;
  }
}

Enclosure TokenIntegral::strip_bound(double delta) const {
  const Enclosure zeta = Enclosure(a_) * delta, q = rest2_ * (1 - 2 * zeta * zeta);
  const Enclosure tau = zeta * zeta * c_ * c_ / q;
  Enclosure M = exp(Enclosure(delta) * delta / 2) / sqrt(1 - tau);
  if (ray_.xi > 0) {
    Enclosure P = zeta * std::abs(kind_.b) + Enclosure(delta) * std::abs(c_);
    if (ray_.kappa > 0) P -= (1 - zeta * zeta / 2) / ray_.xi;
    if (sign_of(P) != Sign::negative) M *= 2 * exp(P * P / (2 * q * (1 - tau)));
  }
  return M;
}

TokenIntegral::Parts TokenIntegral::parts(double furthest_u) const {
  Enclosure pi;
  mpfi_const_pi(pi.data());
  Parts all;
  all.rule = 2 * strip_bound(delta_) / (exp(2 * pi * delta_ / h_) - 1);
  const Enclosure end = Enclosure(nodes_) * h_;
  all.beyond = 2 * normal_tail(end);
  all.replaced = (1 + all.rule) * (Enclosure(at_smallest_) + at_largest_) * (1 + 1e-9);  // Σ h φ ≤ 1 + the rule's error
  const Enclosure range = Enclosure(furthest_u) + std::abs(kind_.m) + a_ * end + nodes_ + 4;
  const Enclosure size = (std::abs(kind_.b) + std::abs(c_) * end) / sqrt(rest2_) + 2;
  all.rounding = range * size * std::ldexp(1.0, -97);
  return all;
}

ComplexPair TokenIntegral::operator()(double u) const {
  // One node more is evaluated at either end than the logarithms say.
  const double x = u + kind_.m, step = a_ * h_;
  const double from = std::floor((elementary::log(smallest_) - x) / step) - 1;
  const double to = std::ceil((elementary::log(largest_) - x) / step) + 1;
  const double end = static_cast<double>(nodes_);
  const long first = static_cast<long>(std::clamp(from + 1, -end, end + 1));
  const long last = static_cast<long>(std::clamp(to, -end - 1, end));
  ComplexPair sum{first > -nodes_ ? below_[at(first - 1 + nodes_)] : dd(0), 0};
  const dd start = exp(dd::sum(u, kind_.m)), half_xi2 = dd::product(ray_.xi, ray_.xi / 2) * r2_;
  for (long k = first; k <= last; ++k) {
    const double z = static_cast<double>(k) * h_;
    const dd A = start * growth_[at(k + nodes_)], decay = A * (dd(ray_.kappa) + half_xi2 * A);
    const dd size = weight_[at(k + nodes_)] * exp(-decay);
    if (ray_.xi == 0) {
      sum.re += size;
      continue;
    }
    const CirclePoint turn = unit_circle(dd(ray_.xi) * A * (dd(kind_.b) + dd::product(c_, z)));
    sum.re += size * turn.cosine;
    sum.im -= size * turn.sine;
  }
  evaluations_ += std::max(last - first + 1, 0L);
  return sum;
}

}  // namespace benign::sim

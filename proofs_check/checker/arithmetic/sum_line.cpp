#include "proofs_check/checker/arithmetic/sum_line.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace benign::checker {

SumLine::SumLine(const SumLaw& law, int kappa, const Interval& xi, double tolerance)
    : law_(law), kappa_(kappa), xi_(xi) {
  double top = -HUGE_VAL;
  for (const Share& share : law.shares) top = std::max(top, share.m.middle());
  if (!(std::abs(top) < 400)) return;
  long left = static_cast<long>(std::floor(-top)), right = left;
  while (before(Interval(left), Interval(0)).above() > tolerance / 4 && left > -400) --left;
  while (behind(Interval(right)).above() > tolerance / 4 && right < 400) ++right;
  if (left <= -400 || right >= 400) return;
  // The strips' sizes do not depend on the step, of which the first is taken with which one of them is enough.
  std::vector<std::pair<Interval, Interval>> strips;  // η and size
  for (double eta = 0.05; eta < 60; eta *= 1.2) {
    const Interval at = Interval::exactly(eta);
    for (const Interval& size : {with_z_aside(left, right, at), with_A_turned(left, right, at)})
      if (std::isfinite(size.above())) strips.emplace_back(at, size);
  }
  for (int exponent = 1; exponent > -10; --exponent) {
    h_ = Interval::exactly(std::ldexp(1.0, exponent));
    for (const auto& [eta, size] : strips) {
      const Interval rule = Interval(2) * size / expm1(Interval(2) * pi() * eta / h_);
      if (!(rule.above() <= tolerance / 4)) continue;
      error_ = rule + before(Interval(left), Interval(0)) + behind(Interval(right)), known_ = true;
      const double per = std::ldexp(1.0, -exponent);
      first_ = static_cast<long>(std::floor(static_cast<double>(left) * per));
      last_ = static_cast<long>(std::ceil(static_cast<double>(right) * per));
      return;
    }
  }
}

Interval SumLine::tokens() const {
  long T = 0;
  for (const Share& share : law_.shares) T += share.count;
  return Interval(T);
}

Interval SumLine::with_z_aside(long left, long right, const Interval& eta) const {
  if (kappa_ > 0 && !certainly_less(Interval(2) * xi_ * abs(law_.c) * eta, law_.a)) return Interval::everything();
  Interval K = tokens() / (Interval(2) * square(law_.a));
  if (kappa_ == 0) K = K * (Interval(1) + square(law_.c)) / square(law_.r);
  return exp(K * square(eta)) * (before(Interval(left), eta) + Interval(right - left) + behind(Interval(right)));
}

/// ∫_{−∞}^U |Π φ − 1| du but for e^{Kη²}.
Interval SumLine::before(const Interval& U, const Interval& eta) const {
  Interval sum(0);
  for (const Share& share : law_.shares) {
    const double far = -(U + share.m).middle() - std::log(2 + abs(share.b).above());
    const Interval theta = Interval::exactly(std::clamp(far / square(law_.a).above(), 0.02, 1.0));
    const Interval H =
        Interval(kappa_) + xi_ * (abs(share.b) + law_.r + abs(law_.c) * (theta * law_.a + Interval(1) + eta / law_.a));
    sum += Interval(2 * share.count) / theta *
           exp(theta * (U + share.m + log(H / Interval(2))) + square(theta * law_.a) / Interval(2));
  }
  return sum;
}
/// ∫_U^∞ |Π φ| du but for e^{Kη²}, from the one share that is smallest or from all together.
Interval SumLine::behind(const Interval& U) const {
  Interval best = Interval::everything();
  for (double exponent = 0.25; exponent < 200; exponent *= 1.5) {
    const Interval theta = Interval::exactly(exponent), twice = theta * (log(Interval(2) * theta) - Interval(1));
    const Interval shape = kappa_ > 0 ? twice : twice / Interval(2) - theta * log(law_.r);
    Interval all(0);
    for (const Share& share : law_.shares) {
      const Interval one = shape - theta * (U + share.m) + square(theta * law_.a) / Interval(2);
      all += Interval(share.count) * one;
      best = least(best, exp(one) / theta);
    }
    best = least(best, exp(all) / (theta * tokens()));
  }
  return best;
}

/// From sin η ≤ η, cos η ≥ 1 − η²/2 and cos 2η ≥ 1 − 2η².
Interval SumLine::with_A_turned(long left, long right, const Interval& eta) const {
  const Interval none(0), one(1), two(2);
  const Interval k = one - square(eta) / two, g = one - two * square(eta);
  if (!g.positive()) return Interval::everything();
  const Interval Q = square(eta) / (square(law_.r) * g), rest = one - two * Q * square(law_.c);
  if (!rest.positive()) return Interval::everything();
  const Interval S2 = one / rest, swing = square(law_.a) * S2, y = xi_ * law_.r, log_k = log(k),
                 log_y2 = log(square(y) * g);
  Interval growth(0), before(0), least_behind = Interval::everything();
  for (const Share& share : law_.shares) {
    if (kappa_ > 0 && !certainly_less(two * xi_ * abs(share.b) * eta, k)) return Interval::everything();
    const Interval beta = kappa_ > 0 ? none : share.b, aside = two * Q * beta * law_.c * S2;
    growth += Interval(share.count) * (log(S2) / two + Q * square(beta) * S2);
    const Interval size = exp(Interval(left) + share.m + law_.a * aside + swing / two);
    const Interval value = abs(share.b) + abs(law_.c) * (abs(aside) + law_.a * S2 + sqrt(S2));
    before +=
        Interval(share.count) * (size * (Interval(kappa_) + xi_ * value) + square(y * size) * exp(swing) / Interval(4));
    for (double exponent = 0.25; exponent < 200; exponent *= 1.5) {
      const Interval theta = Interval::exactly(exponent), power = theta * (log(two * theta) - one);
      const Interval shape = kappa_ > 0 ? power - theta * log_k : (power - theta * log_y2) / two;
      const Interval exponents =
          shape - theta * (Interval(right) + share.m + law_.a * aside) + square(theta) * swing / two;
      least_behind = least(least_behind, exp(exponents) / theta);
    }
  }
  return exp(growth) * (before + Interval(right - left) + least_behind);
}

}  // namespace benign::checker

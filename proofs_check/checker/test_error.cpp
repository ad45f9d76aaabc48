#include "proofs_check/checker/test_error.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace benign::checker {
namespace {

/// A number whose tail is next to the probability: a choice, whose own tail is enclosed afterwards.
Interval quantile(double probability) {
  return Interval::exactly(std::numbers::sqrt2 *
                           boost::math::erfc_inv(2 * std::clamp(probability, 1e-300, 1.0 - 1e-9)));
}

Interval power(const Interval& x, long exponent) {
  if (exponent == 0) return Interval(1);
  const Interval half = power(x, exponent / 2), whole = square(half);
  return exponent % 2 == 0 ? whole : whole * x;
}

/// Only of use as a probability's bound: between 0 and 1.
Interval clipped(const Interval& x) { return least(largest(x, Interval(0)), Interval(1)); }

}  // namespace

/// A length that ‖z‖ exceeds with probability at most e^{−x}: ‖z‖² of T degrees of freedom exceeds T + 2√(Tx) + 2x no
/// more often (Laurent and Massart 2000, Lemma 1).
Interval TestInput::length(const Interval& x) const {
  const Interval T(others + 1);
  return sqrt(T + Interval(2) * sqrt(T * x) + Interval(2) * x);
}

Interval TestInput::from_above(double share) const {
  const Interval b0 = quantile(share), x = Interval::exactly(-std::log(share));
  Interval given_up = normal_tail(b0) + exp(-x);
  const Interval best = largest(Interval(0), largest(rho * own, rho * other));
  Interval squares(1), first, subsets(1);
  double log_subsets = 0;  // for a choice: the number itself is soon beyond a double
  for (long j = 1; j <= others; ++j) {
    subsets = subsets * Interval(others - j + 1) / Interval(j);
    log_subsets += std::log(static_cast<double>(others - j + 1) / static_cast<double>(j));
    const Interval b = quantile(std::exp((std::log(share) - log_subsets) / static_cast<double>(j)));
    given_up += subsets * power(normal_tail(b), j);
    const Interval ratio = exp(best - own + noise * (b0 + b));
    if (j == 1) first = ratio;
    squares += square(ratio);
  }
  const Interval answer = clear * (Interval(1) - rho * first);
  if (!answer.positive()) return Interval(1);
  return given_up + normal_tail((answer / sqrt(squares) - along * length(x)) / across);
}

Interval TestInput::from_below() const {
  constexpr int slabs = 48;
  const Interval x(9), m(others), spread = Interval(1) / sqrt(m), aside = along * length(x);
  const Interval shift = rho * (own + other) / m - own;
  const auto edge = [](int k) { return Interval(k - slabs / 2) / Interval(6); };  // from −4 to 4
  std::vector<Interval> share;
  for (int k = 0; k < slabs; ++k) share.push_back(normal_tail(edge(k)) - normal_tail(edge(k + 1)));
  Interval sum = -exp(-x);
  for (int k = 0; k < slabs; ++k)
    for (int j = 0; j < slabs; ++j) {
      const Interval rest = m * exp(Interval(2) * (shift + noise * (spread * edge(j) - edge(k + 1))));
      const Interval A = (clear * (Interval(1) / sqrt(Interval(1) + rest) + rho) + aside) / across;
      sum += share[static_cast<std::size_t>(k)] * share[static_cast<std::size_t>(j)] * normal_tail(A);
    }
  return sum;
}

Interval test_error(const theory::Parameters& p, const Interval& mu_plus_q, const Interval& mu_minus_q,
                    const Interval& q_norm2) {
  const WorkingBits bits(96);
  const Interval sigma = Interval::decimal(p.sigma.text()), mu = Interval::decimal(p.mu.text());
  const Interval clear = mu / (sqrt(Interval(2)) * sigma);
  if (q_norm2.zero()) return normal_tail(clear / sqrt(Interval(p.T)));
  const Interval length = sqrt(q_norm2);
  const Interval c = abs((mu_plus_q - mu_minus_q) / (sqrt(Interval(2)) * mu * length));
  const bool known = length.positive() && certainly_less(c, Interval(1));
  Interval above(0), below(0);
  for (const auto& [own, other] : {std::pair{mu_plus_q, mu_minus_q}, {mu_minus_q, mu_plus_q}}) {
    Interval most(1), least_one(0);
    if (known) {
      const TestInput input{p.T - 1, Interval::decimal(p.rho.text()), own, other, sigma * length, clear,
                            c,       sqrt(Interval(1) - square(c))};
      for (double share = 0.4; share > 1e-60; share /= share > 1e-4 ? 1.3 : 5)
        most = least(most, input.from_above(share));
      least_one = largest(least_one, input.from_below());
    }
    above += clipped(most), below += clipped(least_one);
  }
  return Interval::between(below / Interval(2), above / Interval(2));
}

}  // namespace benign::checker

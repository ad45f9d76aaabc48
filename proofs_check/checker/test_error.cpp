#include "proofs_check/checker/test_error.hpp"

#include "proofs_check/checker/descent/members.hpp"

#include "proofs_check/checker/arithmetic/sum_law.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
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

namespace {

/// The parameters' numbers in intervals.
struct Setting {
  explicit Setting(const theory::Parameters& p)
      : T(p.T),
        sigma(Interval::decimal(p.sigma.text())),
        mu(number(p.mu)),
        rho(number(p.rho)),
        clear(mu / (sqrt(Interval(2)) * sigma)) {}
  long T;
  Interval sigma, mu, rho;
  Interval clear;  // γ‖μ‖/σ

  /// The law of one class's inputs, values in units of their noise σ/‖μ‖.
  SumLaw law(const Interval& own, const Interval& other, const Interval& length) const {
    const Interval c = (own - other) / (sqrt(Interval(2)) * mu * length), none(0);
    SumLaw law{{{own, clear, 1}, {rho * own, rho * clear, 1}, {rho * other, -(rho * clear), 1}},
               sigma * length,
               c,
               sqrt(Interval(1) - square(c))};
    if (T > 3) law.shares.push_back({none, none, T - 3});
    return law;
  }
};

bool known(const SumLaw& law) { return law.a.positive() && certainly_less(abs(law.c), Interval(1)); }

/// The error of the uniform attention, give or take what logits m_t + az_t move it by: √(2π)r times that is at most
/// max|m_t| (B + |c|√T) + a (B√T + |c|T), B² = Σ b_t².
Interval near_uniform(const Setting& s, const SumLaw& law) {
  Interval squares(0), m(0);
  for (const Share& share : law.shares)
    squares += Interval(share.count) * square(share.b), m = largest(m, abs(share.m));
  const Interval T(s.T), B = sqrt(squares), c = abs(law.c);
  const Interval moved = (m * (B + c * sqrt(T)) + law.a * (B * sqrt(T) + c * T)) / (Interval(2) * law.r);
  return normal_tail(s.clear / sqrt(T)) + Interval::around_zero(moved.high());  // √(2π) > 2
}

/// What lies in both. Two bounds of one number that do not meet are a fault of this program.
Interval meet(const Interval& x, const Interval& y) {
  if (certainly_less(x, y) || certainly_less(y, x)) throw std::logic_error("bounds of a test error that do not meet");
  return Interval::between(largest(x, y), least(x, y));  // low of the larger, high of the smaller
}

}  // namespace

Interval test_error(const theory::Parameters& p, const Interval& mu_plus_q, const Interval& mu_minus_q,
                    const Interval& q_norm2) {
  const WorkingBits bits(96);
  const Setting s(p);
  if (q_norm2.zero()) return normal_tail(s.clear / sqrt(Interval(p.T)));
  const Interval length = sqrt(q_norm2);
  Interval both(0);
  for (const auto& [own, other] : {std::pair{mu_plus_q, mu_minus_q}, {mu_minus_q, mu_plus_q}}) {
    Interval most(1), least_one(0);
    Interval one = Interval::between(least_one, most);
    if (const SumLaw law = s.law(own, other, length); known(law)) {
      const TestInput input{p.T - 1, s.rho, own, other, law.a, s.clear, abs(law.c), law.r};
      for (double share = 0.4; share > 1e-60; share /= share > 1e-4 ? 1.3 : 5)
        most = least(most, input.from_above(share));
      const auto summed = negative_sum(law);
      if (!summed) least_one = largest(least_one, input.from_below());
      one = Interval::between(clipped(least_one), clipped(most));
      one = meet(one, summed ? *summed : near_uniform(s, law));
    }
    both += one;
  }
  return both / Interval(2);
}

namespace {

/// E log(1 + e^{−F}) of a normal F of mean γ/T and variance σ²/(‖μ‖²T): the series of the even part alternates.
Interval loss_of_uniform(const Setting& s) {
  const Interval T(s.T), mean = Interval(1) / (sqrt(Interval(2)) * T), v = square(s.sigma / s.mu) / T, m = square(mean);
  const Interval second = m + v, fourth = square(m) + Interval(6) * m * v + Interval(3) * square(v);
  const Interval sixth = m * square(m) + Interval(15) * v * (square(m) + Interval(3) * m * v + square(v));
  const Interval series = log(Interval(2)) - mean / Interval(2) + second / Interval(8) - fourth / Interval(192);
  return Interval::between(series, series + sixth / Interval(2880));
}

/// A bound of E F⁴: F is a mean of the T values, each normal.
Interval fourth_moment(const SumLaw& law, const Interval& chi) {
  Interval sum(0);
  for (const Share& share : law.shares)
    sum += Interval(share.count) * (square(square(share.b)) + Interval(6) * square(share.b) + Interval(3));
  return sum * square(square(chi));
}

std::optional<Interval> summed_loss(const SumLaw& law, const Interval& chi) {
  // The poles π and 3π, and two far away for E F² and E F: log(1 + x) and arctan x at F/16 and F/512.
  const Interval poles[] = {pi(), Interval(3) * pi(), Interval(16), Interval(512)};
  std::vector<Interval> xi;
  for (const Interval& pole : poles) xi.push_back(chi / pole);
  const auto logs = quotient_logs(law, xi);
  if (!logs) return std::nullopt;
  const Interval fourth = fourth_moment(law, chi), third = sqrt(fourth) * sqrt(sqrt(fourth));  // of E F⁴ and E|F|³
  Interval c = Interval(1) / Interval(8), d = Interval(1) / Interval(96), loss = log(Interval(2));
  for (std::size_t k = 0; k < 2; ++k) {
    loss += Interval(2) * (*logs)[k].re;
    c -= Interval(1) / square(poles[k]), d -= Interval(1) / square(square(poles[k]));
  }
  const Interval log_far = Interval(2) * square(poles[2]) * (*logs)[2].re;  // x − x²/2 ≤ log(1 + x) ≤ x
  loss += c * Interval::between(log_far, log_far + fourth / (Interval(2) * square(poles[2])));
  const Interval off = third / (Interval(3) * square(poles[3]));  // |arctan x − x| ≤ |x|³/3
  loss -= (poles[3] * (*logs)[3].im + Interval::around_zero(off.high())) / Interval(2);
  return Interval::between(loss - d * fourth / Interval(2), loss);
}

}  // namespace

Interval test_loss(const theory::Parameters& p, const Interval& mu_plus_q, const Interval& mu_minus_q,
                   const Interval& q_norm2) {
  const WorkingBits bits(96);
  const Setting s(p);
  if (q_norm2.zero()) return loss_of_uniform(s);
  const Interval length = sqrt(q_norm2), chi = s.sigma / s.mu;
  Interval both(0);
  for (const auto& [own, other] : {std::pair{mu_plus_q, mu_minus_q}, {mu_minus_q, mu_plus_q}}) {
    const SumLaw law = s.law(own, other, length);
    const auto summed = known(law) ? summed_loss(law, chi) : std::nullopt;
    // log(1 + e^{−F}) ≤ log 2 + |F|, and E|F| is at most the fourth root of E F⁴.
    const Interval most = log(Interval(2)) + sqrt(sqrt(fourth_moment(law, chi)));
    both += summed ? *summed : Interval::between(Interval(0), most);
  }
  return both / Interval(2);
}

}  // namespace benign::checker

#include "proofs_check/checker/arithmetic/sum_law.hpp"

#include "proofs_check/checker/arithmetic/sum_line.hpp"

#include <algorithm>
#include <cmath>

namespace benign::checker {
namespace {

constexpr double most_nodes = 1e6;

Interval ball(const Interval& radius) { return Interval::around_zero(radius.high()); }
Interval of(double x) { return Interval::exactly(x); }
Interval power_of_two(int exponent) { return Interval::exactly(std::ldexp(1.0, exponent)); }

Complex operator*(const Complex& x, const Complex& y) { return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re}; }

/// e^{−decay − i angle}: both functions move by no more than their argument, so one value at a point and what the angle
/// is away from it enclose them.
Complex turned(const Interval& decay, const Interval& angle) {
  const Interval at = of(angle.middle()), away = ball(abs(angle - at));
  Interval sine, cosine;
  mpfr_sin_cos(sine.low(), cosine.low(), at.low(), MPFR_RNDD);
  mpfr_set(sine.high(), sine.low(), MPFR_RNDU), mpfr_nextabove(sine.high());
  mpfr_set(cosine.high(), cosine.low(), MPFR_RNDU), mpfr_nextabove(cosine.high());
  const Interval size = exp(-decay);
  return {size * (cosine + away), -(size * (sine + away))};
}

/// One share's transform by nodes z = k h, |k| ≤ N, h a power of two.
class Transform {
 public:
  Transform(const SumLaw& law, const Share& share, int kappa, const Interval& xi, double tolerance)
      : law_(law), share_(share), kappa_(kappa), xi_(xi) {
    choose(tolerance);
    if (!known_) return;
    const Interval scale = h_ / sqrt(Interval(2) * pi());
    for (long k = -N_; k <= N_; ++k) {
      const Interval z = Interval(k) * h_;
      weight_.push_back(scale * exp(-(square(z) / Interval(2)))), growth_.push_back(exp(law.a * z));
      value_.push_back(share.b + law.c * z);
      size_ = largest(size_, abs(value_.back()));
    }
  }
  bool known() const { return known_; }
  long nodes() const { return 2 * N_ + 1; }

  Complex operator()(const Interval& u) const {
    const Interval start = exp(u + share_.m), half = square(xi_ * law_.r) / Interval(2);
    Complex sum{ball(error_), ball(error_)};
    for (std::size_t k = 0; k < weight_.size(); ++k) {
      const Interval A = start * growth_[k];
      const double A_most = A.above();
      if (A_most * near_ < 1e-4 * tolerance_) {  // |e^W − 1| ≤ |W|, Re W ≤ 0
        const Interval W = ball(A * (Interval(kappa_) + xi_ * size_) + half * square(A));
        sum.re += weight_[k] * (Interval(1) + W), sum.im += weight_[k] * W;
        continue;
      }
      const Interval decay = A * (Interval(kappa_) + half * A);
      if (decay.below() > 40) {
        const Interval rest = ball(weight_[k] * exp(-decay));
        sum.re += rest, sum.im += rest;
        continue;
      }
      const Complex one = turned(decay, xi_ * A * value_[k]);
      sum.re += weight_[k] * one.re, sum.im += weight_[k] * one.im;
    }
    return sum;
  }

 private:
  /// The error of the rule by the strip |Im z| ≤ δ.
  Interval rule(const Interval& h, const Interval& delta) const {
    const Interval turn = law_.a * delta, flat = Interval(1) - square(turn) / Interval(2);
    const Interval q = square(law_.r) * (Interval(1) - Interval(2) * square(turn));
    const Interval tau = square(turn * law_.c) / q, free = Interval(1) - tau;
    if (!q.positive() || !free.positive()) return Interval::everything();
    Interval M = exp(square(delta) / Interval(2)) / sqrt(free);
    // ξP, which is negative where the decay of e^{−A} outdoes the phase.
    const Interval lift = xi_ * (turn * abs(share_.b) + delta * abs(law_.c)) - Interval(kappa_) * flat;
    if (!lift.negative()) M = M * Interval(2) * exp(square(lift / xi_) / (Interval(2) * q * free));
    return Interval(2) * M / expm1(Interval(2) * pi() * delta / h);
  }

  void choose(double tolerance) {
    tolerance_ = tolerance;
    near_ = kappa_ + xi_.above() * (abs(share_.b).above() + 10);
    for (int exponent = 0; exponent > -14 && !known_; --exponent) {
      h_ = power_of_two(exponent);
      for (double delta = 0.02 / std::max(1.0, law_.a.above()); delta < 12; delta *= 1.2) {
        const Interval error = rule(h_, of(delta));
        if (error.above() > tolerance / 2) continue;
        N_ = static_cast<long>(std::sqrt(2 * std::log(8 / tolerance)) / h_.middle()) + 1;
        error_ = error + Interval(2) * normal_tail(Interval(N_) * h_), known_ = true;
        break;
      }
    }
  }

  const SumLaw& law_;
  Share share_;
  int kappa_;
  Interval xi_, h_, error_, size_;
  double tolerance_ = 0, near_ = 0;
  long N_ = 0;
  bool known_ = false;
  std::vector<Interval> weight_, growth_, value_;
};

/// The product of all shares' transforms.
class Product {
 public:
  Product(const SumLaw& law, int kappa, const Interval& xi, const SumLine& line, double tolerance) {
    long T = 0;
    for (const Share& share : law.shares) T += share.count;
    const double each = tolerance / (4 * static_cast<double>(T) * (line.step() * Interval(line.nodes())).above());
    for (const Share& share : law.shares) {
      factors_.emplace_back(law, share, kappa, xi, each);
      counts_.push_back(share.count);
      known_ = known_ && factors_.back().known();
      nodes_ += factors_.back().nodes();
    }
    known_ = known_ && static_cast<double>(nodes_) * static_cast<double>(line.nodes()) < most_nodes;
  }
  bool known() const { return known_; }
  Complex operator()(const Interval& u) const {
    Complex product{1, 0};
    for (std::size_t k = 0; k < factors_.size(); ++k) {
      const Complex one = factors_[k](u);
      for (long n = 0; n < counts_[k]; ++n) product = product * one;
    }
    return product;
  }

 private:
  std::vector<Transform> factors_;
  std::vector<long> counts_;
  long nodes_ = 0;
  bool known_ = true;
};

}  // namespace

std::optional<Interval> negative_sum(const SumLaw& law) {
  constexpr double tolerance = 1e-5;
  const SumLine line(law, 0, Interval(1), tolerance);
  if (!line.known()) return std::nullopt;
  const Product product(law, 0, Interval(1), line, tolerance);
  if (!product.known()) return std::nullopt;
  Interval sum(0);
  for (long k = 0; k < line.nodes(); ++k) sum += product(line.node(k)).im;
  return Interval(1) / Interval(2) + (sum * line.step() + ball(line.error())) / pi();
}

std::optional<std::vector<Complex>> quotient_logs(const SumLaw& law, const std::vector<Interval>& xi) {
  constexpr double tolerance = 1e-7;
  Interval most(0);
  for (const Interval& one : xi) most = largest(most, one);
  const SumLine line(law, 1, most, tolerance);
  if (!line.known()) return std::nullopt;
  const Product whole(law, 1, Interval(0), line, tolerance);
  std::vector<Product> products;
  for (const Interval& one : xi) products.emplace_back(law, 1, one, line, tolerance);
  std::vector<Complex> sums(xi.size());
  if (!whole.known()) return std::nullopt;
  for (const Product& product : products)
    if (!product.known()) return std::nullopt;
  for (long k = 0; k < line.nodes(); ++k) {
    const Complex at = whole(line.node(k));
    for (std::size_t j = 0; j < xi.size(); ++j) {
      const Complex one = products[j](line.node(k));
      sums[j].re += at.re - one.re, sums[j].im -= one.im;
    }
  }
  for (Complex& sum : sums) {
    const Interval error = ball(Interval(2) * line.error());
    sum.re = sum.re * line.step() + error, sum.im = sum.im * line.step() + error;
  }
  return sums;
}

}  // namespace benign::checker

// Which precision a run needs is found by comparing; a formula that loses its digits late needs more of them.

#include "tests/support/compare.hpp"
#include "tests/support/limit_config.hpp"
#include "sim/runs/escalation.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/simulate.hpp"

using namespace benign;
using namespace benign::sim;
using theory::Decimal;

namespace {

/// dâ/ds of the eight scalars as one would write it: Y σ(−Y f) s_t (v_t − f), with f = Σ s_t v_t over eight tokens.
template <class Real>
Vector<Real> by_subtraction(const Vector<Real>& a, const Real& x, const Real& u) {
  using std::exp;
  const Real gamma = theory::head_scale<Real>(), rho = ratio<Real>(1, 10), count[] = {1, 1, 1, 5};
  const Real v[] = {gamma, gamma * rho, -gamma * rho, 0}, c[] = {1, rho, rho, 0}, samples[] = {8, 2};  // per class
  Real X(0);
  for (Index g = 0; g < 2; ++g)
    for (Index t = 0; t < 4; ++t) X += x / 20 * samples[g] * c[t] * a[4 * g + t];
  Vector<Real> rate(8);
  for (Index g = 0; g < 2; ++g) {
    const Real Y(g == 0 ? 1 : -1);
    Real largest = a[4 * g] + X, sum(0), f(0), s[4];
    for (Index t = 1; t < 4; ++t)
      if (const Real logit = a[4 * g + t] + c[t] * X; logit > largest) largest = logit;
    for (Index t = 0; t < 4; ++t) s[t] = exp(a[4 * g + t] + c[t] * X - largest), sum += count[t] * s[t];
    for (Index t = 0; t < 4; ++t) s[t] /= sum, f += count[t] * s[t] * v[t];
    for (Index t = 0; t < 4; ++t) rate[4 * g + t] = Y * theory::sigmoid<Real>(-Y * f) * exp(u) * s[t] * (v[t] - f);
  }
  return rate;
}

/// All accumulators at log(1 + s) = u by that formula, by Runge and Kutta's method in steps of 1/50 at double's
/// tolerance, shorter at smaller ones.
RunNumbers outcome_by_subtraction(Precision precision, double tolerance, double u) {
  return with_precision(precision, [&]<class Real>(std::type_identity<Real>) {
    const Real x = ratio<Real>(1, 10);
    const long steps = std::lround(25 * u * std::pow(tolerance, -0.025));
    const Real h = Real(u) / Real(steps);
    Vector<Real> a = Vector<Real>::Zero(8);
    for (long k = 0; k < steps; ++k) {
      const Real at = h * Real(k), middle = at + h / 2;
      const Vector<Real> k1 = by_subtraction<Real>(a, x, at), k2 = by_subtraction<Real>(a + h / 2 * k1, x, middle),
                         k3 = by_subtraction<Real>(a + h / 2 * k2, x, middle),
                         k4 = by_subtraction<Real>(a + h * k3, x, at + h);
      a += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    RunNumbers outcome;
    for (Index k = 0; k < a.size(); ++k) outcome.push_back(mp100(a[k]));
    return outcome;
  });
}

double distance(const RunNumbers& x, const RunNumbers& y) {
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    largest = std::max(largest, std::abs(representative<mp100>(*x[i] - *y[i])));
  return largest;
}

}  // namespace

TEST_CASE("v_t - f by subtraction goes wrong beyond log s = 37 in double, and escalation notices",
          "[escalation][mp50]") {
  const auto run = [](double u) {
    return [u](Precision precision, double tolerance) { return outcome_by_subtraction(precision, tolerance, u); };
  };
  CHECK(escalate(run(10)).precision == Precision::binary64);

  const auto late = escalate(run(50));
  CHECK(late.precision == Precision::pairs);
  CHECK(late.confirmed);
  const double tolerance = default_tolerance<double>();
  const auto exact = outcome_by_subtraction(Precision::digits50, tolerance, 50);
  CHECK(distance(outcome_by_subtraction(Precision::binary64, tolerance, 50), exact) > 0.1);
  CHECK(distance(outcome_by_subtraction(Precision::pairs, tolerance, 50), exact) < 1e-6);
}

TEST_CASE("the route's own formula needs no more than double at log s = 60 and 500", "[escalation]") {
  for (const char* log_s_max : {"60", "500"}) {
    const auto found = escalate(limit_config("1000", 200'000'000, log_s_max));
    INFO("apart by " << found.difference << ", integrator's error " << found.error);
    CHECK(found.precision == Precision::binary64);
    CHECK(found.confirmed);
  }
}

TEST_CASE("escalation ends at the highest precision, unconfirmed, where no two agree", "[escalation]") {
  double last = 0;
  const auto found = escalate([&](Precision, double) -> RunNumbers { return {mp100(last += 1)}; });
  CHECK(found.precision == Precision::digits100);
  CHECK(!found.confirmed);
  // An event that only one of two precisions sees is a disagreement, however small the numbers.
  const auto split = escalate([](Precision precision, double) -> RunNumbers {
    return {precision == Precision::binary64 ? std::nullopt : std::optional<mp100>(1)};
  });
  CHECK(split.precision == Precision::pairs);
}

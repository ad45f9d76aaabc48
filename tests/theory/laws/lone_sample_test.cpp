// A lone sample's fit against its flow, integrated as it stands, and against a closed form.

#include "tests/support/compare.hpp"
#include "theory/laws/lone_sample.hpp"
#include "theory/model/model.hpp"

#include <random>

using namespace benign;
using namespace benign::theory;

namespace {

/// Σ_t s_t y_t of logits a, and the attentions.
double output(const std::vector<double>& y, const std::vector<double>& a, std::vector<double>& s) {
  double total = 0, f = 0;
  for (const double x : a) total += std::exp(x);
  for (std::size_t t = 0; t < y.size(); ++t) s[t] = std::exp(a[t]) / total, f += s[t] * y[t];
  return f;
}

/// da_t/ds = σ(−f) s_t (y_t − f) from a = 0 until f = 0, by the classical Runge–Kutta method.
double integrated_fit(const std::vector<double>& y, double step) {
  const std::size_t T = y.size();
  std::vector<double> a(T, 0), s(T), k[4], at(T);
  const auto rate = [&](const std::vector<double>& x) {
    const double f = output(y, x, s), w = 1 / (1 + std::exp(f));
    std::vector<double> r(T);
    for (std::size_t t = 0; t < T; ++t) r[t] = w * s[t] * (y[t] - f);
    return r;
  };
  double time = 0, f = output(y, a, s);
  for (;;) {
    const double before = f;
    const auto old = a;
    for (int stage = 0; stage < 4; ++stage) {
      const double part = stage == 0 ? 0 : stage < 3 ? step / 2 : step;
      at = old;
      if (stage > 0)
        for (std::size_t t = 0; t < T; ++t) at[t] += part * k[stage - 1][t];
      k[stage] = rate(at);
    }
    for (std::size_t t = 0; t < T; ++t) a[t] += step / 6 * (k[0][t] + 2 * k[1][t] + 2 * k[2][t] + k[3][t]);
    f = output(y, a, s);
    if (f >= 0) return time + step * before / (before - f);
    time += step;
  }
}

}  // namespace

TEST_CASE("a lone sample is fitted when its own flow says so", "[lone_sample]") {
  std::mt19937_64 draw(3);
  std::normal_distribution<double> normal;
  for (int i = 0; i < 20; ++i) {
    std::vector<double> y = {-0.7, -0.07, 0.07};
    for (const std::size_t T = 3 + static_cast<std::size_t>(i % 6); y.size() < T;) y.push_back(0);
    for (double& value : y)
      if (value != 0.07) value += 0.03 * normal(draw);  // one is surely positive
    const double expected = integrated_fit(y, 0.01);
    INFO(i);
    tests::require_close(lone_fit_time(y), expected, 1e-5);
  }
}

TEST_CASE("two tokens of opposite values are fitted at once or never", "[lone_sample]") {
  CHECK(lone_fit_time({-1, 1}) == 0);  // f = 0 at uniform attention
  CHECK(lone_fit_time({-1, 2}) == 0);
  CHECK(std::isinf(lone_fit_time({-1, -0.5, 0})));
  // Two tokens: f = 0 at a₂ − a₁ = log 3 for values −3 and 1. With x = a₂ − a₁, s₁s₂ = 1/(2 + 2 cosh x) and f = 1 −
  // 4s₁, dx/ds = 8 σ(−f) s₁s₂, so that s = ∫₀^{log 3} (2 + 2 cosh x)(1 + e^{f(x)})/8 dx.
  double s = 0;
  const int parts = 2000;
  for (int k = 0; k <= parts; ++k) {  // Simpson's rule
    const double x = std::log(3.0) * k / parts, f = 1 - 4 / (1 + std::exp(x));
    s += (k == 0 || k == parts ? 1 : k % 2 ? 4 : 2) * (2 + 2 * std::cosh(x)) * (1 + std::exp(f)) / 8;
  }
  tests::require_close(lone_fit_time({-3, 1}), s * std::log(3.0) / parts / 3, 1e-10);
}

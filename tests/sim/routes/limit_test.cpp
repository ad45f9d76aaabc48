// The limit d → ∞: against what was known of it beforehand, against the finite system with ideal inner products, and as
// what the finite system tends to.

#include "tests/support/compare.hpp"
#include "tests/support/ideal_frame.hpp"
#include "tests/support/limit_config.hpp"
#include "sim/routes/flow.hpp"
#include "sim/routes/limit.hpp"
#include "sim/runs/simulate.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/regime.hpp"

#include <boost/math/tools/toms748_solve.hpp>

using namespace benign;
using namespace benign::sim;
using benign::tests::relative_difference;
using benign::tests::require_close;
using theory::Decimal;

namespace {

/// The limit at nSNR² = n‖μ‖²/d.
template <class Real>
Events<Real> events_of(const RunConfig& config, double tolerance = default_tolerance<Real>()) {
  return simulate<Real>(Run<Real>(config), 0, {}, {}, tolerance).events;
}

}  // namespace

TEST_CASE("times of fitting and generalisation in the limit", "[limit]") {
  // THEORY section 5.12: computed by independent programs, to the digits given.
  struct Known {
    const char* mu;
    long d;
    double gap, fit;
  };
  for (const auto& known : {Known{"1000", 20'000'000, 8.2809, 4.763}, Known{"1000", 200'000'000, 64.5290, 4.712},
                            Known{"300", 60'000'000, 209.4312, 4.701}}) {
    const auto events = events_of<double>(limit_config(known.mu, known.d, "220"));
    CHECK(*events.gap == Approx(known.gap).margin(5e-5).epsilon(0));
    CHECK(*events.fit == Approx(known.fit).margin(5e-4).epsilon(0));
  }
}

TEST_CASE("the delay grows by log T/c* per 1/(n SNR^2)", "[limit]") {
  for (const auto& set : {LimitSetting{20, 8, "0.1", "0.2"},
                          {20, 8, "0", "0.2"},
                          {20, 12, "0.2", "0.1"},
                          {10, 4, "0.1", "0.3"},
                          {40, 8, "0.05", "0.05"},
                          {20, 3, "0.1", "0.2"},
                          {100, 20, "0.1", "0.2"},
                          {8, 8, "0.1", "0.25"},
                          {30, 8, "0.1", "0.1"},
                          {20, 8, "0.1", "0"}}) {
    const auto gap = [&](double x) {
      const RunConfig config = limit_config_at(x, "300", set);
      return std::pair{*events_of<double>(config).gap, theory::delay_slope(config.parameters)};
    };
    const auto [first, law] = gap(0.1);
    const double slope = (gap(0.05).first - first) / 10;
    INFO(set.text() << ": slope " << slope);
    CHECK(slope == Approx(law).epsilon(2e-3));
  }
}

TEST_CASE("times of memorisation in the limit", "[limit]") {
  for (const auto& [x, log_s] : {std::pair{384L, 5.883},
                                 {512L, 7.421},
                                 {768L, 10.941},
                                 {1024L, 14.375},
                                 {1536L, 20.781},
                                 {2048L, 26.768},
                                 {4096L, 49.550}}) {
    const auto events = events_of<double>(limit_config_at(x, "60"));
    CHECK(*events.memorised == Approx(log_s).margin(1e-3).epsilon(0));  // d is rounded
  }
}

TEST_CASE("the delay of generalisation to 20 digits", "[limit][mp50]") {
  const auto config = limit_config("1000", 200'000'000, "70");
  const mp50 gap = *events_of<mp50>(config).gap;
  require_close<mp50>(mp50(*events_of<dd>(config).gap), gap, 1e-21);
  require_close(*events_of<double>(config).gap, representative(gap), 1e-10);
}

TEST_CASE("the delay of generalisation to 20 digits, mp50 against mp100 at log s = 209", "[limit][mp50][long]") {
  const auto config = limit_config("300", 60'000'000, "220");
  const mp100 gap = *events_of<mp100>(config).gap;
  require_close<mp100>(mp100(*events_of<mp50>(config).gap), gap, 1e-35);
}

TEST_CASE("an event's error falls with the tolerance", "[limit]") {
  const auto config = limit_config("1000", 200'000'000, "70");
  const double exact = representative(*events_of<dd>(config).gap);
  for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
    const double error = std::abs(*events_of<double>(config, tolerance).gap - exact) / exact;
    INFO("tolerance " << tolerance << ": relative error " << error);
    CHECK(error < 30 * tolerance);
  }
}

TEST_CASE("the limit is the finite system with ideal inner products", "[limit]") {
  // Five flipped labels of twenty: three of class +1 and two of class −1, so that X₊ ≠ X₋.
  RunConfig config = limit_config("600", 60'000, "8");
  config.parameters.n = 10, config.parameters.T = 5;
  config.parameters.eta = Decimal("0.3");
  const Run<double> run(config);
  const auto& p = config.parameters;
  const auto frame = tests::ideal_frame<double>(run.frame().samples, tests::coordinates<double>(run.instance()),
                                                theory::snr(p) * theory::snr(p), 600);
  const auto finite = make_route<double>(RouteKind::coefficients, run.instance(), &frame);
  for (const double u : {1.0, 4.0, 8.0}) {
    const auto a = run.route().read(flow_to(run.route(), u, 1e-13)), b = finite->read(flow_to(*finite, u, 1e-13));
    CHECK(relative_difference(a.logits, b.logits) < 1e-10);
    require_close(a.mu_plus_q, b.mu_plus_q, 1e-10);
    require_close(a.mu_minus_q, b.mu_minus_q, 1e-10);
    CHECK(std::abs(a.mu_plus_q - a.mu_minus_q) > 1e-3);
  }
  const Vector<double> state = flow_to(run.route(), 4.0, 1e-13), other = flow_to(*finite, 4.0, 1e-13);
  require_close(run.route().gradient_norm2(state) * run.frame().scales.tau0,
                finite->gradient_norm2(other) * frame.scales.tau0, 1e-10);
}

TEST_CASE("the limit with more kinds of tokens, and unequal groups", "[limit]") {
  // Two weakly relevant tokens of either class, of unequal strength, and three irrelevant ones of unequal values.
  using Tokens = LimitTokens<double>;
  const std::vector<Tokens> plus = {{{1, 0}, 0.7, 1},     {{0.3, 0}, 0.2, 2}, {{0.1, 0.05}, 0.05, 1},
                                    {{0, 0.2}, -0.15, 1}, {{0, 0}, 0, 2},     {{0, 0}, -0.02, 1}};
  std::vector<Tokens> minus = plus;
  for (auto& t : minus) std::swap(t.signal[0], t.signal[1]), t.value = -t.value;
  const std::vector<LimitGroup<double>> groups = {
      {+1, plus, {0, 1, 2, 3}}, {-1, plus, {4}}, {-1, minus, {5, 6, 7}}, {+1, minus, {8, 9}}};
  const double snr2 = 0.3;
  const LimitSystem<double> limit(groups, snr2, 1.0);

  const Index n = 10, T = 8;
  theory::Samples<double> samples{n, T, Vector<double>(n * T), std::vector<int>(n)};
  Matrix<double> c(n * T, 2);
  for (const auto& group : groups)
    for (const Index i : group.samples) {
      samples.labels[static_cast<std::size_t>(i)] = group.label;
      Index t = i * T;
      for (const auto& tokens : group.tokens)
        for (long k = 0; k < tokens.count; ++k, ++t) {
          c.row(t) << tokens.signal[0], tokens.signal[1];
          samples.values[t] = tokens.value;
        }
    }
  const auto frame = tests::ideal_frame<double>(samples, c, snr2, 20);
  const Instance unused = draw_instance(theory::Parameters(), DataKind::gram, 1);
  const auto finite = make_route<double>(RouteKind::coefficients, unused, &frame);
  for (const double u : {2.0, 20.0}) {
    const auto a = limit.read(flow_to<double>(limit, u, 1e-13)), b = finite->read(flow_to(*finite, u, 1e-13));
    CHECK(relative_difference(a.logits, b.logits) < 1e-10);
  }
}

TEST_CASE("classes that are alike are as two that happen to be equal", "[limit]") {
  const RunConfig config = limit_config("1000", 20'000'000, "8");
  const Run<double> run(config);
  REQUIRE(run.route().start().size() == 8);
  const auto frame =
      tests::ideal_frame<double>(run.frame().samples, tests::coordinates<double>(run.instance()), 0.05, 1000);
  const auto finite = make_route<double>(RouteKind::coefficients, run.instance(), &frame);
  const auto a = run.route().read(flow_to(run.route(), 8.0, 1e-13)), b = finite->read(flow_to(*finite, 8.0, 1e-13));
  CHECK(relative_difference(a.logits, b.logits) < 1e-10);
}

TEMPLATE_TEST_CASE("what the limit keeps: each sample's accumulators, and the energy", "[limit]", double, dd) {
  using Real = TestType;
  const Run<Real> run(limit_config("1000", 20'000'000, "60"));
  const Real u(60);
  const Vector<Real> state = flow_to(run.route(), u, default_tolerance<Real>());
  const Real largest = state.template lpNorm<Eigen::Infinity>();
  Vector<Real> count(4);
  count << 1, 1, 1, 5;
  for (Index group = 0; group < 2; ++group)
    // Extrapolation of high order weighs its rounding errors by up to 1e3.
    CHECK(std::abs(representative(Real(count.dot(state.segment(4 * group, 4)) / (largest * unit_roundoff<Real>())))) <
          3e4);

  const auto loss_of = [&](const Vector<Real>& x) {
    const auto& samples = run.frame().samples;
    return theory::loss(samples, theory::outputs(samples, theory::attention(samples, run.route().read(x).logits)));
  };
  const auto extended = flow_with_energy(run.route(), run.frame().scales.tau0, u, default_tolerance<Real>());
  require_close<Real>(loss_of(extended.head(8)) + extended[8], loss_of(run.route().start()),
                      100 * default_tolerance<Real>());
}

TEST_CASE("forwards and backwards in time", "[limit]") {
  // Until log(1 + s) = 3: later ever more of the start is lost, since losing tokens tend to one curve whatever it was.
  const Run<double> run(limit_config("1000", 20'000'000, "10"));
  const double end = 3, tolerance = 1e-13;
  const Vector<double> there = flow_to(run.route(), end, tolerance);
  Flow<double> back(
      [&](const Vector<double>& x, Vector<double>& dx, const double& w) {
        run.route().flow(x, end - w, dx);
        dx = -dx;
      },
      nullptr, there, tolerance);
  while (back.to() < end) back.step();
  CHECK(there.lpNorm<Eigen::Infinity>() > 0.5);
  CHECK(back.at(end).lpNorm<Eigen::Infinity>() < 1e-10);
}

TEST_CASE("the limit's test error is that of a population without noise", "[limit]") {
  const auto p = limit_config("1000000", 20'000'000'000'000, "10").parameters;
  const PopulationTest population(p);
  for (const double X : {0.0, 0.5, 3.0}) {
    const auto limit = noiseless_test(p, X, 2 * X);
    const auto finite = population({X, 2 * X, 5.001 * X * X / 1e12 + 1e-30});  // q along the signals
    CHECK(limit.accuracy == 1);
    CHECK(limit.loss == Approx(finite.loss).margin(1e-5));  // σ/‖μ‖ = 1e-6
    CHECK(limit.attention == Approx(finite.attention).margin(1e-5));
  }
  CHECK(noiseless_test(p, -50, -50).accuracy < 1);
}

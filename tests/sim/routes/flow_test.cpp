// The gradient flow: a solution known in closed form, its invariants, its limit from descent, and its events.

#include "tests/support/compare.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/method.hpp"
#include "theory/laws/late_time.hpp"
#include "theory/laws/rates.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::relative_difference;
using benign::tests::require_close;
using theory::Decimal;
using theory::Init;

namespace {

RunConfig tiny(const char* sigma_p, Train train = Train::W_and_p) {
  RunConfig config;
  config.parameters.n = 4, config.parameters.T = 4, config.parameters.d = 30;
  config.parameters.eta = Decimal("0.25");
  config.parameters.sigma_p = Decimal(sigma_p);
  config.parameters.init = Init::gaussian;
  config.train = train;
  config.flow = true;
  return config;
}

/// The state at the horizon, and L(0) − L − ∫ ‖∇L‖² dτ there.
template <class Real>
std::pair<Vector<Real>, Real> flow_and_energy_gap(const Run<Real>& run) {
  const Vector<Real> start = run.route().start();
  const Vector<Real> x =
      flow_with_energy(run.route(), run.frame().scales.tau0, horizon<Real>(run.config()), default_tolerance<Real>());
  const Vector<Real> state = x.head(start.size());
  return {state, Real(run.observe(start).train_loss - run.observe(state).train_loss - x[start.size()])};
}

}  // namespace

TEMPLATE_TEST_CASE("the integrator solves an equation with a known solution", "[flow]", double, dd, mp50) {
  // x″ = −x in the variable u: cosine and sine, inside steps as well as at their ends.
  const auto cosine = [](const TestType& u) { return static_cast<TestType>(cos(mp50(u))); };
  for (const double tolerance : {default_tolerance<TestType>(), 1e-6}) {
    Vector<TestType> start(2);
    start << TestType(1), TestType(0);
    Flow<TestType> flow([](const auto& x, auto& dx, const auto&) { dx.resize(2), dx << x[1], -x[0]; }, nullptr, start,
                        tolerance);
    double worst = 0;
    while (representative(flow.to()) < 3) {
      flow.step();
      for (int part = 0; part <= 4; ++part) {
        const TestType u = flow.from() + (flow.to() - flow.from()) * ratio<TestType>(part, 4);
        worst = std::max(worst, std::abs(representative<TestType>(flow.at(u)[0] - cosine(u))));
      }
    }
    INFO("tolerance " << tolerance << ", error " << worst);
    CHECK(worst < 100 * tolerance);
  }
}

TEST_CASE("the gap equation of one token against equal others", "[flow]") {
  // THEORY section 5.11: with Λ' = s(1 − s), s the softmax of Λ against m others, g_m(x) = 2x + 2 sinh(x − log m) grows
  // at rate 1 from start to end, exactly.
  const mp50 log_m = log(mp50(7));
  const auto g = [&](const mp50& x) { return 2 * x + 2 * sinh(mp50(x - log_m)); };
  Vector<mp50> start(1);
  start << mp50(0);
  Flow<mp50> flow(
      [&](const auto& x, auto& dx, const auto&) {
        dx.resize(1);
        dx << 1 / (2 + 2 * cosh(mp50(x[0] - log_m)));
      },
      nullptr, start, default_tolerance<mp50>());
  while (flow.to() < 20) flow.step();
  require_close<mp50>(g(flow.at(mp50(20))[0]) - g(mp50(0)), mp50(20), 1e-36);
}

TEST_CASE("a first step that is far too long is not taken", "[flow]") {
  // dx/du = kσ(−x) from 0: e^x + x = 1 + ku. Of one step over all of it the midpoint rule says k/4 for any substeps.
  for (const double k : {10.0, 1e4, 1e6, 1e9}) {
    Flow<double> flow([k](const Vector<double>& x, Vector<double>& rate,
                          const double&) { rate = Vector<double>::Constant(1, k * theory::sigmoid(-x[0])); },
                      nullptr, Vector<double>::Zero(1), default_tolerance<double>());
    for (const double u : {0.001, 1.0}) {
      flow.reach(u, [] {});
      const double x = flow.at(u)[0];
      CHECK(std::exp(x) + x == Approx(1 + k * u).epsilon(1e-8));
    }
  }
}

TEST_CASE("times and their logarithms", "[flow]") {
  require_close(log_s_of_u(u_of_log_s(mp50(-30))), mp50(-30), 1e-36);
  require_close(log_s_of_u(u_of_log_s(mp50(500))), mp50(500), 1e-49);
  require_close(u_of_log_s(std::log(3.0)), std::log(4.0), 1e-15);
  require_close(u_of_log_s(1e4), 1e4, 1e-15);  // e^{10000} is no double
}

namespace {

/// The flows of the routes satisfy dL/dτ = −‖∇L‖² and, where both are trained, leave WᵀW − ppᵀ constant; their logits
/// agree.
void mp50_flows_hold(const char* sigma_p, Train train, std::initializer_list<RouteKind> routes) {
  RunConfig config = tiny(sigma_p, train);
  std::vector<Vector<mp50>> logits;
  for (const auto route : routes) {
    config.route = route;
    const Run<mp50> run(config);
    const auto [state, gap] = flow_and_energy_gap(run);
    INFO(text_of(route_choices, route) << ", train " << text_of(train_choices, train) << ": energy "
                                       << representative(gap));
    CHECK(abs(gap) < 1e-35);
    const auto imbalance = run.route().imbalance(state);
    CHECK(imbalance.has_value() == (train == Train::W_and_p && route != RouteKind::statistics));
    if (imbalance) {
      INFO("imbalance " << representative(*imbalance));
      CHECK(abs(*imbalance) < 1e-35);
    }
    logits.push_back(run.route().read(state).logits);
  }
  for (const auto& other : logits) CHECK(relative_difference(other, logits[0]) < 1e-34);
}

constexpr auto all_routes = {RouteKind::coefficients, RouteKind::direct, RouteKind::statistics};

}  // namespace

TEST_CASE("mp50 flow at n = T = 4, d = 30, tau = 5: energy and balance to 1e-35", "[flow][mp50]") {
  mp50_flows_hold("0.3", Train::W_and_p, all_routes);
}

TEST_CASE("mp50 flow from p = 0: energy and balance to 1e-35", "[flow][mp50]") {
  mp50_flows_hold("0", Train::W_and_p, {RouteKind::coefficients, RouteKind::statistics});
}

TEST_CASE("mp50 flow when only W or only p is trained: energy to 1e-35", "[flow][mp50]") {
  mp50_flows_hold("0.3", Train::p, all_routes);
  mp50_flows_hold("0.3", Train::W, all_routes);
}

TEST_CASE("descent is not balanced: the invariant can fail", "[flow][fault]") {
  RunConfig config = tiny("0.3");
  const Run<double> run(config);
  CHECK(std::abs(*run.route().imbalance(descend_to(run, 1000))) > 1e-6);
}

TEST_CASE("descent tends to the flow with order one in its step", "[flow]") {
  RunConfig config = tiny("0.3", GENERATE(Train::W_and_p, Train::p, Train::W));
  const Run<double> run(config);
  const double u = horizon<double>(config), s = std::expm1(u);
  const Vector<double> exact = run.route().read(flow_to(run.route(), u, 1e-13)).logits;
  std::vector<double> errors;
  for (const long steps : {500, 1000, 2000, 4000}) {
    const Vector<double> state = descend_to(run.route(), s / static_cast<double>(steps), steps);
    errors.push_back((run.route().read(state).logits - exact).lpNorm<Eigen::Infinity>());
  }
  for (std::size_t k = 1; k < errors.size(); ++k) {
    const double order = std::log2(errors[k - 1] / errors[k]);
    INFO("order " << order);
    CHECK(std::abs(order - 1) < 0.1 / static_cast<double>(1 << (k - 1)));
  }
}

TEST_CASE("training W beside p adds what is of order epsilon = 1/(kappa^2 sigma^2 d)", "[flow]") {
  RunConfig config = tiny("0");
  config.data = DataKind::gram;
  config.parameters.d = 1'000'000, config.parameters.mu = Decimal("300");
  std::vector<double> changes;
  for (const char* sigma_w : {"0.01", "0.02", "0.04"}) {  // ε = 1/(σ_w⁴d³) falls sixteenfold, to 4e-13
    config.parameters.sigma_w = Decimal(sigma_w);
    const auto logits_at_5 = [&](Train train) {
      config.train = train;
      const Run<mp50> run(config, QNorm::not_needed);
      return run.route().read(flow_to<mp50>(run.route(), mp50(5), 1e-25)).logits;
    };
    changes.push_back(relative_difference(logits_at_5(Train::W_and_p), logits_at_5(Train::p)));
  }
  CHECK(changes[2] > 0);
  for (const int k : {0, 1}) CHECK(std::abs(changes[k] / changes[k + 1] - 16) < 1e-6);
}

TEST_CASE("training W beside p brings the test gap forward by log F, up to O(1/L)", "[flow]") {
  RunConfig config;
  config.data = DataKind::gram, config.route = RouteKind::statistics;
  config.parameters.init = Init::identity;
  config.parameters.n = 8, config.parameters.d = 1'000'000'000'000;
  config.parameters.eta = Decimal("0.25");  // of each class alike
  config.flow = true;
  const double norm2 = 7.0;  // n(T−1)/T
  const auto gap_at = [&](Train train, double nsnr2, double epsilon, const char* log_s_max) {
    const double sigma2 = 1 / (epsilon * 1e12);
    config.parameters.sigma = *Decimal::parse(tests::digits(std::sqrt(sigma2)));
    config.parameters.mu = *Decimal::parse(tests::digits(std::sqrt(nsnr2 * sigma2 * 1e12 / 8)));
    config.log_s_max = Decimal(log_s_max);
    config.train = train;
    return simulate<double>(config, 0, {}).events.gap.value();
  };
  for (const double epsilon : {1e-4, 1.0}) {
    double late[2], error[2];  // the time L = log s of the gap when p alone is trained, and what log F leaves
    for (const int k : {0, 1}) {
      const double nsnr2 = k == 0 ? 0.03 : 0.01;
      const char* log_s_max = k == 0 ? "230" : "680";
      late[k] = gap_at(Train::p, nsnr2, epsilon, log_s_max);
      const double joint = gap_at(Train::W_and_p, nsnr2, epsilon, log_s_max);
      const double Y = theory::training_of_W(config.parameters, late[k], norm2);
      error[k] = joint - late[k] + std::log(theory::joint_speed(Y));
    }
    INFO("epsilon " << epsilon << ": " << error[0] << " at " << late[0] << ", " << error[1] << " at " << late[1]);
    CHECK(std::abs(error[0]) < 0.1);
    CHECK(std::abs(error[0] * late[0] / (error[1] * late[1]) - 1) < 0.1);
  }
}

TEST_CASE("the paper's size in dd: energy and balance to 1e-23", "[flow][long]") {
  RunConfig config;
  config.flow = true;
  const Run<dd> run(config, QNorm::not_needed);
  const auto [state, gap] = flow_and_energy_gap(run);
  INFO("energy " << representative(gap) << ", imbalance " << representative(*run.route().imbalance(state)));
  CHECK(std::abs(representative(gap)) < 1e-23);
  CHECK(std::abs(representative(*run.route().imbalance(state))) < 1e-23);
}

TEST_CASE("events are where the run crosses", "[flow]") {
  RunConfig config;
  config.parameters.d = 400, config.parameters.mu = Decimal("15");
  config.flow = true;
  config.log_s_max = Decimal("12");
  const auto result = simulate<double>(config, 0, {});
  REQUIRE(result.events.fit);
  REQUIRE(result.events.gap);
  REQUIRE(result.events.half_loss);
  REQUIRE(result.events.memorised);
  const Run<double> run(config);
  const auto at = [&](double log_s) { return run.observe(flow_to(run.route(), u_of_log_s(log_s), 1e-13)); };
  const double before = -1e-6, after = 1e-6;
  CHECK(at(*result.events.fit + before).train_accuracy < 1);
  CHECK(at(*result.events.fit + after).train_accuracy == 1);
  const auto gap = at(*result.events.gap).readout;
  require_close(std::min(gap.mu_plus_q, gap.mu_minus_q), std::log(8.0), 1e-9);
  const auto state = flow_to(run.route(), u_of_log_s(*result.events.half_loss), 1e-13);
  const double start = run.test(run.route().start())->loss;
  require_close(run.test(state)->loss, (start + theory::loss_floor<double>()) / 2, 1e-9);
  CHECK(*result.events.memorised <= *result.events.fit);
  // The horizon is reached exactly, and the observation there is of that time.
  require_close(result.last.log_s, 12.0, 1e-12);
}

// Every rung of the ladder agrees with the one below, and the lowest with a run written out by hand.

#include "tests/support/compare.hpp"
#include "sim/runs/simulate.hpp"
#include "sim/runs/method.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::relative_difference;
using benign::tests::require_close;
using theory::Decimal;
using theory::Init;

namespace {

struct Case {
  Init init;
  const char* sigma_p;
  Train train = Train::W_and_p;
};
constexpr Case cases[] = {{Init::uniform, "0"},
                          {Init::uniform, "0.2"},
                          {Init::gaussian, "1"},
                          {Init::identity, "0.1"},
                          {Init::identity, "0"},
                          {Init::uniform, "0", Train::p},
                          {Init::uniform, "0.2", Train::p},
                          {Init::gaussian, "1", Train::W},
                          {Init::identity, "0.1", Train::W}};

std::string text_of(const Case& c) {
  return std::string("init ") + text_of(init_choices, c.init) + ", sigma_p " + c.sigma_p + ", train " +
         text_of(train_choices, c.train);
}

RunConfig config_of(const Case& c, long d, long steps) {
  RunConfig config;
  config.parameters.d = d;
  config.parameters.steps = steps;
  config.parameters.init = c.init;
  config.parameters.sigma_p = Decimal(c.sigma_p);
  config.train = c.train;
  return config;
}

/// The end of a run of `steps` steps.
template <class Real>
Observation<Real> end_of(RunConfig config, RouteKind route) {
  config.route = route;
  const Run<Real> run(config);
  return run.observe(descend_to(run, config.parameters.steps));
}

/// Routes `a` and `b` say the same of everything that both know, to `tolerance`.
template <class Real>
void require_same(const Observation<Real>& a, const Observation<Real>& b, double tolerance) {
  CHECK(relative_difference(a.readout.logits, b.readout.logits) <= tolerance);
  const double size = representative<Real>(b.readout.logits.template lpNorm<Eigen::Infinity>());
  require_close(a.readout.mu_plus_q, b.readout.mu_plus_q, tolerance, size);
  require_close(a.readout.mu_minus_q, b.readout.mu_minus_q, tolerance, size);
  require_close(a.train_loss, b.train_loss, tolerance);
  if (a.readout.q_norm2 && b.readout.q_norm2) require_close(*a.readout.q_norm2, *b.readout.q_norm2, tolerance);
}

}  // namespace

TEST_CASE("direct descent is the textbook's: what is trained steps along its gradient, W and p together", "[routes]") {
  const Train train = GENERATE(Train::W_and_p, Train::p, Train::W);
  RunConfig config = config_of({Init::uniform, "0.5", train}, 12, 1);
  config.parameters.n = 4, config.parameters.T = 3;
  config.route = RouteKind::direct;
  const Run<double> run(config);
  const Index d = 12;
  Vector<double> state = run.route().start();
  const auto loss_of = [&](const Vector<double>& x) { return run.observe(x).train_loss; };
  // The gradient by central differences of the loss over all d² + d parameters.
  Vector<double> gradient(state.size());
  const double h = 1e-5;
  for (Index k = 0; k < state.size(); ++k) {
    Vector<double> up = state, down = state;
    up[k] += h, down[k] -= h;
    gradient[k] = (loss_of(up) - loss_of(down)) / (2 * h);
  }
  CHECK(gradient.head(d * d).norm() > 1e-3);
  CHECK(gradient.tail(d).norm() > 1e-3);
  if (train == Train::p) gradient.head(d * d).setZero();
  if (train == Train::W) gradient.tail(d).setZero();
  const Vector<double> before = state;
  run.route().descend(state, run.frame().scales.step);
  CHECK((before - state - 5e-3 * gradient).cwiseAbs().maxCoeff() < 1e-11);
  require_close(run.route().gradient_norm2(before), gradient.squaredNorm(), 1e-7);

  Vector<double> derivative;
  run.route().flow(before, 0.0, derivative);
  CHECK((derivative + gradient * run.frame().scales.tau0).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("routes agree to 1e-12 in double after 200 steps at d = 300", "[routes]") {
  for (const Case& c : cases) {
    const RunConfig config = config_of(c, 300, 200);
    INFO(text_of(c));
    const auto direct = end_of<double>(config, RouteKind::direct);
    const auto coefficients = end_of<double>(config, RouteKind::coefficients);
    const auto statistics = end_of<double>(config, RouteKind::statistics);
    require_same(coefficients, direct, 1e-12);
    require_same(statistics, direct, 1e-12);
  }
}

TEST_CASE("routes agree to 1e-42 in mp50 after 200 steps at d = 300", "[routes][mp50]") {
  for (const Case& c : {cases[0], cases[1]}) {
    const RunConfig config = config_of(c, 300, 200);
    INFO("sigma_p " << c.sigma_p);
    const auto direct = end_of<mp50>(config, RouteKind::direct);
    require_same(end_of<mp50>(config, RouteKind::coefficients), direct, 1e-42);
    require_same(end_of<mp50>(config, RouteKind::statistics), direct, 1e-42);
  }
}

TEST_CASE("routes agree to 1e-42 in mp50 when only W or only p is trained", "[routes][mp50]") {
  for (const Case& c : {Case{Init::uniform, "0.2", Train::p}, Case{Init::uniform, "0.2", Train::W}}) {
    const RunConfig config = config_of(c, 60, 200);
    INFO(text_of(c));
    const auto direct = end_of<mp50>(config, RouteKind::direct);
    require_same(end_of<mp50>(config, RouteKind::coefficients), direct, 1e-42);
    require_same(end_of<mp50>(config, RouteKind::statistics), direct, 1e-42);
  }
}

TEST_CASE("from W0 = I, training W with step alpha is training p with step alpha |p0|^2", "[routes]") {
  // S Wp moves by −α|p₀|²SSᵀg when W is trained, and by −αSSᵀg when p is.
  for (const auto route : {RouteKind::direct, RouteKind::coefficients, RouteKind::statistics}) {
    RunConfig config = config_of({Init::identity, "0.3", Train::W}, 100, 200);
    config.route = route;
    const Run<double> of_W(config);
    config.train = Train::p;
    const Run<double> of_p(config);
    const double r0 = of_W.instance().p0.squaredNorm(), step = of_W.frame().scales.step;
    const Vector<double> with_W = descend_to(of_W, 200), with_p = descend_to(of_p.route(), step * r0, 200);
    INFO(text_of(route_choices, route) << ", |p0|^2 = " << r0);
    require_same(of_W.observe(with_W), of_p.observe(with_p), 1e-12);
  }
}

TEMPLATE_TEST_CASE("a run does not change with precision beyond rounding", "[routes]", double, dd, mp50) {
  RunConfig config = config_of({Init::gaussian, "0.5"}, 60, 100);
  config.parameters.n = 6, config.parameters.T = 4;
  for (const auto route : {RouteKind::direct, RouteKind::coefficients, RouteKind::statistics}) {
    const Vector<mp100> exact = end_of<mp100>(config, route).readout.logits;
    const Vector<mp100> computed = end_of<TestType>(config, route).readout.logits.template cast<mp100>();
    INFO(text_of(route_choices, route));
    CHECK(relative_difference(computed, exact) < 1e3 * unit_roundoff<TestType>());
  }
}

TEST_CASE("the q that a route gives has the scalars that it reads", "[routes]") {
  for (const Case& c : cases) {
    const RunConfig config = config_of(c, 100, 50);
    const Run<double> run(config);
    const Vector<double> state = descend_to(run, 50);
    const auto readout = run.route().read(state);
    const Eigen::VectorXd q = *run.route().q(state);
    const double size = readout.logits.lpNorm<Eigen::Infinity>();
    require_close(q.squaredNorm(), *readout.q_norm2, 1e-12);
    require_close(20 * q[0], readout.mu_plus_q, 1e-12, size);
    CHECK(relative_difference<double>(run.instance().train.tokens * q, readout.logits) < 1e-12);
  }
}

TEST_CASE("all routes see the same ||grad L||^2", "[routes]") {
  const RunConfig config = config_of({Init::gaussian, "0.5", GENERATE(Train::W_and_p, Train::p, Train::W)}, 80, 30);
  std::vector<mp50> found;
  for (const auto route : {RouteKind::direct, RouteKind::coefficients, RouteKind::statistics}) {
    RunConfig one = config;
    one.route = route;
    const Run<mp50> run(one);
    found.push_back(run.route().gradient_norm2(descend_to(run, 30)));
  }
  require_close(found[1], found[0], 1e-46);
  require_close(found[2], found[0], 1e-46);
}

TEST_CASE("a step too many is noticed", "[routes][fault]") {
  const RunConfig config = config_of(cases[0], 300, 200);
  RunConfig longer = config;
  longer.parameters.steps = 201;
  const auto a = end_of<double>(config, RouteKind::coefficients), b = end_of<double>(longer, RouteKind::coefficients);
  CHECK(relative_difference(a.readout.logits, b.readout.logits) > 1e-6);
}

// The largest curvature between its bounds: against the whole Hessian in d dimensions, at one state, at every step of a
// descent, and on the lines between steps.

#include "tests/support/dense_hessian.hpp"
#include "sim/runs/method.hpp"
#include "sim/runs/sharpness.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace benign;
using namespace benign::sim;
using benign::tests::TwoRuns;
using theory::Decimal;

namespace {

RunConfig small(const char* mu, const char* sigma_w, const char* sigma_p, Train train = Train::W_and_p) {
  RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 14, p.init = theory::Init::gaussian;
  p.mu = Decimal(mu), p.sigma_w = Decimal(sigma_w), p.sigma_p = Decimal(sigma_p);
  config.seed = 3, config.train = train;
  return config;
}

}  // namespace

TEST_CASE("a norm is bounded from any start, and of any numbers", "[curvature]") {
  const Matrix<double> orthogonal{{4, -2}, {-2, 1}};  // to the vector that the estimate starts with
  CHECK(norm_bound(orthogonal) >= 5);
  CHECK(norm_bound(orthogonal) < 5.6);
  CHECK(norm_bound(Matrix<double>::Zero(3, 3)) == 0);
  Matrix<double> unknown = Matrix<double>::Identity(3, 3);
  unknown(1, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isinf(norm_bound(unknown)));
}

TEST_CASE("the largest curvature lies between its bounds, in W and p or in one of them", "[curvature]") {
  struct Setting {
    RunConfig config;
    int steps;
  };
  // At p₀ = 0 the shift Û is all of the curvature at the start.
  for (const auto& [config, steps] : {Setting{small("5", "0.5", "0.5"), 100},
                                      {small("5", "0.5", "0"), 0},
                                      {small("20", "1e-2", "0"), 0},
                                      {small("20", "1e-2", "0.3"), 0},
                                      {small("30", "0.2", "0"), 150},
                                      {small("5", "0.5", "0.5", Train::p), 60},
                                      {small("5", "0.5", "0.5", Train::W), 60}}) {
    TwoRuns runs(config);
    sim::train(runs, steps, [](long) {});
    const double top = runs.top();
    INFO("mu " << config.parameters.mu.text() << ", sigma_w " << config.parameters.sigma_w->text() << ", top " << top);
    REQUIRE(top > 0);
    const Hessian hessian = runs.hessian();
    for (const double guess : {0.0, 0.3 * top, top, 5 * top}) {
      const Curvature found = hessian.largest(1e-6, 0, guess);
      INFO("[" << found.lower << ", " << found.upper << "] from " << guess);
      CHECK(found.lower <= top * (1 + 1e-7));
      CHECK(found.upper >= top * (1 - 1e-7));
      CHECK(found.upper - found.lower <= 1.01e-6 * found.upper);
    }
    double lower = 0;
    CHECK(hessian.below(1.0001 * top, lower));
    CHECK_FALSE(hessian.below(0.9999 * top, lower));
    CHECK(lower > 0.9998 * top);
  }
}

TEST_CASE("the sharpness of a descent bounds the curvature at every step and between them", "[curvature]") {
  for (const char* lr : {"0.05", "0.3", "2"})
    for (const auto train : {Train::W_and_p, Train::p, Train::W}) {
      RunConfig config = small("8", "0.5", "0.4", train);
      auto& p = config.parameters;
      p.d = 6, p.lr = Decimal(lr), p.steps = 40;
      TwoRuns runs(config);
      const Sharpness found = sharpness(runs.reduced(), 2 / runs.step());
      double largest = 0, between = 0;
      sim::train(runs, p.steps, [&](long k) {
        const double top = runs.top();
        if (top > largest) largest = top;
        for (const double part : {0.25, 0.5, 0.75}) {
          if (k == p.steps || std::isinf(found.between)) break;
          between = std::max(between, runs.top(part));
        }
      });
      INFO("alpha " << lr << ": " << runs.step() * largest << " in [" << runs.step() * found.largest.lower << ", "
                    << runs.step() * found.largest.upper << "], between " << runs.step() * between
                    << " <= " << runs.step() * found.between);
      CHECK(found.finite);
      CHECK(found.largest.lower <= largest * (1 + 1e-6));
      CHECK(found.largest.upper >= largest * (1 - 1e-6));
      CHECK(found.largest.upper - found.largest.lower <= std::max(0.011 * found.largest.upper, 1e-3 * 2 / runs.step()));
      CHECK(found.between >= std::max(between, largest) * (1 - 1e-6));
      CHECK(std::isinf(found.between) == (runs.step() * found.between >= 2));
    }
}

TEST_CASE("no step between the moments looked at is unstable unseen", "[curvature]") {
  // Every 25th step is stable, the largest α λ_max there is 1.26; step 26 has 4.09 (by differences, in d dimensions).
  RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 4, p.d = 30, p.mu = Decimal("30"), p.lr = Decimal("0.6");
  config.seed = 1;
  const Run<double> run(config, QNorm::not_needed);
  const double step = run.frame().scales.step;
  const Sharpness found = sharpness(run, 2 / step);
  CHECK(step * found.largest.lower == Approx(4.09).epsilon(0.01));
  CHECK(found.step == 26);
  CHECK(std::isinf(found.between));
}

TEST_CASE("the gradient's derivative changes by no more than its bound", "[curvature]") {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  double closest = 0;
  for (int k = 0; k < 2000; ++k) {
    const Index T = 2 + k % 5, classes = k % 3 == 0 ? 3 : 0;
    theory::Samples<double> samples{1, T, {}, {k % 2 == 0 || classes > 0 ? 1 : -1}};
    const double size = std::exp(normal(random));
    if (classes > 0) {
      samples.class_values = Matrix<double>(T, classes).unaryExpr([&](double) { return size * normal(random); });
      samples.classes = {k % 2};
    } else {
      samples.values = Vector<double>(T).unaryExpr([&](double) { return size * normal(random); });
    }
    const double reach = std::exp(2 * normal(random) - 2);
    const Vector<double> logits = Vector<double>(T).unaryExpr([&](double) { return 2 * normal(random); });
    const Vector<double> move = Vector<double>(T).unaryExpr([&](double) { return reach * normal(random); });
    const Vector<double> s = theory::attention(samples, logits), f = theory::outputs(samples, s);
    const double bound = derivative_change(move.maxCoeff() - move.minCoeff(), value_spreads(samples)[0], s.maxCoeff(),
                                           theory::sigmoid<double>(-samples.labels[0] * f[0]));
    const Matrix<double> change =
        gradient_derivative_blocks(samples, logits + move) - gradient_derivative_blocks(samples, logits);
    const double norm = Eigen::SelfAdjointEigenSolver<Matrix<double>>(change).eigenvalues().cwiseAbs().maxCoeff();
    CHECK(norm <= bound + 1e-14);
    closest = std::max(closest, norm / bound);
  }
  CHECK(closest > 0.1);  // not a bound that could hide anything
}

TEST_CASE("a state with a number that is none has no bounds of its curvature, wherever it stands", "[curvature]") {
  RunConfig config = small("5", "0.5", "0.5");
  config.route = RouteKind::statistics;
  const Run<double> run(config);
  const Vector<double> start = descend_to(run, 3);
  const Index N = run.frame().tokens(), logits = Statistics<double>::place_of_logits(N);
  for (const double wrong : {std::nan(""), HUGE_VAL})
    for (const Index place : {Index(0), logits, logits + N + probes}) {  // Ĥ, ℓ, r̂
      Vector<double> state = start;
      state[place] = wrong;
      const Curvature found = Hessian(run.frame(), config.train, config.parameters.d, state).largest(1e-6, 0, 0);
      INFO(wrong << " at " << place);
      CHECK(std::isnan(found.lower));
      CHECK(std::isnan(found.upper));
    }
}

TEST_CASE("where all attention is on one token no curvature is left", "[curvature]") {
  RunConfig config = small("5", "0.5", "0.5");
  config.route = RouteKind::statistics;
  const Run<double> run(config);
  const Index N = run.frame().tokens();
  Vector<double> state = run.route().start();
  for (Index k = 0; k < N; ++k) state[Statistics<double>::place_of_logits(N) + k] = k % 3 == 0 ? 2000 : 0;
  const Hessian hessian(run.frame(), config.train, config.parameters.d, state);
  double lower = 0;
  CHECK(hessian.below(1, lower));
  CHECK(hessian.below(1e-9, lower));
  CHECK(lower == 0);
  const Curvature none = hessian.largest(1e-6, 1, 0);
  CHECK(none.upper <= 1e-6);
  CHECK(none.lower == 0);
}

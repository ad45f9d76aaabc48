// The checker's enclosure of a descent, from its pieces: the Hessian's bounds against dense matrices, and distances of
// descents that begin near each other.

#include "tests/support/checker_writer.hpp"
#include "tests/support/dense_training.hpp"
#include "tests/support/random_input.hpp"
#include "proofs_check/checker/descent/descent.hpp"
#include "proofs_check/checker/descent/q_norm.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::tests;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

bool holds(const checker::Interval& x, const mp100& y) {
  return mpfr_cmp(x.low(), y.backend().data()) <= 0 && mpfr_cmp(x.high(), y.backend().data()) >= 0;
}

double norm(const Eigen::SelfAdjointEigenSolver<MatrixXd>& matrix) {
  return matrix.eigenvalues().cwiseAbs().maxCoeff();
}

sim::RunConfig tiny_config(std::uint64_t seed, sim::Train train) {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 8, p.mu = theory::Decimal("3"), p.eta = theory::Decimal("0.5");
  p.lr = theory::Decimal(seed % 2 ? "0.2" : "2"), config.seed = seed, config.train = train;
  if (seed % 3 == 0) p.init = theory::Init::identity;
  if (train == sim::Train::W || seed % 4 == 1) p.sigma_p = theory::Decimal("0.6");
  return config;
}

double as_double(const checker::Size& x) { return mpfr_get_d(x.value(), MPFR_RNDU); }

/// What a step makes of a small distance, after `steps` steps; both by the checker and by the dense Hessian.
void compare_growth(const sim::RunConfig& config, long steps, double radius) {
  INFO(sim::config_json(config).dump() << " after " << steps << " steps, radius " << radius);
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
  const auto products = checker::inner_products(instance, false);
  const checker::WorkingBits bits(128);
  checker::Descent run(instance, products, config.train);
  const double step = checker::step_length(config.parameters).middle();
  DenseTraining dense(instance, config.train);
  for (long k = 0; k < steps; ++k) run.step(), dense.move(-step * dense.gradient());
  const double before = as_double(run.distance());
  REQUIRE_FALSE(run.lost());
  run.widen(checker::Size(radius));
  run.step();
  const double bound = as_double(run.distance()) / (before + radius);

  const auto centre = dense.step_matrix(step);
  CHECK(bound >= norm(centre) * (1 - 1e-7));
  CHECK(bound >= 1);
  // No more than the bilinear part, and some for the search, which comes after where the curvature falls fast.
  if (radius < 1e-6 && steps != 3) {
    const double z = (dense.data.tokens.transpose() * dense.logit_gradient()).norm();
    const double extra = config.train == sim::Train::W_and_p ? 2 * step * z : 0;
    CHECK(bound <= 1 + 1.2 * (norm(centre) - 1) + extra + 1e-3);
    return;
  }
  // Inside the ball the step is nowhere steeper, nor do two points of it come to be further apart.
  std::mt19937_64 draw(config.seed);
  std::normal_distribution<double> normal;
  for (int k = 0; k < 12; ++k) {
    VectorXd by = k < 6 ? VectorXd(centre.eigenvectors().col(k < 3 ? k : dense.size() - 4 + k - 2))
                        : VectorXd(VectorXd::NullaryExpr(dense.size(), [&] { return normal(draw); }));
    by *= (k % 2 ? radius : -radius) / by.norm();
    const DenseTraining other = dense.moved(by);
    CHECK(bound >= norm(other.step_matrix(step)) * (1 - 1e-7));
    const VectorXd apart = by - step * (other.gradient() - dense.gradient());
    CHECK(bound * radius >= apart.norm() * (1 - 1e-9));
  }
}

}  // namespace

TEST_CASE("checker: the Hessian's bounds are those of dense matrices", "[checker]") {
  std::mt19937_64 draw(7);
  std::normal_distribution<double> normal;
  for (const sim::Train train : {sim::Train::W_and_p, sim::Train::W, sim::Train::p})
    for (const double weight : {0.3, 3.0}) {
      const auto config = tiny_config(4, train);
      const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
      const auto products = checker::inner_products(instance, false);
      DenseTraining dense(instance, train);
      const MatrixXd S = dense.data.tokens;
      const Index N = S.rows(), T = dense.data.T;
      checker::Growth growth(products, products.N, train, 1e-3);
      // After one step of W, by a large γ and from some p.
      dense.p = VectorXd::NullaryExpr(dense.p.size(), [&] { return normal(draw) / 3; });
      const double r = dense.p.squaredNorm();
      if (train != sim::Train::p) {
        const VectorXd gamma = VectorXd::NullaryExpr(N, [&] { return normal(draw) / 3; });
        const VectorXd v = S * S.transpose() * gamma, l = S * dense.W * dense.p;
        growth.advance({{v.begin(), v.end()}, {l.begin(), l.end()}, 0, 0, r, 0, 0});
        dense.W -= S.transpose() * gamma * dense.p.transpose();
      }
      const MatrixXd M = S * dense.W;
      MatrixXd theta = MatrixXd::Zero(N, N), D = MatrixXd::Zero(N, N);
      if (train != sim::Train::p) theta += r * S * S.transpose();
      if (train != sim::Train::W) theta += M * M.transpose();
      checker::Curvature curvature;
      curvature.T = static_cast<std::size_t>(T);
      const VectorXd b = weight * VectorXd::NullaryExpr(N, [&] { return normal(draw); });
      const VectorXd g = VectorXd::NullaryExpr(N, [&] { return normal(draw); });
      const VectorXd s = VectorXd::NullaryExpr(N, [&] { return std::abs(normal(draw)); });
      for (Index i = 0; i < N; i += T) {
        const auto bi = b.segment(i, T), gi = g.segment(i, T), si = s.segment(i, T);
        D.block(i, i, T, T) =
            MatrixXd(gi.asDiagonal()) + bi * bi.transpose() - gi * si.transpose() - si * gi.transpose();
      }
      curvature.b.assign(b.begin(), b.end()), curvature.g.assign(g.begin(), g.end());
      curvature.s.assign(s.begin(), s.end());
      curvature.b_slack = curvature.g_slack = curvature.s_slack =
          std::vector<double>(static_cast<std::size_t>(N / T), 0.0);
      const VectorXd eigenvalues = (D * theta).eval().eigenvalues().real();
      checker::HessianBounds found{};
      for (int k = 0; k < 400; ++k) found = growth.bounds(curvature, r, 0);
      INFO(static_cast<int>(train) << " " << weight);
      CHECK(found.below >= -eigenvalues.minCoeff() * (1 - 1e-9));
      CHECK(found.below <= -eigenvalues.minCoeff() * 1.04);
      CHECK(found.above >= eigenvalues.maxCoeff() * (1 - 1e-9));
      CHECK(found.above <= eigenvalues.maxCoeff() * 1.04);
      CHECK(found.J * found.J >= theta.trace() * (1 - 1e-9));
      CHECK(found.J * found.J <= theta.trace() * (1 + 1e-6));
    }
}

TEST_CASE("checker: what a step of W is known to is in the bound of SWW^TS^T", "[checker]") {
  // Of one token: ‖sᵀW⁺‖² = h − 2vℓ + rv², of which v, ℓ and r may each be as far away as is said.
  tests::RandomInput draw(80);
  const auto config = tiny_config(4, sim::Train::W_and_p);
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
  const auto products = checker::inner_products(instance, false);
  for (int k = 0; k < 200; ++k) {
    checker::Growth growth(products, 1, sim::Train::W_and_p, 1e-3);
    const double h = std::pow(growth.SW_norm(), 2), v = draw.between(-1, 1), l = -std::copysign(draw.between(0, 1), v),
                 r = draw.between(0, 2);
    const auto away = [&] { return draw.one_in(2) ? 0 : draw.log_between(1e-6, 0.1); };
    const double v_slack = away(), l_slack = away(), r_slack = away();
    growth.advance({{v}, {l}, v_slack, l_slack, r, r_slack, 0});
    double most = 0;
    for (const double dv : {-v_slack, v_slack})
      for (const double dl : {-l_slack, l_slack})
        for (const double dr : {-r_slack, r_slack})
          most = std::max(most, h - 2 * (v + dv) * (l + dl) + (r + dr) * (v + dv) * (v + dv));
    INFO("v " << v << " l " << l << " r " << r << " slacks " << v_slack << " " << l_slack << " " << r_slack);
    CHECK(std::pow(growth.SW_norm(), 2) >= most * (1 - 1e-12));
  }
}

TEST_CASE("checker: no distance of two descents outgrows its bound", "[checker]") {
  const std::uint64_t seed = GENERATE(range(1, 7));
  for (const sim::Train train : {sim::Train::W_and_p, sim::Train::W, sim::Train::p})
    for (const long steps : {0L, 3L, 40L})
      for (const double radius : {1e-9, 0.03, 0.3}) compare_growth(tiny_config(seed, train), steps, radius);
}

TEST_CASE("checker: a step of a path is no further from the descent's than is said", "[checker]") {
  // p alone: a leads to a − γ, and the distance is that of p = Mᵀa, from the rounding alone.
  std::mt19937_64 draw(5);
  std::normal_distribution<double> normal;
  const checker::WorkingBits bits(200);
  for (const std::uint64_t seed : {1U, 2U, 3U, 5U}) {
    const auto config = tiny_config(seed, sim::Train::p);
    const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
    const auto products = checker::inner_products(instance, false);
    checker::Path path(products, sim::Train::p, 1);
    for (int step = 0; step < 5; ++step) {
      const checker::Intervals before = path.of_M();
      checker::Intervals gamma;
      for (std::size_t k = 0; k < products.N; ++k) {
        const checker::Interval third = checker::Interval::exactly(normal(draw)) / checker::Interval(3);
        gamma.push_back(third);
        mpfr_set(gamma[k].high(), gamma[k].low(), MPFR_RNDU);  // one number of 200 bits
      }
      const checker::Size said = path.step(gamma, checker::Size());
      checker::Intervals x = path.of_M();
      for (std::size_t k = 0; k < x.size(); ++k)
        x[k] -= k < products.N ? before[k] - gamma[k] : before[k];  // of p₀ nothing changes
      checker::Interval square(0);
      for (std::size_t k = 0; k < products.N; ++k) square += x[k] * checker::dot(products.H, k, x);
      CHECK(square.positive());
      CHECK(mpfr_cmp(sqrt(square).low(), said.value()) <= 0);
      CHECK(as_double(said) < 1e3 * sqrt(square).middle());
    }
  }
}

TEST_CASE("checker: the distance of a path holds what its roundings add up to", "[checker]") {
  for (const auto& [train, seed] : {std::pair{sim::Train::p, 2U}, {sim::Train::W_and_p, 4U}, {sim::Train::W, 2U}}) {
    sim::RunConfig config = tiny_config(seed, train);
    config.parameters.n = 2, config.parameters.lr = theory::Decimal("0.02"), config.parameters.steps = 300;
    const sim::Run<mp100> run(config);
    const auto truth = descent_truth(run);
    const auto products = checker::inner_products(run.instance(), true);
    const checker::WorkingBits bits(64);  // one word: 56 bits behind the point
    checker::Descent descent(run.instance(), products, train);
    for (std::size_t step = 0; step < truth.size(); ++step) {
      if (step % 25 == 0) {
        INFO(sim::config_json(config).dump() << " step " << step);
        REQUIRE_FALSE(descent.lost());
        const auto moment = descent.moment(true);
        CHECK(holds(moment.loss, truth[step].at("train_loss")));
        CHECK(holds(*moment.q_norm2, truth[step].at("q_norm2")));
        for (std::size_t k = 0; k < products.N; ++k) {
          const std::string at = std::to_string(k / 3) + "," + std::to_string(k % 3);
          CHECK(holds(moment.logits[k], truth[step].at("logit[" + at + "]")));
        }
        CHECK(holds(moment.logits[products.N], truth[step].at("mu_plus_q")));
        CHECK(holds(moment.logits[products.N + 1], truth[step].at("mu_minus_q")));
        CHECK(moment.logits[0].width() < 1e-6);
      }
      descent.step();
    }
  }
}

TEST_CASE("checker: the length of q by two routes", "[checker]") {
  const checker::WorkingBits bits(160);
  std::mt19937_64 draw(3);
  std::normal_distribution<double> normal;
  for (const std::uint64_t seed : {1U, 2U, 3U, 5U, 9U}) {
    const auto config = tiny_config(seed, sim::Train::W_and_p);
    const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
    const auto products = checker::inner_products(instance, true);
    checker::Intervals a, c;
    for (std::size_t k = 0; k < products.N; ++k) {
      a.push_back(checker::Interval::exactly(normal(draw))), c.push_back(checker::Interval::exactly(normal(draw)));
    }
    if (instance.p0.size() > 0) a.push_back(checker::Interval::exactly(normal(draw)));
    const auto one = checker::q_norm2_by_entries(instance, a, c);
    const auto other = checker::q_norm2_by_inner_products(products, a, c);
    INFO(one.lower_text(40) << " " << other.lower_text(40));
    CHECK_FALSE(checker::certainly_less(one, other));
    CHECK_FALSE(checker::certainly_less(other, one));
    CHECK(one.width() < 1e-40);
    CHECK(other.width() < 1e-40);
  }
}

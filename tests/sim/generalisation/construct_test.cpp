// The existence theorem's vector: its inner products, its selections, and the paper's Figure 1.

#include "tests/support/compare.hpp"
#include "sim/generalisation/construct.hpp"
#include "theory/model/model.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::require_close;
using theory::Decimal;
using theory::Parameters;

namespace {

Parameters small() {
  Parameters p;
  p.n = 8, p.T = 4, p.d = 30, p.eta = Decimal("0.25");
  return p;
}

/// The setting of the paper's Figure 1.
Parameters figure1() {
  Parameters p;
  p.n = 100, p.d = 10000, p.rho = Decimal("0.2");
  return p;
}

}  // namespace

TEST_CASE("q has the inner products of its definition", "[construct]") {
  const Parameters p = small();
  const Instance instance = draw_instance(p, DataKind::dense, 3);
  const double mu = 20, rho_mu = 2, b = 0.3;
  // Σ_i ε^{(i)}_{sel(i)} through whole tokens: all of them less all of their signals.
  Eigen::VectorXd noise = Eigen::VectorXd::Zero(p.d);
  for (Index i = 0; i < p.n; ++i) {
    const bool noisy = instance.train.noisy(i), plus = instance.train.true_label[static_cast<std::size_t>(i)] > 0;
    noise += instance.train.tokens.row(i * p.T + (noisy ? 2 : 0));
    noise[plus == noisy ? 1 : 0] -= noisy ? rho_mu : mu;
  }
  const Eigen::VectorXd q = constructed_q(instance, b);
  const QScalars scalars = q_scalars(p, q);
  require_close(scalars.mu_plus_q, mu * mu + b * mu * noise[0], 1e-14);
  require_close(scalars.mu_minus_q, mu * mu + b * mu * noise[1], 1e-14);
  require_close(scalars.q_norm2, 2 * mu * mu + 2 * b * mu * (noise[0] + noise[1]) + b * b * noise.squaredNorm(), 1e-13);
  // Of n independent noises, n σ² in each coordinate: 30 coordinates give 26%, three times that.
  CHECK(noise.squaredNorm() / static_cast<double>(p.n * p.d) == Approx(1).margin(0.8));
}

TEST_CASE("selections are the attended tokens, and the head reads its answer off them", "[construct]") {
  const Parameters p = small();
  const Instance instance = draw_instance(p, DataKind::dense, 5);
  // Under q = 0 every sample attends to its tokens alike.
  const Fit uniform = train_fit(instance, Eigen::VectorXd::Zero(p.d));
  REQUIRE(uniform.selections.size() == 8);
  long noisy = 0, right = 0;
  for (Index i = 0; i < p.n; ++i) {
    const Selection& selection = uniform.selections[static_cast<std::size_t>(i)];
    const auto tokens = instance.train.tokens.middleRows(i * p.T, p.T);
    require_close(selection.along_plus, tokens.col(0).mean(), 1e-14, 1);
    require_close(selection.along_minus, tokens.col(1).mean(), 1e-14, 1);
    CHECK(selection.set == (instance.train.noisy(i) ? "noisy" : "clean"));
    noisy += selection.set == "noisy";
    right += selection.right;
  }
  CHECK(noisy == 2);
  CHECK(uniform.accuracy == static_cast<double>(right) / 8);

  // The shares of a drawn test set, seen one by one and by its error.
  const Eigen::VectorXd q = constructed_q(instance, 0.3);
  const auto seen = test_selections(instance, q, 50);
  REQUIRE(seen.size() == 50);
  double correct = 0, loss = 0;
  for (const Selection& selection : seen) {
    CHECK(selection.set == "test");
    const double f = theory::head_scale<double>() * (selection.along_plus - selection.along_minus) / 20;
    correct += selection.right, loss += theory::logistic_loss(selection.true_label * f);
  }
  const TestError error = sample_test(instance, q, 50);
  require_close(correct / 50, error.accuracy, 1e-14);
  require_close(loss / 50, error.loss, 1e-13);
}

TEST_CASE("Figure 1: one q overfits benignly, harmfully or not at all, as b says", "[construct]") {
  // Noisy samples take their answer from x₃ alone. Where its own noise carries x₃ across the boundary, no b fits the
  // label: with probability Φ(−ρ‖μ‖/(√2 σ)) = 0.0023 for each, 0.05 for any of 20; at seed 1 it happens to one.
  const Parameters p = figure1();
  for (const auto& [seed, misled] : {std::pair<std::uint64_t, long>{1, 1}, {2, 0}}) {
    const Instance instance = draw_instance(p, DataKind::dense, seed);
    const PopulationTest population(p);
    const auto accuracies = [&](double b) {
      const Eigen::VectorXd q = constructed_q(instance, b);
      return std::pair{train_fit(instance, q).accuracy, population(q_scalars(p, q)).accuracy};
    };
    long across = 0;
    for (Index i = 0; i < p.n; ++i) {
      const auto x3 = instance.train.tokens.row(i * p.T + 2);
      across += instance.train.noisy(i) && instance.train.label[static_cast<std::size_t>(i)] * (x3[0] - x3[1]) < 0;
    }
    CHECK(across == misled);
    const auto benign = accuracies(0.06), harmful = accuracies(1), none = accuracies(0.001);
    CHECK(benign.first == Approx(1 - static_cast<double>(misled) / 100).margin(1e-12));
    CHECK(benign.second == Approx(1).margin(1e-3));
    CHECK(harmful.first == benign.first);
    CHECK(harmful.second == Approx(0.62).margin(0.05));
    CHECK(none.first == Approx(0.8).margin(1e-12));
    CHECK(none.second == Approx(1).margin(1e-12));
  }
}

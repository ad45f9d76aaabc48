#pragma once
// The test error of a trained q, in two ways: over the population, and over a drawn test set.

#include "sim/data/instance.hpp"

#include <optional>

namespace benign::sim {

struct TestError {
  double accuracy = 0;
  double loss = 0;
  double attention = 0;  ///< mean attention on the relevant token
  /// What accuracy and loss are uncertain by. Over the population these are errors of a deterministic computation, not
  /// standard errors: the limit's are 0. Of a test set they are standard errors of a mean.
  double accuracy_error = 0;
  double loss_error = 0;
  double wrong = 0;  ///< 1 − accuracy, over the population with its digits however small it is
  bool sampled = false;

  /// What to allow for either: three standard errors, or the computation's error.
  double accuracy_margin() const { return (sampled ? 3 : 1) * accuracy_error; }
  double loss_margin() const { return (sampled ? 3 : 1) * loss_error; }
};

/// The scalars of a trained head that a test input can see.
struct HeadScalars {
  double mu_plus = 0;   ///< ν·μ₊
  double mu_minus = 0;  ///< ν·μ₋
  double norm2 = 0;     ///< ‖ν‖²
  double with_q = 0;    ///< ν·q
};

/// The scalars of q that a test input can see.
struct QScalars {
  double mu_plus_q = 0;
  double mu_minus_q = 0;
  double q_norm2 = 0;
  std::optional<HeadScalars> head = {};  ///< nothing for the fixed head (μ₊ − μ₋)/(‖μ₊ − μ₋‖ ‖μ‖)
};

/// The population test error, with no test set (THEORY sections 4.2 to 4.4).
///
/// The accuracy is a mean over sixteen thousand Sobol points, always the same, with four of their standard errors.
/// Where an error is rare, below 1/100, its points' standard errors fail: there Y f < 0 is where a sum of T independent
/// shares is negative (sum_sign.hpp), with its digits however small it is, up to σ‖q‖ = 50 and a correlation of 1/2
/// between a token's logit and value, and held to the points. The loss is the mean of a function of a ratio of two such
/// sums (ratio_loss.hpp), held to the points as well. Beyond the points' dimensions in T nothing but rare errors is
/// known.
class PopulationTest {
 public:
  explicit PopulationTest(const theory::Parameters& parameters) : parameters_(parameters) {}
  TestError operator()(const QScalars& q) const;
  /// Its loss alone, at a tenth of the time.
  double loss(const QScalars& q) const;

 private:
  theory::Parameters parameters_;
};

/// The error over `size` drawn test inputs, for q itself (length d); see draw_test for what they share with the
/// training set. The standard errors are those of a mean of `size` independent inputs.
TestError sample_test(const Instance& instance, const Eigen::VectorXd& q, Index size);

/// The error over the test set that was brought.
TestError brought_test(const Brought& brought, const Eigen::VectorXd& q);

}  // namespace benign::sim

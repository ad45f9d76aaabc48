#pragma once
// The test error of a trained q, in two ways: over the population, and over a drawn test set.

#include "sim/instance.hpp"

#include <memory>

namespace benign::sim {

struct TestError {
  double accuracy = 0;
  double loss = 0;
  double attention = 0;  ///< mean attention on the relevant token
  double accuracy_stderr = 0;
  double loss_stderr = 0;
};

/// The scalars of q that a test input can see.
struct QScalars {
  double mu_plus_q = 0;
  double mu_minus_q = 0;
  double q_norm2 = 0;
};

/// The population test error, with no test set (THEORY section 4).
///
/// Given q, the logits of the T tokens are independent Gaussians, and given the logits the output f is Gaussian. So the
/// accuracy is an integral over T dimensions of a smooth function, Φ(Y E[f|ℓ] / √Var[f|ℓ]), and the loss one over T
/// + 1. Both by a Sobol sequence with random digital shifts; the standard errors are those of the mean over the shifts.
class PopulationTest {
 public:
  static constexpr int shifts = 16;
  static constexpr int points = 1024;

  PopulationTest(const theory::Parameters& parameters, std::uint64_t seed);
  /// With points that another test of the same T and seed has drawn.
  PopulationTest(const theory::Parameters& parameters, std::shared_ptr<const RowMajor> normals);
  TestError operator()(const QScalars& q) const;

 private:
  theory::Parameters parameters_;
  std::shared_ptr<const RowMajor> normals_;  // (shifts · points, T + 1)
};

/// The points of a population test as standard normals, one to a row: (shifts · points, T + 1).
RowMajor draw_integration_points(long T, std::uint64_t seed);

/// The largest T for which the Sobol sequence has enough dimensions.
long most_population_tokens();

/// The error over `size` drawn test inputs, for q itself (length d); see draw_test for what they share with the
/// training set. The standard errors are those of a mean of `size` independent inputs.
TestError sample_test(const Instance& instance, const Eigen::VectorXd& q, Index size);

/// The error over the test set that was brought.
TestError brought_test(const Brought& brought, const Eigen::VectorXd& q);

}  // namespace benign::sim

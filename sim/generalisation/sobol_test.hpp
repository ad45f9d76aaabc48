#pragma once
// The population test by randomised quasi-Monte Carlo: the cross-check of test_error.hpp's deterministic one.
//
// Given q, the logits of the T tokens are independent Gaussians, and given the logits the output f is Gaussian. So the
// accuracy is an integral over T dimensions of a smooth function, Φ(Y E[f|ℓ] / √Var[f|ℓ]), and the loss one over T
// + 1. Both by a Sobol sequence with random digital shifts. The errors are standard errors of the mean over the shifts,
// and fail for rare errors, which no point sees.

#include "sim/generalisation/test_error.hpp"

#include <memory>

namespace benign::sim {

class SobolTest {
 public:
  static constexpr int shifts = 16;

  /// Of the first `points` of the sequence in every shift. Throws std::invalid_argument where the sequence has too few
  /// dimensions, T above most_tokens().
  SobolTest(const theory::Parameters& parameters, std::uint64_t seed, int points = 1024);
  TestError operator()(const QScalars& q) const;

  static long most_tokens();

 private:
  theory::Parameters parameters_;
  int points_;
  std::shared_ptr<const RowMajor> normals_;  // the points as standard normals, (shifts · points, T + 1)
};

}  // namespace benign::sim

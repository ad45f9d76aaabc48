#pragma once
// The frozen head: a linear classifier of pooled tokens, trained on clean labels before attention is.
//
// Of two classes ν minimises  (1/n) Σ log(1 + e^{−Y_i ν·x̄_i}) + (λ/2)‖ν‖²,  of many the columns of ν minimise the cross
// entropy of the softmax with the same penalty; x̄_i is the mean of sample i's tokens, which is what attention sees at
// the start. Solved in the unit in which the x̄_i have mean square 1, by libLBFGS; convex, so what it finds is the
// minimum.

#include "sim/data/brought.hpp"

namespace benign::sim {

struct TrainedHead {
  Eigen::MatrixXd head;      ///< of shape (d, 1) with two classes, else (d, classes)
  double gradient_norm = 0;  ///< of the objective there, in the unit above
  double accuracy = 0;       ///< on what it was trained on
};

inline constexpr double head_penalty = 1e-3;             ///< λ in the unit above
inline constexpr double head_gradient_tolerance = 1e-6;  ///< of ‖∇‖/max(1, ‖ν‖)

/// The mean over the tokens of each sample that are no padding.
RowMajor pooled(const TokenSet& set);

/// From the clean labels of all samples. Throws std::runtime_error where the solver does not get there.
TrainedHead train_head(const TokenSet& set, int classes);

}  // namespace benign::sim

#pragma once
// The vector of the existence theorem: overfitting that is benign, harmful or absent, written down and not trained,
//
//     W = I,   q = p = μ₊ + μ₋ + b Σ_i ε^{(i)}_{sel(i)},   sel(i) = 1 for clean and 3 for noisy samples
//
// (v1, Theorem 4.1 [S]; drawn in the paper's Figure 1 [A]). ε is a token's noise. What it does at the figure's setting
// is in THEORY section 2.3. Test noise is independent of q, so that the population test error applies as it is.

#include "sim/generalisation/test_error.hpp"

#include <string>
#include <vector>

namespace benign::sim {

/// q of length d.
Eigen::VectorXd constructed_q(const Instance& instance, double b);

/// μ₊·q, μ₋·q and ‖q‖².
QScalars q_scalars(const theory::Parameters& parameters, const Eigen::VectorXd& q);

/// What attention makes of one sample: its attended token Σ_t s_t x_t along the two signals. The head's answer is
/// (along_plus − along_minus) / (√2 ‖μ‖), so that its decision boundary is the diagonal.
struct Selection {
  std::string set;  ///< "clean" or "noisy" of the training set, or "test"
  int true_label = 0;
  double along_plus = 0;   ///< Σ_t s_t x_t · μ₊/‖μ‖
  double along_minus = 0;  ///< Σ_t s_t x_t · μ₋/‖μ‖
  bool right = false;      ///< the label is predicted: the training label, flipped for noisy samples
};

struct Fit {
  double accuracy = 0;  ///< against the training labels
  double loss = 0;
  std::vector<Selection> selections;  ///< of every training sample
};

/// How q fits the training set.
Fit train_fit(const Instance& instance, const Eigen::VectorXd& q);

/// The selections of `size` drawn test inputs; see draw_test for what they share with the training set.
std::vector<Selection> test_selections(const Instance& instance, const Eigen::VectorXd& q, Index size);

}  // namespace benign::sim

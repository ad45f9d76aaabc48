#pragma once
// Tokens that a user brings, or that a data set holds: a frozen backbone's tokens, class labels and a frozen head.
//
// What the model knows of its data is estimated from them (estimates.hpp): a sample's relevant token is the one
// that answers best for its label, a class's signal what it has on average beyond the sample's other tokens.

#include "sim/data/data.hpp"

#include <optional>
#include <string>

namespace benign::sim {

/// Samples with their clean labels.
struct TokenSet {
  Index n = 0, T = 0, d = 0;
  RowMajor tokens;         ///< of shape (nT, d), sample by sample
  std::vector<int> label;  ///< 0, …, classes − 1; of two classes, 1 is Y* = +1
  /// Which of the nT tokens are padding, and zero in `tokens`; empty where none is. Every sample has a token that is not.
  std::vector<bool> padding = {};

  bool padded(Index token) const { return !padding.empty() && padding[static_cast<std::size_t>(token)]; }
};

struct Brought {
  TokenSet train;
  std::optional<TokenSet> test;
  int classes = 2;
  Eigen::MatrixXd head;           ///< of shape (d, 1) with two classes, else (d, classes)
  double head_gradient_norm = 0;  ///< at which training of the head stopped; 0 where it was given
  RowMajor signals;               ///< of shape (2, d): of μ₊ and μ₋, or twice the mean of all with many classes
  double mu = 0, sigma = 0;       ///< effective ‖μ‖, and the noise: σ²d = tr Σ
  std::uint64_t fingerprint = 0;  ///< of all numbers

  bool many() const { return classes > 2; }
  bool padded() const { return !train.padding.empty() || (test && !test->padding.empty()); }
};

/// The training set of one run: all samples in their order where n is their number, else n of them drawn by the seed,
/// as many of each class as there are; of these ⌈ηn⌉, drawn too, with another label, all others equally likely.
Data draw_from(const Brought& brought, const theory::Parameters& parameters, std::uint64_t seed);

/// Each sample's token that answers best for its label: the largest value of its class, less that of the mean class.
/// `values` are those of the head, one row to a token; labels are 0, 1, … or, of two classes, −1 or 0 and 1. `padding`
/// says which tokens are none, as in TokenSet.
std::vector<Index> best_tokens(const Brought& brought, const RowMajor& values, Index T, const std::vector<int>& label,
                               const std::vector<bool>& padding);

}  // namespace benign::sim

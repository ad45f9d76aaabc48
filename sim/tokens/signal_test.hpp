#pragma once
// Whether the labels have anything to do with the tokens: a permutation test of no signal, by the largest pseudo-F over
// positions (Anderson, "A new method for non-parametric multivariate analysis of variance", Austral Ecology 26, 2001),
//
//     max_t (B_t/(C − 1)) / ((V_t − B_t)/(n_t − C)),   B_t = Σ_y n_{t,y} ‖m_{t,y} − m_t‖²,  V_t = Σ_i ‖x_{i,t} − m_t‖²,
//
// over the n_t tokens at position t that are no padding. Under permuted labels, which have nothing to do with the
// tokens, it is what chance makes of a strongest position; the p-value is exact for any tokens. Of many samples some
// are looked at, and of many dimensions some projections, which costs power and no truth.

#include "sim/data/brought.hpp"

namespace benign::sim {

struct SignalTest {
  double p_value = 1;  ///< (1 + permutations that reach what the labels reach)/(1 + permutations)
  long permutations = 0;

  /// At the level of 5%.
  bool signal() const { return p_value <= 0.05; }
};

SignalTest test_of_no_signal(const TokenSet& set, int classes);

}  // namespace benign::sim

#pragma once
// The good event of THEORY section 6.3, lemma 1, evaluated by the checker.

#include "proofs_check/checker/theorem/near_limit.hpp"

namespace benign::checker {

struct DrawLimits {
  DrawLimits(const theory::Parameters& parameters, const Slice& slice);

  long clean, flipped;
  Interval snr2;             ///< at most
  Interval signal, damping;  ///< |PC_j|, and θ
  Interval K, K_hat;         ///< norms: of the limit's kernel, and of a draw's
  Interval noise, initial, width;
  Interval k_row, h_row;  ///< |k_j|, and |h_j − k_j∞|
  Interval value, clean_values, flipped_values;
  Interval epsilon, kappa, initial_norm2, inverse_mu;
};

}  // namespace benign::checker

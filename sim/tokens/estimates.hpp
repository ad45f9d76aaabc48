#pragma once
// Signal and noise of tokens, estimated from the tokens and their clean labels alone: THEORY section 4.6 [D].
//
// With m_{t,y} the mean of class y at token position t, m̄_t the mean of these over the C classes and n_{t,y} tokens of
// a class there, which are its samples but for padding,
//
//     ‖μ̂_t‖² = Σ_y ‖m̂_{t,y} − m̂̄_t‖² / (C − 1) − (tr Σ/C) Σ_y 1/n_{t,y}
//
// without bias where signals are orthogonal and of one length; the position of the largest holds the signal. The noise
// is what is left within class and position: σ²d = tr Σ, and d_eff = (tr Σ)²/tr Σ² stands for d, from pairs of
// residuals that share neither sample nor mean. Standard errors: a jackknife over ten groups. Positions at which some
// class has fewer than twenty tokens, because the rest is padding, have an estimate each and no part in what is said of
// all positions: the strongest of many would be one of them by chance.

#include "sim/data/brought.hpp"

#include <vector>

namespace benign::sim {

struct Estimate {
  double value = 0, error = 0;  ///< and its standard error
};

struct TokenEstimates {
  std::vector<Estimate> signal2;  ///< ‖μ̂_t‖² for every position; NaN where too few tokens are left
  Index position = 0;             ///< of the largest
  Estimate mu, rho;               ///< ‖μ‖ there; the root mean square of the others over it
  Estimate noise2;                ///< tr Σ = σ²d
  double tokens = 0;              ///< of a sample, on average: T less padding
  Estimate effective_dimension;   ///< d_eff
  Estimate snr;                   ///< ‖μ‖/√(tr Σ)
  std::vector<double> spectrum;   ///< the largest eigenvalues of Σ as shares of tr Σ, at most 10
  Estimate place;  ///< ‖m̄_t − mean over positions‖ at that position, over ‖μ‖; (1 − (1+2ρ)/T)/√2 in the model
  /// m_{t,y} less the mean of all tokens, for the first and the last class: μ₋, then μ₊ as rows 1, 0.
  RowMajor signals;
};

TokenEstimates estimate_tokens(const TokenSet& set, int classes);

}  // namespace benign::sim

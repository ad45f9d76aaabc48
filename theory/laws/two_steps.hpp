#pragma once
// Single-head attention after its first two steps from zero, to leading order in √(n/d): THEORY section 5.24 [D]. With
// a = α/τ₀, c = n SNR², η_y the flipped share of class y, κ = 1 − 2η_y and x = κc/2,
//
//     first step     Y*v·μ = ax/4,  Yv·ξ_i = a/4,  p = 0;    σ_c = σ(−a(x + 1)/8),  σ_n = σ(a(x − 1)/8)
//     second step    V = Y*v·μ = (ac/4)(κ/2 + (1 − η_y)σ_c − η_yσ_n)
//                    U = Yv·ξ_i = a/4 + (a/2)σ_i
//                    M = μ·p = (a²c/32)((1 − η_y)σ_c(x − 1) − η_yσ_n(x + 1))
//                    P = ξ_i·p = −(a²/16)σ_c(x − 1) of a clean, (a²/16)σ_n(x + 1) of a flipped sample
//
// A flipped sample is fitted where P + log U > M + log V.

#include "theory/model/parameters.hpp"

namespace benign::theory {

struct TwoSteps {
  double signal_value;                ///< V
  double clean_value, flipped_value;  ///< U
  double signal_logit;                ///< M
  double clean_logit, flipped_logit;  ///< P
  /// P + log U − M − log V of flipped samples; infinite where V ≤ 0.
  double fit;
};

/// Of the samples of the class `label` ∈ {+1, −1}.
TwoSteps two_steps(const Parameters& parameters, int label);

/// √(n/d) √(2 log(4n/δ)): what n inner products of noise move such numbers by, all of them with probability 1 − δ.
double noise_unit(const Parameters& parameters, double delta);

/// The direction p of the largest margins that leaves a signal to clean and the noise to flipped samples, as d → ∞:
/// μ·p over the deviation of ξ·p of a test input. THEORY section 5.25.
double selection_margin(const Parameters& parameters);

/// 2/(1 − η): the n SNR² from which on the largest margin is that of a head which answers to signals.
double margin_border(const Parameters& parameters);

}  // namespace benign::theory

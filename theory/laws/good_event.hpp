#pragma once
// The good event: what the proof needs of the draw, and holds with probability at least 1 − δ. THEORY section 5.21 [D].
// With ε the noise of a token, N = nT, δ_j = δ/4 and M the pairs of tokens and signals,
//
//     norms             |‖ε‖²/(σ²d) − 1| ≤ 2√(x/d) + 2x/d,   x = log(2N/δ_j)
//     noise products    |⟨ε, ε'⟩| ≤ σ‖ε'‖ √(2 log(N(N−1)/2 / δ_j))
//     signal products   |⟨ε, μ±⟩| ≤ σ‖μ‖ √(2 log(2N/δ_j))
//     initial weights   |H₀(x, y) − κ⟨x, y⟩| ≤ κ‖x‖‖y‖ b(log(4M/δ_j))
//
// where b(x) is 2√(x/d) + 2x/d for Gaussian W₀, the larger of that and √(6x/d) for uniform W₀, and 0 for the identity.

#include "theory/model/parameters.hpp"

namespace benign::theory {

inline constexpr int good_event_families = 4;

/// Each bound for a family that may fail with probability at most `delta`, relative to the unit in brackets.
double norm_bound(const Parameters& p, double delta);             ///< [σ²d], of ‖ε‖² − σ²d
double noise_product_bound(const Parameters& p, double delta);    ///< [σ‖ε'‖]
double signal_product_bound(const Parameters& p, double delta);   ///< [σ‖μ‖]
double initial_weights_bound(const Parameters& p, double delta);  ///< [κ‖x‖‖y‖]

}  // namespace benign::theory

#pragma once
// The good event: what the proof needs of the draw, and holds with probability at least 1 − δ (THEORY section 5, [D]).
//
// δ is shared equally by four families, and within a family each item's count stands inside its logarithm (union
// bound). With ε the noise of a token, N = nT tokens and δ_j = δ/4:
//
// Norms, of N tokens: |‖ε‖²/(σ²d) − 1| ≤ 2√(x/d) + 2x/d with x = log(2N/δ_j) (Laurent and Massart 2000).
//
// Noise products, of N(N−1)/2 pairs: |⟨ε, ε'⟩| ≤ σ‖ε'‖ √(2 log(N(N−1)/2 / δ_j)).
//
// Signal products, of 2N pairs: |⟨ε, μ±⟩| ≤ σ‖μ‖ √(2 log(2N/δ_j)).
//
// Initial weights, of M pairs of tokens and signals: |H₀(x, y) − κ⟨x, y⟩| ≤ κ‖x‖‖y‖ b(log(4M/δ_j)), where b(x) is
// 2√(x/d) + 2x/d for Gaussian W₀, the larger of that and √(6x/d) for uniform W₀, and 0 for the identity.
//
// Derivations in REFERENCES.md. The number of flipped labels is exact here, no event.

#include "theory/model/parameters.hpp"

namespace benign::theory {

inline constexpr int good_event_families = 4;

/// Each bound for a family that may fail with probability at most `delta`, relative to the unit in brackets.
double norm_bound(const Parameters& p, double delta);             ///< [σ²d], of ‖ε‖² − σ²d
double noise_product_bound(const Parameters& p, double delta);    ///< [σ‖ε'‖]
double signal_product_bound(const Parameters& p, double delta);   ///< [σ‖μ‖]
double initial_weights_bound(const Parameters& p, double delta);  ///< [κ‖x‖‖y‖]

}  // namespace benign::theory

#pragma once
// How far the inner products of a draw are from their limit, in operator norms, with probability at least 1 − δ: THEORY
// section 6.3, lemma 1 [D]. P takes the mean over each sample's tokens away; N' = n(T − 1) is its rank. With
// τ_k = √(2 log(7k/δ)), t = (√N' + τ₂)/√d, t_w = (√(N' + 2) + τ₂)/√d and B = 2t_w + t_w² (0 for W₀ = I):
//
//     |PK̂P − K|      ≤ a = 2t + t² + 2 SNR λ^½ z,    z = (√N' + √2 + τ₁)/√d,    λ = ‖PC‖²
//     |PĤP − PK̂P|   ≤ B (‖K‖ + a)                    K = P + SNR² PC(PC)ᵀ, the limit's
//     |k_j − k_j∞|   ≤ SNR z,    |h_j − k_j| ≤ SNR B (‖K‖ + a)^½      (the rows of μ±)
//     |ν·ε|          ≤ √(2 log(7N/δ)) σ/‖μ‖   for every token, and (√(n_g T) + τ₁) σ/‖μ‖ in Euclidean norm for the
//                    tokens of all clean, and of all flipped samples
//     ‖W₀‖ ≤ κ^½ (2 + τ₁/√d)
//
// All fall with d and with ‖μ‖ at fixed n SNR²: what holds for d₀ holds for every d ≥ d₀.

#include "theory/model/parameters.hpp"
#include "theory/numbers/enclosure.hpp"

namespace benign::sim {

/// A slice of the theorem: which x = n SNR² are meant, and from which d and ‖μ‖/σ on.
struct DrawSlice {
  Enclosure x;      ///< the middle, which the limit is followed for
  Enclosure half;   ///< x − half ≤ n SNR² ≤ x + half
  Enclosure d, mu;  ///< d ≥ d and ‖μ‖/σ ≥ mu
  Enclosure delta;
};

/// Upper bounds of all that the draw decides.
struct DrawBounds {
  DrawBounds(const theory::Parameters& parameters, const DrawSlice& slice);

  long samples[2];             ///< clean and flipped
  Enclosure snr;               ///< SNR at most
  Enclosure signal2;           ///< ‖PC_j‖², of one signal
  Enclosure limit_norm, norm;  ///< ‖K‖ and ‖PK̂P‖
  Enclosure damping;           ///< of K⁻¹ on the range of PC
  Enclosure noise, weights;    ///< shares of ‖PĤP − K‖: the tokens' noise, and W₀
  Enclosure slice;             ///< ‖K(x') − K‖ for x' in the slice, in the range of PC alone
  Enclosure row_length;        ///< ‖k_j‖
  Enclosure row;               ///< ‖h_j − k_j∞‖ at the middle x
  Enclosure value;             ///< |ν·ε| of any token
  Enclosure values[2];         ///< √Σ(ν·ε)² over the clean and over the flipped samples
  Enclosure epsilon;           ///< ε
  Enclosure initial_norm;      ///< ‖W₀‖/κ^½
  Enclosure kappa;             ///< κ = σ_w²d
  Enclosure inverse_mu;        ///< σ/‖μ‖
};

}  // namespace benign::sim

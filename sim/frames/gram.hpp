#pragma once
// Data of any dimension: the inner products that training sees, drawn from their joint law without a vector of length
// d [D]. A draw at d = 10¹⁵ costs what one at d = 10³ does.
//
// In units of σ the rows [S; μ₊; μ₋] are B Q: Q has orthonormal rows, a basis of the span of the noise across the
// signals and e₁, e₂, and
//
//     B = [L, E + (μ/σ)·coefficients; 0, (μ/σ) I₂],   LLᵀ ~ Wishart_N(d − 2),   E ~ N(0, 1) of shape (N, 2).
//
// N' ≤ N + 2 is the number of columns of B, the rank of the frame (ν, a combination of μ₊ and μ₋, is no row of its
// own). For Gaussian W₀ the rows G = Q W₀ and p₀ are independent Gaussian vectors of R^d, so with p₀ put first
//
//     Gram[p₀/σ_p; G/σ_w] = RRᵀ ~ Wishart_{N'+1}(d),   R = [λ, 0; M],   λ² = ‖p₀‖²/σ_p²,
//
// and the part of W₀ outside the frame enters ‖q‖² alone, through Wishart_{N'+1}(d − N') with scale RRᵀ: AAᵀ between R
// and Rᵀ. With C = B M, in natural units and with l = M's first column:
//
//     K̂ = BBᵀ/d   Ĥ = CCᵀ/d²   Ĵ = [(CMᵀ)(CMᵀ)ᵀ + (CA)(CA)ᵀ]/(σ²d⁴)
//     r₀ = σ_p²λ²   h = σσ_wσ_pλ C₀   k̂ = σ_wσ_pλ C(Mᵀl + A₀₀A₀)/(σd²)   ω = σ_w²σ_p²λ²(‖l‖² + A₀₀²)
//
// where C₀ and A₀ are first columns. For W₀ = I: Ĥ = σ²d Ĵ = K̂, and p₀ is σ_p l along Q and σ_p A₀₀ across it.
// Exact for Gaussian W₀ and the identity only.

#include "sim/frames/frame.hpp"

namespace benign::sim {

/// Everything random in the frame of one instance, in units of σ, σ_w and σ_p. It depends on n, T, d and the seed
/// alone: instances that differ in ‖μ‖, ρ, η, σ, σ_w, σ_p share it.
struct GramFactors {
  RowMajor L;  ///< (N, min(N, d − 2))
  RowMajor E;  ///< (N, 2)
  RowMajor R;  ///< (N' + 1, min(N' + 1, d)), p₀ first
  RowMajor A;  ///< (columns of R, at most d − N' columns)
};
GramFactors draw_gram_factors(const theory::Parameters& parameters, std::uint64_t seed);

/// The frame of an instance without tokens, whose labels say which class each sample is of.
template <class Real>
Frame<Real> make_gram_frame(const Instance& instance, const GramFactors& factors, QNorm q_norm = QNorm::needed);

}  // namespace benign::sim

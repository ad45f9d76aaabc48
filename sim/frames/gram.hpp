#pragma once
// Data of any dimension: the inner products that training sees, drawn from their joint law without a vector of length
// d. A draw at d = 10¹⁵ costs what one at d = 10³ does.
//
//     K̂ = BBᵀ/d   Ĥ = CCᵀ/d²   Ĵ = [(CMᵀ)(CMᵀ)ᵀ + (CA)(CA)ᵀ]/(σ²d⁴)   C = BM
//     r₀ = σ_p²λ²   h = σσ_wσ_pλ C₀   k̂ = σ_wσ_pλ C(Mᵀl + A₀₀A₀)/(σd²)   ω = σ_w²σ_p²λ²(‖l‖² + A₀₀²)
//
// where B = [aL, aE + (μ/σ)·coefficients; 0, (μ/σ) I₂] are the tokens and signals in an orthonormal frame, in units of σ, a
// the strength of each token's noise, 1 in the paper's layout, and E zero where that is projected off the signals;
// R = [λ, 0; M] and A are the factors below, and l, C₀ and A₀ first columns. For W₀ = I: Ĥ = σ²d Ĵ = K̂, and p₀ is
// σ_p l along the frame and σ_p A₀₀ across it. Exact for Gaussian W₀ and for the identity only. THEORY section 4.1.

#include "sim/frames/frame.hpp"
#include "theory/numbers/enclosure.hpp"

namespace benign::sim {

/// Everything random in the frame of one instance, in units of σ, σ_w and σ_p. It depends on n, T, d and the seed
/// alone: instances that differ in ‖μ‖, ρ, η, σ, σ_w, σ_p or in the layout of tokens share it.
struct GramFactors {
  RowMajor L;  ///< (N, min(N, d − 2))
  RowMajor E;  ///< (N, 2)
  RowMajor R;  ///< (N' + 1, min(N' + 1, d)), p₀ first
  RowMajor A;  ///< (columns of R, at most d − N' columns)
};
GramFactors draw_gram_factors(const theory::Parameters& parameters, std::uint64_t seed);

/// ‖W₀‖² of the least W₀ that has these inner products: σ_w²(‖M‖² + ‖A‖²) in Frobenius' norm; of the identity the operator's.
Enclosure weights_norm2(const Instance& instance, const GramFactors& factors);

/// The frame of an instance without tokens, whose labels say which class each sample is of. In enclosures it is that of the one
/// instance whose tokens, p₀ and W₀ the factors name, as the exact numbers that they are (THEORY section 6.1).
template <class Real>
Frame<Real> make_gram_frame(const Instance& instance, const GramFactors& factors, QNorm q_norm = QNorm::needed);

}  // namespace benign::sim

#pragma once
// The law of an input's sum S = Σ_t e^{ℓ_t}(b_t + c z_t + r w_t) between bounds, ℓ_t = m_t + a z_t the logits, and of its
// quotient F̃ = S/E by E = Σ_t e^{ℓ_t}: THEORY section 6.1 [D]. With the transforms φ_t of token_integral.hpp,
// Φ = Π_t φ_t at (κ, ξ) = (0, 1) and Φ_ξ that at (1, ξ),
//
//     P(S < 0) = 1/2 + (1/π) ∫ Im Φ(u) du,      E log(1 + iξF̃) = ∫ (Φ₀(u) − Φ_ξ(u)) du.
//
// Both integrands are entire and at most of the size e^{Kη²} at Im u = η, and the trapezoidal rule converges
// exponentially. Truncation, both rules' errors and roundings are accounted for.

#include "sim/generalisation/token_integral.hpp"

#include <optional>
#include <vector>

namespace benign::sim {

/// Contains P(S < 0), about as wide as the tolerance; nothing where |c| is too near 1, a or T so large that the sums
/// would take minutes.
std::optional<Enclosure> negative_probability(const ShareLaw& law, double tolerance);

/// E log(1 + iξF̃): its real part is E log(1 + ξ²F̃²)/2 and its imaginary part E arctan(ξF̃).
struct QuotientLogarithm {
  Enclosure re, im;
};
std::optional<std::vector<QuotientLogarithm>> quotient_logarithms(const ShareLaw& law, const std::vector<double>& xi,
                                                                  double tolerance);

}  // namespace benign::sim

#pragma once
// Bounds of the population test error that hold for certain, from enclosures of q's scalars. [D]
//
// A test input of class y has logits X_y + σ‖q‖z₁, ρX_y + σ‖q‖z₂, ρX_{−y} + σ‖q‖z₃ and σ‖q‖z_t, X_± = μ±·q, and values
// yν·x_t = γ(1, ρ, −ρ, 0, …)_t + (σ/‖μ‖) w_t. All z_t are independent N(0, 1), w_t = c z_t + √(1 − c²) u_t with
// independent u_t ~ N(0, 1), and c = yν·q/(‖ν‖‖q‖), ‖ν‖ = 1/‖μ‖. With e_t the exponentials of the logits, y f < 0 given
// z has the probability Φ̄(A),
//
//     A √(1 − c²) √(Σ e²) = γ(‖μ‖/σ)(e₁ + ρe₂ − ρe₃) + c Σ e_t z_t,      |c Σ e_t z_t| ≤ |c| ‖z‖ √(Σ e²).
//
// At q = 0 all attention is 1/T, and y f is normal of mean γ/T and deviation (σ/‖μ‖)/√T: the error is Φ̄(γ‖μ‖/(σ√T)).
//
// *From above.* The j-th largest of the m = T − 1 others' z exceeds b_j with probability at most C(m, j) Φ̄(b_j)^j.
// Outside of these events, of z₁ < −b₀ and of ‖z‖ > B, where P(‖z‖² > T + 2√(Tx) + 2x) ≤ e^{−x} (Laurent–Massart), the
// j-th largest of e_t/e₁ is at most r_j = exp(h − X_y + σ‖q‖(b₀ + b_j)), h = max(0, ρX_y, ρX_{−y}), and
// A ≥ [γ(‖μ‖/σ)(1 − ρr₁)/√(1 + Σ r_j²) − |c|B]/√(1 − c²).
//
// *From below.* By Jensen, Σ_{t>1} (e_t/e₁)² ≥ m exp(2(ρ(X_y + X_{−y})/m + σ‖q‖z̄ − X_y − σ‖q‖z₁)) with z̄ the mean of
// the others' z, and A ≤ [γ(‖μ‖/σ)(e₁/√(Σe²) + ρ) + |c|B]/√(1 − c²) where ‖z‖ ≤ B. The mean of Φ̄(A) is summed from
// below over slabs of z₁ and z̄, which are independent.

#include "theory/numbers/enclosure.hpp"
#include "theory/model/parameters.hpp"

namespace benign::sim {

/// Contains the mean of the two classes' errors; [0, 1] where nothing is known. ‖q‖² = 0 exactly means q = 0.
Enclosure enclosed_test_error(const theory::Parameters& parameters, const Enclosure& mu_plus_q,
                              const Enclosure& mu_minus_q, const Enclosure& q_norm2);

}  // namespace benign::sim

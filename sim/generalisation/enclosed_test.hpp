#pragma once
// Bounds of the population test error that hold for certain, from enclosures of q's scalars μ±·q and ‖q‖². They are
// derived in THEORY section 6.1 [D].
//
// Given the logits' noise z, y f is normal and negative with the probability Φ̄(A),
//
//     A √(1 − c²) √(Σ e²) = γ(‖μ‖/σ)(e₁ + ρe₂ − ρe₃) + c Σ e_t z_t,      c = yν·q/(‖ν‖‖q‖),
//
// e the exponentials of the logits. From above rare events of order statistics of z are given up, and A is bounded from
// below outside of them; from below A is bounded from above by Jensen's inequality, over slabs of z₁ and of the mean z̄
// of the others. At q = 0 the error is Φ̄(γ‖μ‖/(σ√T)).

#include "theory/numbers/enclosure.hpp"
#include "theory/model/parameters.hpp"

namespace benign::sim {

/// Contains the mean of the two classes' errors; [0, 1] where nothing is known. ‖q‖² = 0 exactly means q = 0.
Enclosure enclosed_test_error(const theory::Parameters& parameters, const Enclosure& mu_plus_q,
                              const Enclosure& mu_minus_q, const Enclosure& q_norm2);

}  // namespace benign::sim

#pragma once
// Bounds of the population test error from order statistics, for errors so rare, or tokens so many, that the sums of
// sum_law.hpp have no digits left, from enclosures of q's scalars μ±·q and ‖q‖². They are derived in THEORY section 6.1 [D].
//
// Given the logits' noise z, y f is normal and negative with the probability Φ̄(A),
//
//     A √(1 − c²) √(Σ e²) = γ(‖μ‖/σ)(e₁ + ρe₂ − ρe₃) + c Σ e_t z_t,      c = yν·q/(‖ν‖‖q‖),
//
// e the exponentials of the logits. From above rare events of order statistics of z are given up, and A is bounded from
// below outside of them; from below A is bounded from above by Jensen's inequality, over slabs of z₁ and of the mean z̄
// of the others.

#include "theory/model/parameters.hpp"
#include "theory/numbers/enclosure.hpp"

namespace benign::sim {

/// At least the mean of the two classes' errors, and at most; 1 and 0 where nothing is known. ‖q‖ > 0.
Enclosure order_bound_above(const theory::Parameters& parameters, const Enclosure& mu_plus_q,
                            const Enclosure& mu_minus_q, const Enclosure& q_norm2);
Enclosure order_bound_below(const theory::Parameters& parameters, const Enclosure& mu_plus_q,
                            const Enclosure& mu_minus_q, const Enclosure& q_norm2);

}  // namespace benign::sim

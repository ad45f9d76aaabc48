#pragma once
// The population test loss of every q near a limit's: THEORY section 6.3, lemma 4 [D]. With X± = μ±·q within `off` of X
// and F° the output for a token's means alone,
//
//     |E log(1 + e^{−F}) − log(1 + e^{−F°})| ≤ √T (σ/‖μ‖ + γ(1 + ρ)/2 · σ‖q‖),
//
// since the loss and the output are Lipschitz and the largest of T normal numbers is at most √T in the mean.

#include "theory/model/layout.hpp"
#include "theory/numbers/enclosure.hpp"

namespace benign::sim {

/// Contains the loss of test inputs of either class.
Enclosure near_loss(const theory::Layout<Enclosure>& layout, const Enclosure& X, double off, double q,
                    const Enclosure& inverse_mu);

}  // namespace benign::sim

#pragma once
// Tokens from which a departure from the data model is taken away: which of the departures makes the theory's
// prediction fail is what a run on them tells.
//
// With the means m_{t,y} = m̄_t + δ_{t,y} of class y at position t (m̄_t their mean over classes), residuals r about
// them, and t* the position of the largest Σ_y ‖δ_{t,y}‖² = (C − 1)‖μ‖²:
//
//     answers     r loses its part in the span of the head's columns:
//                 a token's answer is that of its class and position
//     isotropic   r becomes N(0, (tr Σ/d) I)
//     positions   δ_{t,y} = 0 at all t ≠ t*: one relevant position, ρ = 0
//     places      m̄_t becomes the mean over all positions, and at t* ‖μ‖/√C more along a direction orthogonal to all
//                 δ_{t*,y} and to the head, so that the signals m_{t*,y} less that mean are orthogonal and of length ‖μ‖
//
// Test inputs are changed alike, with the training set's means. The head stays what it was.

#include "sim/data/brought.hpp"

#include <string>

namespace benign::sim {

/// Names with commas between them; throws BadTokens for another name.
void make_surrogate(Brought& brought, const std::string& names);

}  // namespace benign::sim

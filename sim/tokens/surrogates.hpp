#pragma once
// Tokens from which a departure from the data model is taken away: which of the departures makes the theory's
// prediction fail is what a run on them tells. With class means m̄_t + δ_{t,y} at position t, residuals r about them,
// and t* the position of the largest Σ_y ‖δ_{t,y}‖² = (C − 1)‖μ‖² (THEORY section 4.6):
//
//     answers     r loses its part in the span of the head's columns: an answer is that of class and position
//     isotropic   r becomes N(0, (tr Σ/d) I)
//     positions   δ_{t,y} = 0 at all t ≠ t*: one relevant position, ρ = 0
//     places      m̄_t becomes the mean over all positions, at t* with ‖μ‖/√C more along a new direction
//
// Test inputs are changed alike, with the training set's means. The head stays what it was.

#include "sim/data/brought.hpp"

#include <string>

namespace benign::sim {

/// Names with commas between them; throws BadTokens for another name.
void make_surrogate(Brought& brought, const std::string& names);

}  // namespace benign::sim

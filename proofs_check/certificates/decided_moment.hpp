#pragma once
// What an enclosed moment decides of a claim, and what a proof tells of it.

#include "proofs_check/certificates/decision.hpp"

namespace benign::proofs {

/// Decides a claim about this moment, with at most so many digits: of the test error as sharply as the claim needs. A claim that
/// the bounds of the test inputs' law leave open, whatever the digits of q, is told what limits it.
void decide_at(Decision& decision, const sim::EnclosedMoment& moment, const sim::ExactInstance& exact, int digits);

/// All that is enclosed, each number by two decimals.
sim::Json moment_json(const sim::EnclosedMoment& moment, int digits);

}  // namespace benign::proofs

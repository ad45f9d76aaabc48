#pragma once
// What there is to prove of a run where nobody says it: the whole sentence of its regime.

#include "proofs_check/certificates/claims.hpp"
#include "sim/frames/shared_draws.hpp"

namespace benign::proofs {

/// The run in double says which labels are right and what losses, margins, attention, readouts and the test error are to
/// three digits; each is a claim, and each number two: that it is above one decimal and below another, one unit of the
/// third digit to either side, of the test loss, whose bounds are wide in places, of the second. Of the limit the times of its events, to seven digits, or that they lie beyond the horizon.
std::vector<std::string> default_claims(const sim::RunConfig& config, sim::SharedDraws& shared);

}  // namespace benign::proofs

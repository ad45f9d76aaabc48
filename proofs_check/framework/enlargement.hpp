#pragma once
// By how much a descent enlarges a small change of its first step: what roundings on the way are multiplied by.

#include "proofs_check/framework/check.hpp"

namespace benign::proofs {

/// The relative change of the logits after `steps` steps over that of the state after the first, at least 1; a change
/// of 2^{−20} in every entry, its signs alternating.
double enlargement(const Laboratory& laboratory, long steps);

/// Steps that are too long make it grow without bound, and with it the difference of any two ways to compute them.
Hypothesis hardly_enlarged(const Laboratory& laboratory, long steps);

}  // namespace benign::proofs

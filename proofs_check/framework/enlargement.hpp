#pragma once
// By how much a descent enlarges small changes of its steps: what roundings on the way are multiplied by.

#include "proofs_check/framework/check.hpp"

namespace benign::proofs {

/// The relative change of the logits after `steps` steps over √steps · 2^{−36}, at least 1, when every entry of the state changes by
/// that share, with a sign of its own, after every step. So do roundings, a hundred thousand times smaller; and a change of that size is
/// still in proportion when it is enlarged a millionfold. The first step alone would not do: a step on the way that is unstable
/// enlarges what is rounded before it, of whatever size the state has become.
double enlargement(const Laboratory& laboratory, long steps);

/// Steps that are too long make it grow without bound, and with it the difference of any two ways to compute them.
Hypothesis hardly_enlarged(const Laboratory& laboratory, long steps);

}  // namespace benign::proofs

#pragma once
// The hypothesis of every claim about rounding: errors grow without bound where the descent itself does.

#include "proofs_check/check.hpp"

namespace benign::proofs {

/// α λ_max(∇²L) < 2 at the start.
Hypothesis stable_start(const Laboratory& laboratory);

/// Breaks it, for tests.
void too_long_a_step(Laboratory& laboratory);

}  // namespace benign::proofs

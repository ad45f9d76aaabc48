#pragma once
// What the checker's enclosure says of a stated interval, and of a claim that is stated without one. Ends are dyadic or
// rational and are compared exactly.

#include "proofs_check/checker/arithmetic/interval.hpp"
#include "proofs_check/checker/check.hpp"
#include "proofs_check/checker/form/claim.hpp"

namespace benign::checker {

/// How the checker's enclosure lies to the stated interval.
Found compare(const Interval& mine, const Stated& stated);

/// Whether the claim itself follows from the checker's bounds.
Found decide(const Stated& stated, const Interval& mine);

}  // namespace benign::checker

#pragma once

#include "theory/verdict.hpp"

#include <vector>

namespace benign::proofs {

/// The margin of the claim that a series of losses falls at every step; apart from the run, so that a test can hand it
/// a series with a fault.
theory::Margin smallest_fall(const std::vector<double>& losses);

}  // namespace benign::proofs

#pragma once
// A certificate's statement in words.

#include "proofs_check/checker/form/claim.hpp"
#include "sim/runs/run_config.hpp"

namespace benign::checker {

/// Two significant digits.
std::string in_short(double x);

/// What the claims are about: the data, the initialisation, the run.
std::vector<std::string> statement(const Run& run, const sim::RunConfig& config);

}  // namespace benign::checker

#pragma once
// What there is no proof of.

#include "proofs_check/certificates/claims.hpp"
#include "sim/runs/run_config.hpp"

#include <string>
#include <vector>

namespace benign::proofs {

/// Throws UsageError where a configuration has no proof: it is not of a kind that is enclosed, or what it encloses does not
/// fit in memory.
void refuse_what_has_no_proof(const sim::RunConfig& config);

/// Throws UsageError where a proof of the claims has no certificate, which `file` was to hold.
void refuse_without_certificate(const sim::RunConfig& config, const std::vector<Claim>& claims,
                                const std::string& file);

}  // namespace benign::proofs

#pragma once
// The claims' quantities in the same run computed in double: a second opinion beside a proof, and what to claim at all.

#include "proofs_check/certificates/claims.hpp"
#include "sim/frames/shared_draws.hpp"

namespace benign::proofs {

struct InDouble {
  double value;
  double
      error;  ///< what it is known to: of a test error and loss the quadrature's error, else an allowance for rounding
};

/// In the order of the claims, the share of an accuracy; nothing for a trend, for loss_fall, and with --route limit, whose
/// claims are about events.
std::vector<std::optional<InDouble>> values_in_double(const sim::RunConfig& config, const std::vector<Claim>& claims,
                                                      sim::SharedDraws& shared);

}  // namespace benign::proofs

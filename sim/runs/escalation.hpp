#pragma once
// The precision that a run needs, found by comparing runs.
//
// A precision is enough for a run if the next higher one changes nothing beyond the integrator's own error. That error
// is measured where rounding cannot hide it, in the higher precision: by how much its outcome moves when the tolerance
// is loosened 32-fold, which is what a step's error estimate is worth and some more. Both precisions run at the
// lower one's tolerance, so that they differ in nothing but rounding.

#include "sim/runs/run_config.hpp"

#include <functional>

namespace benign::sim {

/// Numbers that a run came to, in a fixed order; nothing for an event that did not happen.
using RunNumbers = std::vector<std::optional<mp100>>;

struct Escalation {
  Precision precision;     ///< the lowest that the next one confirms; mp100 if none is confirmed
  bool confirmed = false;  ///< false if mp100 was reached without
  double difference = 0;   ///< the largest of the outcome between the last two precisions, in units of max(1, |x|);
                           ///< infinite where they disagree on what happened
  double error = 0;        ///< the integrator's, in the same units
};

/// Tries double, dd and mp50 against their successors. `outcome` runs in a precision, with a tolerance.
Escalation escalate(const std::function<RunNumbers(Precision, double tolerance)>& outcome);

/// The same for a flow: its events, train loss and μ±·q at its horizon.
Escalation escalate(const RunConfig& config);

}  // namespace benign::sim

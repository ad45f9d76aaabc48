#pragma once
// When a function of a flow reaches a value for the first time, from what a validated step says of it.

#include "sim/integrators/taylor_series.hpp"

#include <optional>
#include <string>

namespace benign::sim {

/// One of three: not reached within the step, reached within `after` its start, or `unknown` says why it is open.
struct StepEvent {
  std::optional<Enclosure> after;
  std::string unknown;
};

/// Whether f, certainly below `target` before the step, reaches it for the first time in the step [0, h].
///
/// Not reached where f is certainly below over the whole step, or rises over it and is certainly below at its end.
/// Reached between the last time at which f is certainly below and the first at which it is certainly above, of those
/// that bisection finds, where f rises over the whole step: then there is one such time, and none before it. A function
/// that may fall, or an end of the step that is on neither side for certain, leaves it open. h is exact.
StepEvent first_reach(const StepSeries& f, double h, const Enclosure& target);

}  // namespace benign::sim

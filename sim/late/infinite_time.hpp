#pragma once
// A draw's test error at infinite time: hard selection along its limit direction, with no Monte Carlo in it
// (theory/laws/error_law.hpp).

#include "sim/late/limit_direction.hpp"
#include "sim/runs/simulate.hpp"
#include "theory/laws/error_law.hpp"

namespace benign::sim {

/// The flow's own limit: every sample selects its best token by value, and q* is shortest in the span of the tokens,
/// whatever W₀ was.
struct InfiniteTime {
  LimitDirection limit;
  double error = 0;
  double c_plus = 0, c_minus = 0;  ///< μ±·q*/(n SNR²)
};

/// Nothing where no q selects these tokens. The frame of a `direct` run holds no inner products.
std::optional<InfiniteTime> infinite_time(const theory::Parameters& parameters, const Frame<double>& frame);
/// From the draw that the configuration names.
std::optional<InfiniteTime> infinite_time(const RunConfig& config);

/// What a test input sees of q*.
theory::SeenDirection seen(const LimitDirection& limit);

}  // namespace benign::sim

#pragma once
// How far the flow of every draw in the good event is from the limit: the lemmas of THEORY section 6.3, by the checker's
// own means. The limit is followed by Taylor models from exact points, and the bounds by steps of its own.

#include "proofs_check/checker/theorem/sample.hpp"
#include "theory/model/parameters.hpp"

#include <functional>

namespace benign::checker {

/// A slice of n SNR², and what the theorem's hypotheses say of d, ‖μ‖/σ and δ.
struct Slice {
  Interval middle, half, d, mu, delta;
};

/// What holds of all draws over [from, to] in u = log(1 + s).
struct NearStep {
  double from = 0, to = 0;
  Interval clean, flipped;  ///< Yf
  Interval loss;            ///< of test inputs
  double deviation = 0;     ///< V at most
};

/// Calls `seen` for one step after the other, which end at each of `stops`; until it answers false, or the last of them.
/// Empty, or why the bounds end before.
std::string follow_limit(const theory::Parameters& parameters, const Slice& slice, const std::vector<double>& stops,
                         const std::function<bool(const NearStep&)>& seen);

}  // namespace benign::checker

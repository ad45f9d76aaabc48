#pragma once
// A slice of n SNR², followed along the flow: what holds at every step for all its draws in the good event.

#include "sim/theorem/theorem.hpp"

namespace benign::sim {

/// Where a slice's run ends: at the horizon, or before it
enum class TraceEnd {
  horizon,
  fitted,       ///< when all labels have been right for a quarter of a unit of u, or as long as the bounds hold
  generalised,  ///< when the test loss has certainly been at most `late` for an eighth
  flipped_label_may_be_right  ///< likewise
};

struct TracePoint {
  double from = 0, to = 0;
  double clean_least = 0, flipped_least = 0, flipped_most = 0;  ///< Yf
  double loss_least = 0, loss_most = 0;
  double off = 0, off_X = 0, curvature = 0;
  double shares[Deviation::causes] = {};

  bool right() const { return clean_least > 0 && flipped_least > 0; }
  bool flipped_wrong() const { return clean_least > 0 && flipped_most < 0; }
};

struct SliceTrace {
  std::vector<TracePoint> points;
  std::string lost;  ///< why it ended before it should have
};

/// Slice `index` of the question's `slices` of equal width.
DrawSlice slice_of(const TheoremQuestion& question, std::size_t index);

/// At the working precision, which others may share.
SliceTrace follow_slice(const TheoremQuestion& question, std::size_t index, TraceEnd end, double horizon);

}  // namespace benign::sim

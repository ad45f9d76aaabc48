#pragma once
// A training run in double, looked at many times, with the errors of what was seen.
//
// The errors are estimated at every moment by further computations that share no rounding with the first and know the
// same amplification, because they train too (THEORY section 7.3): from inner products each moved by a rounding, three
// descents in logits, H and r in place of coefficients, or a flow at a thousand times the tolerance. What is stated is
// a factor times the largest difference so far, at least what the numbers' own roundings are, and infinite where that
// is no longer small.

#include "sim/runs/simulate.hpp"
#include "theory/numbers/element.hpp"

namespace benign::sim {

/// What is seen at one moment, but for the test error: see Trajectory::test.
struct Moment : Observation<double> {
  double logit_error = 0;  ///< of any logit
};

struct Trajectory {
  RunConfig config;
  theory::Samples<double> samples;
  std::vector<int> true_label;  ///< Y* = ±1, length n; −1 for the flipped of many classes, whose Y stands as +1
  theory::Scales<double> scales;
  std::vector<Moment> moments;  ///< the start, about 200 equal parts of the run, and its end
  Events<double> events;        ///< of a flow
  Events<double> event_errors;  ///< in log s; infinite where one of the two runs has an event and the other has none

  bool noisy(Index i) const { return element(samples.labels, i) != element(true_label, i); }
  /// s = τ/τ₀ of a moment.
  double s(const Observation<double>& moment) const { return moment.tau / scales.tau0; }
  /// The test error over the population at a moment of the model: few moments are asked for theirs, and it costs more
  /// than all else that is seen there. ‖q‖² must be known: by the routes `coefficients` and `limit`.
  TestError test(const Observation<double>& moment) const;
  /// The largest error of a logit at any moment.
  double logit_error() const { return moments.back().logit_error; }
};

/// Runs `config` in double by its route.
Trajectory record_trajectory(RunConfig config);
/// The same of a run that is drawn.
Trajectory record_trajectory(const Run<double>& run);

/// Every inner product and value moved up or down by a rounding, by signs that depend on its place and on `which`.
Frame<double> moved_by_roundings(Frame<double> frame, int which);

}  // namespace benign::sim

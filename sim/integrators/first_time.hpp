#pragma once
// When something happens for the first time along a flow whose validated steps are near it (THEORY section 6.1).
//
// "All of some functions f_k of time are above c." Over a step [0, h] each is its Taylor polynomial with the remainder, and no
// further from it than the flow may be from the known one's. It is not so yet over an interval of times over which one of the
// functions is certainly below c, another one perhaps in each; and it is so at a time at which all are certainly above.

#include "sim/integrators/taylor_series.hpp"

#include <optional>
#include <vector>

namespace benign::sim {

/// The first time of something: at `log_s`, or not before `not_before`, which is NaN where nothing is known.
struct EnclosedEvent {
  std::optional<Enclosure> log_s;
  Enclosure not_before;
};

/// All of the functions are above `target`; each is its series plus a number of `apart`, at every time of the step.
struct StepCondition {
  std::vector<StepSeries> functions;
  std::vector<Enclosure> apart;
  Enclosure target;

  bool certainly_false(const Enclosure& times) const;
  bool certainly_true(const Enclosure& time) const;
};

/// The first time at which a condition is true, as far as one step after the other tells.
class FirstTime {
 public:
  /// Over a step of [0, length] that begins at `start`, numbers in these both, as far as the lower end of `length`. Its times
  /// are counted in `unit`, a power of two.
  void look(const StepCondition& condition, const Enclosure& length, const Enclosure& start, double unit = 1);

  bool seen() const { return from_the_start_ || by_; }
  bool from_the_start() const { return from_the_start_; }
  /// Whether it was false for certain at all times so far.
  bool excluded() const { return !from_the_start_ && !possible_; }
  EnclosedEvent event() const;

 private:
  bool from_the_start_ = false, possible_ = false;
  Enclosure not_before_{0};  ///< it is false up to there; until it is `possible` that is the end of the last step
  std::optional<Enclosure> by_;
};

}  // namespace benign::sim

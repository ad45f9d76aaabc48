#pragma once
// When something happens for the first time along a flow whose validated steps are near it (THEORY section 6.1).
//
// It is not so yet over an interval of times at all of which it is certainly false, and it is so at a time at which it is
// certainly true. The most usual of conditions is "all of some functions f_k of time are above c": over a step [0, h] each is its
// Taylor polynomial with the remainder, and no further from it than the flow may be from the known one's.

#include "sim/integrators/taylor_series.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace benign::sim {

/// The first time of something: at `log_s`, or not before `not_before`, which is NaN where nothing is known.
struct EnclosedEvent {
  std::optional<Enclosure> log_s;
  Enclosure not_before;
};

/// What is true or false at each time of a step.
class StepCondition {
 public:
  virtual ~StepCondition() = default;
  /// At every one of the times.
  virtual bool certainly_false(const Enclosure& times) const = 0;
  virtual bool certainly_true(const Enclosure& time) const = 0;
  /// A time is looked for to within 2^−halvings of the step.
  virtual long halvings() const { return WorkingPrecision::bits(); }
};

/// All of the functions are above `target`; each is its series plus a number of `apart`, at every time of the step. It is false
/// where one of them is certainly below, another one perhaps at each time.
struct AllAbove final : StepCondition {
  AllAbove(std::vector<StepSeries> the_functions, std::vector<Enclosure> how_far, Enclosure c)
      : functions(std::move(the_functions)), apart(std::move(how_far)), target(std::move(c)) {}

  bool certainly_false(const Enclosure& times) const override;
  bool certainly_true(const Enclosure& time) const override;

  std::vector<StepSeries> functions;
  std::vector<Enclosure> apart;
  Enclosure target;
};

/// The first time at which a condition is true, as far as one step after the other tells.
class FirstTime {
 public:
  /// What is known so far.
  struct Known {
    bool from_the_start = false, possible = false;
    Enclosure not_before{0};  ///< it is false up to there; until it is `possible` that is the end of the last step
    std::optional<Enclosure> by;
  };
  FirstTime() = default;
  explicit FirstTime(Known known) : known_(std::move(known)) {}
  const Known& known() const { return known_; }

  /// Over a step of [0, length] that begins at `start`, numbers in these both, as far as the lower end of `length`. Its times
  /// are counted in `unit`, a power of two.
  void look(const StepCondition& condition, const Enclosure& length, const Enclosure& start, double unit = 1);

  bool seen() const { return known_.from_the_start || known_.by; }
  bool from_the_start() const { return known_.from_the_start; }
  /// Whether it was false for certain at all times so far.
  bool excluded() const { return !known_.from_the_start && !known_.possible; }
  EnclosedEvent event() const;

 private:
  Known known_;
};

}  // namespace benign::sim

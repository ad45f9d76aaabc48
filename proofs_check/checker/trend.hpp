#pragma once
// The number that a claim "QUANTITY never falls" is about: the least change of the quantity in one step.

#include "proofs_check/checker/form/claim.hpp"
#include "proofs_check/checker/interval.hpp"

#include <optional>

namespace benign::checker {

class Change {
 public:
  /// Takes in the quantity's value at the next step.
  void see(Trend trend, const Interval& value) {
    if (before_) {
      const Interval change = trend == Trend::never_falls ? value - *before_ : *before_ - value;
      least_ = least_ ? least(*least_, change) : change;
    }
    before_ = value;
  }

  /// After two values at least.
  const Interval& smallest() const { return *least_; }

 private:
  std::optional<Interval> before_, least_;
};

}  // namespace benign::checker

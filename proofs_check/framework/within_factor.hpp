#pragma once
// Claims of size, "x = Θ(y)" with an explicit constant.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/text/format.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace benign::proofs {

/// Collects measured/predicted and the claim that every such ratio lies in [1/C, C].
class WithinFactor {
 public:
  /// `error` is that of the ratio.
  void look(double ratio, double error) {
    // A NaN stays: !(x >= NaN) would let the next number take its place.
    if (!std::isnan(smallest_) && !(ratio >= smallest_)) smallest_ = ratio;
    if (!std::isnan(largest_) && !(ratio <= largest_)) largest_ = ratio;
    if (!std::isnan(error_) && !(error <= error_)) error_ = error;
    ++looks_;
  }

  enum class Side { below, above, both };

  Finding finding(double C, Side side, const std::string& what) const {
    Finding finding;
    const double below = smallest_ - 1 / C, above = C - largest_;
    finding.margin = {side == Side::below   ? below
                      : side == Side::above ? above
                                            : std::min(below, above),
                      looks_ > 0 ? error_ : HUGE_VAL};
    const double least_below = smallest_ > 0 ? 1 / smallest_ : HUGE_VAL;
    finding.constant = side == Side::below   ? least_below
                       : side == Side::above ? largest_
                                             : std::max(least_below, largest_);
    finding.observed = what + format(" / predicted in [%.4g, %.4g]", smallest_, largest_);
    return finding;
  }

 private:
  double smallest_ = HUGE_VAL, largest_ = -HUGE_VAL, error_ = 0;
  long looks_ = 0;
};

}  // namespace benign::proofs

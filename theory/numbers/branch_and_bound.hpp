#pragma once
// The global minimum of a function of one variable, proven: inf f over a compact interval, enclosed from below by
// interval values of f on boxes that cover the domain, and from above by its values at points.

#include "theory/numbers/interval.hpp"

#include <functional>

namespace benign::theory {

struct Minimum {
  double lower;  ///< lower ≤ inf f ≤ upper, rounded outward
  double upper;
  Interval where;  ///< contains a point whose value is at most `upper`; if upper < 0, all of f over it is negative
  long boxes;      ///< how many boxes were looked at
};

/// Best-first bisection, until upper − lower ≤ width · max(1, |upper|), or `most_boxes` were looked at, or the box that
/// holds the lower bound cannot be halved any more.
///
/// f maps an interval to one that contains all values over it; ends may be infinite, and NaN counts as (−∞, ∞).
Minimum minimum(const std::function<Interval(const Interval&)>& f, const Interval& domain, double width,
                long most_boxes);

}  // namespace benign::theory

#include "theory/numbers/branch_and_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>
#include <vector>

namespace benign::theory {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Box {
  Interval domain;
  double lower;  ///< f ≥ lower on it
};

bool operator<(const Box& a, const Box& b) { return a.lower > b.lower; }  // the least bound on top of the queue

/// f on x, where NaN counts as (−∞, ∞).
Interval value(const std::function<Interval(const Interval&)>& f, const Interval& x) {
  const Interval y = f(x);
  return is_nan(y) ? interval(-infinity, infinity) : y;
}

/// The largest part of `box`, by halving toward `point` in it, on which f is negative: the point itself in the end.
Interval negative_part(const std::function<Interval(const Interval&)>& f, Interval box, const mp50& point) {
  for (int halving = 0; halving < std::numeric_limits<Interval>::digits; ++halving) {
    if (upper(value(f, box)) < 0) return box;
    const auto [left, right] = halves(box);
    box = contains(left, point) ? left : right;
  }
  return interval(point, point);
}

}  // namespace

Minimum minimum(const std::function<Interval(const Interval&)>& f, const Interval& domain, double width,
                long most_boxes) {
  Minimum found{-infinity, infinity, domain, 0};
  mp50 lowest = midpoint(domain);
  const auto try_point = [&](const mp50& point, const Interval& box) {
    if (const double bound = upper(value(f, interval(point, point))); bound < found.upper) {
      found.upper = bound;
      found.where = box;
      lowest = point;
    }
  };
  std::priority_queue<Box> queue;
  const auto look_at = [&](const Interval& box) {
    ++found.boxes;
    try_point(midpoint(box), box);
    queue.push({box, lower(value(f, box))});
  };

  try_point(lower_end(domain), domain);
  try_point(upper_end(domain), domain);
  look_at(domain);
  for (;;) {
    found.lower = queue.top().lower;
    if (found.boxes >= most_boxes) break;
    if (std::isfinite(found.upper) && found.upper - found.lower <= width * std::max(1.0, std::abs(found.upper))) break;
    const Interval box = queue.top().domain;
    const mp50 middle = midpoint(box);
    if (!(lower_end(box) < middle && middle < upper_end(box))) break;
    queue.pop();
    const auto [left, right] = halves(box);
    look_at(left);
    look_at(right);
  }
  if (found.upper < 0) found.where = negative_part(f, found.where, lowest);
  return found;
}

}  // namespace benign::theory

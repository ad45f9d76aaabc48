#pragma once
// A number that is only ever rounded upward: bounds of errors, which are computed beside what they bound.
//
// IEEE 754's nearest number is off by at most 2^−53 of itself, and (1 − 2^−53)²(1 + 2^−51) > 1: so a rounded result times
// 1 + 2^−51, rounded again, is no smaller than the exact one. Sums do not underflow; the least number of all is added to a
// product that may. An exact 0 stays one, a NaN stays a NaN, and compares less than nothing.

#include "theory/numbers/enclosure.hpp"

#include <cmath>
#include <limits>

namespace benign::sim {

/// x ≥ 0, or NaN.
class Upward {
 public:
  Upward() = default;
  /// The double itself, which is not negative.
  explicit Upward(double x) : x_(x) {}

  double value() const { return x_; }

  friend Upward operator+(Upward x, Upward y) { return up(x.x_ + y.x_); }
  friend Upward operator*(Upward x, Upward y) {
    if (x.x_ == 0 || y.x_ == 0) return Upward(x.x_ * y.x_);
    return up(x.x_ * y.x_ + std::numeric_limits<double>::denorm_min());
  }
  friend Upward sqrt(Upward x) { return up(std::sqrt(x.x_)); }
  Upward& operator+=(Upward y) { return *this = *this + y; }
  /// x − y for a double y that is exact; 0 where it would be below.
  Upward less(double y) const { return x_ <= y ? Upward(0) : up(x_ - y); }

 private:
  static Upward up(double rounded) { return Upward(rounded * (1 + 0x1p-51)); }

  double x_ = 0;
};

inline Upward square(Upward x) { return x * x; }
/// The larger; NaN if one is.
inline Upward larger(Upward x, Upward y) { return x.value() < y.value() || std::isnan(y.value()) ? y : x; }

/// max |a|, a ∈ x.
inline Upward magnitude(const Enclosure& x) { return Upward(upper(abs(x))); }
/// [−r, r].
inline Enclosure plus_or_minus(Upward r) { return enclosure(-r.value(), r.value()); }

}  // namespace benign::sim

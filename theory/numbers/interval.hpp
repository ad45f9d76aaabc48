#pragma once
// Intervals as numbers: arithmetic on [a, b] with ends of 50 digits, rounded outward (MPFI), so that every result
// contains the exact one for all numbers in the operands.
//
// `Interval` can stand for `Real` in model code. exp, log, log1p, expm1, sinh, cosh, asinh and sqrt go to MPFI, each
// monotone piece rounded outward to one unit in the last place (tests/theory/numbers/interval_test.cpp compares them with 100 digits).
//
// What to know: Interval(0.1) is the double 0.1, Interval("0.1") contains one tenth. The operators <, >, == end the
// program where two intervals overlap without being equal; use sign_of, certainly_less, contains. Ends may be infinite:
// 1/[0, 1] = [1, ∞], exp [−∞, 0] = [0, 1], 0 · [1, ∞] = 0 (no number in it is ∞), 1/0 = [−∞, ∞]. What does not exist
// for a part of the operand (log [−1, 1], log1p [−2, 0], sqrt [−1, 1]) is NaN: it contains nothing, its ends are NaN,
// its sign is unknown, and every result from it is NaN.

#include "theory/numbers/real.hpp"

#include <boost/multiprecision/mpfi.hpp>

#include <cmath>
#include <utility>

namespace benign {

using Interval =
    boost::multiprecision::number<boost::multiprecision::mpfi_float_backend<50>, boost::multiprecision::et_off>;

/// [lower, upper] with exactly these ends; lower ≤ upper, infinite ones included.
Interval interval(double lower, double upper);
Interval interval(const mp50& lower, const mp50& upper);

/// The ends, and as doubles rounded outward.
mp50 lower_end(const Interval& x);
mp50 upper_end(const Interval& x);
double lower(const Interval& x);
double upper(const Interval& x);

/// upper − lower, rounded up.
double width(const Interval& x);

/// A number of x at or next to its middle.
mp50 midpoint(const Interval& x);

/// The two halves of x, which share its midpoint.
std::pair<Interval, Interval> halves(const Interval& x);

bool is_nan(const Interval& x);

/// Whether every number of x is less than every number of y.
bool certainly_less(const Interval& x, const Interval& y);

/// Whether x and y have a number in common.
bool intersects(const Interval& x, const Interval& y);

/// Whether `inner` is a part of `outer`.
bool contains(const Interval& outer, const Interval& inner);
bool contains(const Interval& x, double point);
template <unsigned Digits>
bool contains(const Interval& x, const Mpfr<Digits>& point) {
  return mpfi_is_inside_fr(point.backend().data(), x.backend().data()) > 0;
}

/// The smallest interval that contains both.
using boost::multiprecision::hull;

/// {min(a, b) : a ∈ x, b ∈ y}; NaN if x or y is.
Interval lesser(const Interval& x, const Interval& y);

/// zero only for [0, 0]; unknown for every other interval with 0 in it or at its end.
template <>
inline Sign sign_of(const Interval& x) {
  const auto& data = x.backend().data();
  if (mpfi_nan_p(data)) return Sign::unknown;
  if (mpfi_is_zero(data)) return Sign::zero;
  if (mpfi_is_strictly_pos(data)) return Sign::positive;
  return mpfi_is_strictly_neg(data) ? Sign::negative : Sign::unknown;
}

/// The midpoint.
template <>
inline double representative(const Interval& x) {
  return mpfi_get_d(x.backend().data());
}

template <>
inline double unit_roundoff<Interval>() {
  return std::ldexp(1.0, 1 - std::numeric_limits<Interval>::digits);
}

}  // namespace benign

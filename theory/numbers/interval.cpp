#include "theory/numbers/interval.hpp"

#include <algorithm>

namespace benign {
namespace {

mpfi_srcptr data(const Interval& x) { return x.backend().data(); }

// MPFI leaves a number in one end of log [−1, 1]; here both ends of what is NaN are NaN.
mpfr_srcptr left(const Interval& x) {
  return mpfr_nan_p(x.backend().right_data()) ? x.backend().right_data() : x.backend().left_data();
}
mpfr_srcptr right(const Interval& x) {
  return mpfr_nan_p(x.backend().left_data()) ? x.backend().left_data() : x.backend().right_data();
}

}  // namespace

Interval interval(double lower, double upper) {
  Interval x;
  mpfi_interv_d(x.backend().data(), lower, upper);
  return x;
}

Interval interval(const mp50& lower, const mp50& upper) {
  Interval x;
  mpfi_interv_fr(x.backend().data(), lower.backend().data(), upper.backend().data());
  return x;
}

mp50 lower_end(const Interval& x) {
  mp50 end;
  mpfr_set(end.backend().data(), left(x), MPFR_RNDD);
  return end;
}

mp50 upper_end(const Interval& x) {
  mp50 end;
  mpfr_set(end.backend().data(), right(x), MPFR_RNDU);
  return end;
}

double lower(const Interval& x) { return mpfr_get_d(left(x), MPFR_RNDD); }

double upper(const Interval& x) { return mpfr_get_d(right(x), MPFR_RNDU); }

double width(const Interval& x) {
  mp50 difference;
  mpfr_sub(difference.backend().data(), right(x), left(x), MPFR_RNDU);
  return mpfr_get_d(difference.backend().data(), MPFR_RNDU);
}

mp50 midpoint(const Interval& x) {
  mp50 middle;
  mpfi_mid(middle.backend().data(), data(x));
  return middle;
}

std::pair<Interval, Interval> halves(const Interval& x) {
  const mp50 middle = midpoint(x);
  return {interval(lower_end(x), middle), interval(middle, upper_end(x))};
}

bool is_nan(const Interval& x) { return mpfi_nan_p(data(x)); }

bool certainly_less(const Interval& x, const Interval& y) { return mpfr_less_p(right(x), left(y)); }

bool intersects(const Interval& x, const Interval& y) {
  return mpfr_lessequal_p(left(x), right(y)) && mpfr_lessequal_p(left(y), right(x));
}

bool contains(const Interval& outer, const Interval& inner) { return mpfi_is_inside(data(inner), data(outer)) > 0; }

bool contains(const Interval& x, double point) { return mpfi_is_inside_d(point, data(x)) > 0; }

Interval lesser(const Interval& x, const Interval& y) {
  if (is_nan(x)) return x;
  if (is_nan(y)) return y;
  return interval(std::min(lower_end(x), lower_end(y)), std::min(upper_end(x), upper_end(y)));
}

}  // namespace benign

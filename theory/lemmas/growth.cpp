#include "theory/lemmas/growth.hpp"

#include "theory/numbers/elementary.hpp"

#include <cmath>

namespace benign::theory {
namespace {

/// A number on the far side of U(w), `direction` = −1 below and +1 above, found by moving away from the rounded U(w)
/// until u + sinh u is proven to lie beyond w.
mp50 proven_end(const mp50& w, int direction) {
  if (!isfinite(w)) return w;
  const mp50 root = growth_root(w);
  for (mp50 distance = abs(root) * unit_roundoff<mp50>();; distance *= 2) {
    const mp50 end = root + direction * distance;
    const Interval u = interval(end, end);
    const Sign beyond = sign_of(Interval((u + sinh(u) - interval(w, w)) * direction));
    if (beyond == Sign::positive || beyond == Sign::zero) return end;
  }
}

}  // namespace

template <class Real>
Real growth(const Real& x, long m) {
  using elementary::log;
  using elementary::sinh;
  return 2 * x + 2 * sinh(x - log(Real(m)));
}

template <class Real>
Real growth_slope(const Real& x, long m) {
  using elementary::cosh;
  using elementary::log;
  return 2 + 2 * cosh(x - log(Real(m)));
}

template <class Real>
Real growth_root(const Real& w) {
  using elementary::asinh;
  using elementary::cosh;
  using elementary::log;
  using elementary::sinh;
  if (sign_of(w) == Sign::negative) return -growth_root<Real>(-w);
  // Beyond 1/ε, u = log 2 + log(w − u) to rounding, and log w for the u on the right; sinh u might overflow.
  if (sign_of(Real(w * unit_roundoff<Real>() - 1)) == Sign::positive) return log(Real(2)) + log(w - log(w));
  Real u = asinh(w);
  for (;;) {
    const Real next = u - (u + sinh(u) - w) / (1 + cosh(u));
    if (sign_of(Real(u - next)) != Sign::positive) return u;
    u = next;
  }
}

template <>
Interval growth_root(const Interval& w) {
  return is_nan(w) ? w : interval(proven_end(lower_end(w), -1), proven_end(upper_end(w), +1));
}

template <class Real>
Real growth_inverse(const Real& y, long m) {
  using elementary::log;
  const Real log_m = log(Real(m));
  return log_m + growth_root<Real>(y / 2 - log_m);
}

#define BENIGN_INSTANTIATE_GROWTH(Real)                \
  template Real growth<Real>(const Real&, long);       \
  template Real growth_slope<Real>(const Real&, long); \
  template Real growth_inverse<Real>(const Real&, long);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE_GROWTH)
BENIGN_INSTANTIATE_GROWTH(Interval)
#undef BENIGN_INSTANTIATE_GROWTH

#define BENIGN_INSTANTIATE_ROOT(Real) template Real growth_root<Real>(const Real&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE_ROOT)
#undef BENIGN_INSTANTIATE_ROOT

}  // namespace benign::theory

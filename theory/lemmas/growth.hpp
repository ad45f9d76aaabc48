#pragma once
// The function that a gap of attention grows by. One token of logit Λ against m equal others has attention
// s = σ(Λ − log m), so that s(1 − s) = 1/(2 + 2 cosh(Λ − log m)) = 1/g_m'(Λ) with
//
//     g_m(x) = 2x + 2 sinh(x − log m),
//
// and a gap with dΛ/dτ = c s(1 − s) obeys g_m(Λ(τ)) − g_m(Λ(0)) = cτ exactly [D]. With T tokens m = T − 1; the paper
// writes g for g_T [S].

#include "theory/numbers/interval.hpp"

namespace benign::theory {

/// g_m(x) = 2x + 2 sinh(x − log m).
template <class Real>
Real growth(const Real& x, long m);

/// g_m'(x) = 2 + 2 cosh(x − log m) = 1/(s(1 − s)).
template <class Real>
Real growth_slope(const Real& x, long m);

/// U(w), the solution u of u + sinh u = w, for every finite w to a few units in the last place; odd and increasing.
///
/// Newton from asinh w, which lies beyond the root: u + sinh u is convex for u > 0, so that the iteration falls to the
/// root and ends where rounding keeps it from falling. For an interval, proven ends a few units outside of U at w's.
template <class Real>
Real growth_root(const Real& w);
template <>
Interval growth_root(const Interval& w);

/// g_m⁻¹(y) = log m + U(y/2 − log m).
template <class Real>
Real growth_inverse(const Real& y, long m);

}  // namespace benign::theory

#pragma once
// Products of a matrix and a vector in 50 and 100 digits, of numbers as they stand.
//
// The products of mantissas are cut off at L limbs, and are summed in fixed point: L limbs too, with one exponent for a
// sum, raised where a larger term comes. THEORY section 3.8 has the error, at most
//
//     |y − Σ_k a_k x_k| ≤ 5 n 2^(h + 2 − 64 L) max_k |a_k x_k| + rounding,   h = ⌊log₂ n⌋ + 2,
//
// of n terms: 64 L is 192 where a number has 168 bits, and 384 where it has 334.
// A factor that is not finite makes every sum that it is in NaN.

#include "theory/numbers/real.hpp"

namespace benign::sim {

template <class Real>
constexpr bool is_multiprecision = std::is_same_v<Real, mp50> || std::is_same_v<Real, mp100>;

namespace multiprecision {

/// y = A x, with A of shape (rows, cols), column-major.
template <class Real>
void times(Index rows, Index cols, const Real* A, const Real* x, Real* y);

/// y = Aᵀ x.
template <class Real>
void transposed_times(Index rows, Index cols, const Real* A, const Real* x, Real* y);

}  // namespace multiprecision
}  // namespace benign::sim

#pragma once
// e^x in 50 and 100 digits by whole numbers of limbs, some times as fast as MPFR's.
//
//     x = n log 2 + j/2^8 + k/2^16 + t, 0 ≤ t < 2^−16: e^x = 2^n e^(j/2^8) e^(k/2^16) (1 + t + t² Σ_i t^i/(i + 2)!)
//
// in fixed point of L limbs, with x − n log 2 of one limb more. Each of the twenty operations at most loses 2 L units of
// 2^(−64 L), where a number has 24 and 50 bits less: the result is within 0.51 units of its last place. Where |x| ≥ 2^30,
// and of what is not finite, it is MPFR's.

#include "theory/numbers/real.hpp"

#include <cstddef>

namespace benign::elementary {

/// y_k = e^(x_k); y may be x.
void exp(std::size_t size, const mp50* x, mp50* y);
void exp(std::size_t size, const mp100* x, mp100* y);

}  // namespace benign::elementary

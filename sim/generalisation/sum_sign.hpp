#pragma once
// P(S < 0) for a sum S of independent token shares, with a relative error, however small it is. THEORY section 4.
//
// With M(λ) = Π M_t(λ), continued over the logarithm's plane from the positive reals upwards (token_transform.hpp),
//
//     P(S < 0) = (1/π) Im ∫ M(λ) dλ/λ
//
// along any path from 0, where it starts along the positive reals, to +i∞. The path taken here runs along the reals to
// λ*, where M is least or arg M reaches 0.4, and from there upwards:
//
//     P(S < 0) = (1/π) ∫₀^{λ*} |M| sin(arg M) dλ/λ + (1/π) ∫₀^∞ Re [M(λ* + iκ)/(λ* + iκ)] dκ.
//
// The second term is the saddle-point integral of sums with exponential moments. The first is what heavy tails add, the
// probability of one large share, and is computed from imaginary parts that are accurate relatively.

#include "sim/generalisation/token_transform.hpp"

#include <array>
#include <span>

namespace benign::sim {

struct SignProbability {
  double value = 0;
  double error = 0;   ///< what it is uncertain by
  double rising = 0;  ///< the part from real λ
  long evaluations = 0;
};

/// P(Σ_t X_t < 0); `s` is common to all shares.
SignProbability negative_sum(std::span<const TokenShare> shares, double s);

}  // namespace benign::sim

#pragma once
// P(S < 0) for a sum S of independent token shares, with a relative error, however small it is. THEORY section 4.3.
//
// With M(λ) = Π M_t(λ), continued from the positive reals upwards (token_transform.hpp), P(S < 0) = (1/π) Im ∫ M dλ/λ
// along any path from 0, along the reals at first, to +i∞. It is taken along the reals to λ*, where M is least or arg M
// reaches 0.4, and from there upwards:
//
//     P(S < 0) = (1/π) ∫₀^{λ*} |M| sin(arg M) dλ/λ + (1/π) ∫₀^∞ Re [M(λ* + iκ)/(λ* + iκ)] dκ.

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

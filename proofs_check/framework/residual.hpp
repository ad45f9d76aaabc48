#pragma once
// Residuals that should be zero, and claims that they stay below a bound.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/text/format.hpp"

#include <cmath>
#include <string>

namespace benign::proofs {

/// Raises `worst` to x. A NaN is worse than any number: a check must not pass because one is missing.
inline void note_worst(double& worst, double x) {
  if (!std::isnan(worst) && !(x <= worst)) worst = x;
}

/// max |x_k|, NaN if any is.
template <class Real>
double largest_entry(const Vector<Real>& x) {
  double worst = 0;
  for (Index k = 0; k < x.size(); ++k) note_worst(worst, std::abs(representative(x[k])));
  return worst;
}

/// What `steps` steps of sums over N terms round: as a random walk, √(steps · N) units of roundoff.
template <class Real>
double rounding_walk(long steps, long N) {
  return std::sqrt(static_cast<double>(steps) * static_cast<double>(N)) * unit_roundoff<Real>();
}

/// The claim residual ≤ C · bound. What is left of a number that should be zero is rounding or integration error, and
/// another machine leaves something else of the same order: half the residual stands as its error.
inline Finding residual_below(double residual, double bound, double C, const std::string& what) {
  Finding finding;
  finding.margin = {C * bound - residual, residual / 2 + unit_roundoff<double>() * C * bound};
  finding.scale = C * bound;
  finding.constant = residual / bound;
  finding.observed = what + format(" %.2g, bound %.2g", residual, bound);
  return finding;
}

}  // namespace benign::proofs

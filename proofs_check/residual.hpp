#pragma once
// Residuals that should be zero, and claims that they stay below a bound.

#include "proofs_check/check.hpp"

#include <cmath>
#include <cstdio>
#include <string>

namespace benign::proofs {

/// Raises `worst` to x. A NaN is worse than any number: a check must not pass because one is missing.
inline void raise(double& worst, double x) {
  if (!std::isnan(worst) && !(x <= worst)) worst = x;
}

/// max |x_k|, NaN if any is.
template <class Real>
double largest_entry(const Vector<Real>& x) {
  double worst = 0;
  for (Index k = 0; k < x.size(); ++k) raise(worst, std::abs(representative(x[k])));
  return worst;
}

/// The claim residual ≤ C · bound, where both are known to a few units of roundoff.
inline Finding residual_below(double residual, double bound, double C, const std::string& what) {
  Finding finding;
  finding.margin = {C * bound - residual, unit_roundoff<double>() * (C * bound + residual)};
  finding.constant = residual / bound;
  char text[160];
  std::snprintf(text, sizeof text, "%s %.2g, bound %.2g", what.c_str(), residual, bound);
  finding.observed = text;
  return finding;
}

}  // namespace benign::proofs

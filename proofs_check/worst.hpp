#pragma once
// The worst of many numbers, where a NaN is worse than any: a check must not pass because a number is missing.

#include "theory/real.hpp"

#include <cmath>

namespace benign::proofs {

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

}  // namespace benign::proofs

#pragma once
// What the loss of many classes needs beside that of two (model.hpp): the cross-entropy of π = softmax(F),
// F = Σ_t s_t V_t, as a logistic loss of a margin.

#include "theory/model/model.hpp"

namespace benign::theory {

/// Σ_t w_t x_t. Sums are written out: Eigen's own products compare numbers, which enclosures cannot.
template <class Real>
Real sum_of_products(Index size, const Real* w, const Real* x) {
  Real sum(0);
  for (Index t = 0; t < size; ++t) sum += w[t] * x[t];
  return sum;
}

/// m = −log Σ_{c≠y} e^{F_c − F_y} of sample i, from its attention, length T.
template <class Real>
Real soft_margin(const Samples<Real>& samples, Index i, const Real* attention);

/// u_t = Σ_c (π_c − 1[c = y]) V_{t,c} for every token, length N.
template <class Real>
Vector<Real> class_slopes(const Samples<Real>& samples, const Vector<Real>& logits);

/// ġ along the direction z, with many classes: ġ_t = s_t [(z_t − z̄)(u_t − ū) − Cov(u, z) + (u̇_t − Σ_j s_j u̇_j)],
/// u̇ = V π̇, π̇_c = π_c (Ḟ_c − Σ_k π_k Ḟ_k), Ḟ = Σ_t s_t (z_t − z̄) V_t; Cov and bars are means weighted by s.
template <class Real>
Vector<Real> class_gradient_derivative(const Samples<Real>& samples, const Vector<Real>& logits, const Vector<Real>& z,
                                       const Real& log_gain);

}  // namespace benign::theory

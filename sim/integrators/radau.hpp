#pragma once
// Collocation at the Radau points of [0, 1], the last of which is 1 (Radau IIA; Hairer and Wanner, "Solving Ordinary
// Differential Equations II", IV.5), for any number of stages and any precision.

#include "theory/numbers/real.hpp"

namespace benign::sim {

template <class Real>
struct Radau {
  Vector<Real> nodes;      ///< c, ascending, length s
  Matrix<Real> integrals;  ///< A_ij = ∫₀^{c_i} of the j-th Lagrange polynomial
  Matrix<Real> series;  ///< from values at the nodes to coefficients of the shifted Legendre polynomials P_0 … P_{s−1}
};

template <class Real>
Radau<Real> radau(int stages);

/// The shifted Legendre polynomials P_k(x), P_k(1) = 1, for k < count. Any x: outside [0, 1] they grow.
template <class Real>
Vector<Real> legendre(int count, const Real& x);

/// ∫₀^x P_k for k < count.
template <class Real>
Vector<Real> legendre_integrals(int count, const Real& x);

}  // namespace benign::sim

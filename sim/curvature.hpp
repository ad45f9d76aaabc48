#pragma once
// The largest curvature of the loss, which decides whether a step of descent is stable.

#include "sim/route.hpp"

namespace benign::sim {

struct Curvature {
  double largest = 0;  ///< the largest eigenvalue of the Hessian of L in (W, p), times τ₀
  double error = 0;    ///< the residual of the Ritz vector, and the error of the finite differences
};

/// By Arnoldi's iteration on the Jacobian of the flow's right-hand side, applied by central differences. The
/// coefficients depend linearly on (W, p) in the span of the data, so that Jacobian has the eigenvalues of −∇²L on that
/// span, which descent never leaves. Descent with step α is stable along the top direction while (α/τ₀) · largest < 2.
/// Only for routes whose state is linear in (W, p): `direct` and `coefficients`.
Curvature largest_curvature(const Route<double>& route, const Vector<double>& state);

}  // namespace benign::sim

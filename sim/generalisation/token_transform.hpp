#pragma once
// The Laplace transform of one token's share in the sign of f, continued beyond where its integral converges: THEORY
// section 4.3. A share is X = e^{m + s z}(b + c z + r w) with independent z, w ~ N(0, 1) and c² + r² = 1, so that
//
//     M(λ) = E e^{−λX} = ∫ φ(z) e^{−A(b + cz) + r²A²/2} dz,    A = λ e^{m + s z},
//
// which converges where Re λ² ≤ 0 alone, and is an entire function of u = log λ all the same: the path of z may leave
// the real line for one on which arg A ends between π/4 and 3π/4. For real λ what is off the real line gives Im M,
// which is summed by itself, so that it keeps its digits where |Im M| is far below |M|.

#include <complex>

namespace benign::sim {

/// X, `count` times independently, with s times `spread` for s. Where X is `certain` but for its logit, c = r = 0.
struct TokenShare {
  double m = 0, b = 0, c = 0;
  double count = 1;
  double spread = 1;
  bool certain = false;

  double rest2() const { return certain ? 0 : c * c < 1 ? 1 - c * c : 0; }  ///< r²
};

/// log M, and the same with every second node of the quadrature; `hard` where the first path was not good enough.
struct LogTransform {
  std::complex<double> fine, coarse;
  bool hard = false;
};

/// log M(e^{u + iy}) for 0 ≤ y ≤ π/2, by the first of several paths and steps whose fine and coarse sums differ by less
/// than `enough`; `step` is in the units of what the integrand needs. For y = 0 the imaginary part is accurate
/// relatively.
LogTransform log_transform(const TokenShare& share, double s, double u, double y, double step = 1,
                           double enough = 3e-4);

}  // namespace benign::sim

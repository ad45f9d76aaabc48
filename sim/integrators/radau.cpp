#include "sim/integrators/radau.hpp"

#include "sim/linear/linear.hpp"
#include "theory/numbers/elementary.hpp"

#include <cmath>
#include <numbers>

namespace benign::sim {
template <class Real>
Vector<Real> legendre(int count, const Real& x) {
  Vector<Real> P(count);
  const Real y = 2 * x - 1;
  for (int k = 0; k < count; ++k)
    P[k] = k == 0 ? Real(1) : k == 1 ? y : Real(((2 * k - 1) * y * P[k - 1] - (k - 1) * P[k - 2]) / Real(k));
  return P;
}

template <class Real>
Vector<Real> legendre_integrals(int count, const Real& x) {
  // (2k + 1) · 2 ∫₀^x P_k = P_{k+1} − P_{k−1}, both of which agree at 0.
  const Vector<Real> P = legendre(count + 1, x);
  Vector<Real> Q(count);
  for (int k = 0; k < count; ++k) Q[k] = k == 0 ? x : Real((P[k + 1] - P[k - 1]) / Real(4 * k + 2));
  return Q;
}

template <class Real>
Radau<Real> radau(int stages) {
  const Index s = stages;
  Radau<Real> r{Vector<Real>(s), Matrix<Real>(s, s), Matrix<Real>(s, s)};
  // The nodes are the zeros of R = P_s − P_{s−1}. The map y → −cos of the classical asymptotic guess separates them;
  // Newton's iteration with the known zeros divided out (Maehly) cannot find one twice.
  for (Index i = 0; i < s; ++i) {
    if (i == s - 1) {
      r.nodes[i] = Real(1);
      continue;
    }
    Real x((1 - elementary::cos(std::numbers::pi * (2.0 * static_cast<double>(i) + 1.5) / (2.0 * stages))) / 2);
    for (int k = 0; k < 40; ++k) {
      const Vector<Real> P = legendre(stages + 1, x);
      // x(1 − x) P_k′ = k(k + 1)/(2(2k + 1)) (P_{k−1} − P_{k+1}) = (k/2)(P_{k−1} − y P_k), y = 2x − 1.
      const Real y = 2 * x - 1, scale = 2 * x * (1 - x);
      const Real d_s = stages * (P[s - 1] - y * P[s]) / scale;
      const Real d_last = stages == 1 ? Real(0) : Real((stages - 1) * (P[s - 2] - y * P[s - 1]) / scale);
      const Real value = P[s] - P[s - 1];
      Real slope = d_s - d_last + value / (1 - x);
      for (Index j = 0; j < i; ++j) slope -= value / (x - r.nodes[j]);
      const Real step = value / slope;
      x -= step;
      if (std::abs(representative(step)) < 4 * unit_roundoff<Real>()) break;
    }
    r.nodes[i] = x;
  }
  // The Radau weights b integrate P_k P_l exactly for k, l < s: 1/b_j = Σ (2k + 1) P_k(c_j)².
  for (Index j = 0; j < s; ++j) {
    const Vector<Real> P = legendre(stages, r.nodes[j]);
    Real sum(0);
    for (Index k = 0; k < s; ++k) sum += Real(2 * k + 1) * P[k] * P[k];
    for (Index k = 0; k < s; ++k) r.series(k, j) = Real(2 * k + 1) * P[k] / sum;
  }
  const Matrix<Real> to_series = r.series.transpose();
  for (Index i = 0; i < s; ++i)
    r.integrals.row(i) = product(to_series, legendre_integrals(stages, r.nodes[i])).transpose();
  return r;
}

#define BENIGN_INSTANTIATE(Real)                    \
  template Radau<Real> radau<Real>(int);            \
  template Vector<Real> legendre(int, const Real&); \
  template Vector<Real> legendre_integrals(int, const Real&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim

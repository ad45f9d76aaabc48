#pragma once
// The parts of a state of `Coefficients`, by name, for the files that implement it.

#include "theory/real.hpp"

#include <type_traits>

namespace benign::sim {

/// â, φ̂, β and Φ̂ where they lie in the flat vector.
template <class Number>
struct Parts {
  using Real = std::remove_const_t<Number>;
  using VectorMap = Eigen::Map<std::conditional_t<std::is_const_v<Number>, const Vector<Real>, Vector<Real>>>;
  using MatrixMap = Eigen::Map<std::conditional_t<std::is_const_v<Number>, const Matrix<Real>, Matrix<Real>>>;

  Parts(Number* state, Index N) : a(state, N), phi(state + N, N), beta(state[2 * N]), Phi(state + 2 * N + 1, N, N) {}

  VectorMap a, phi;
  Number& beta;
  MatrixMap Phi;
};

template <class Real>
Parts<const Real> parts(const Vector<Real>& state, Index N) {
  return {state.data(), N};
}
template <class Real>
Parts<Real> parts(Vector<Real>& state, Index N) {
  return {state.data(), N};
}

}  // namespace benign::sim

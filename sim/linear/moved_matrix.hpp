#pragma once
// A matrix and outer products added to it, multiplied with vectors without being formed.

#include "sim/linear/prepared.hpp"

namespace benign::sim {

/// B + Σ_j w_j l_j r_jᵀ, with l_j and r_j the columns of `left` and `right`. All of it but the weights is borrowed.
template <class Real>
struct MovedMatrix {
  const Real* base = nullptr;  ///< B, column-major; null for zero
  Index rows = 0, cols = 0;
  const Matrix<Real>* left = nullptr;  ///< of shape (rows, terms); null for no terms
  const Matrix<Real>* right = nullptr;
  Vector<Real> weights = {};
  const PreparedMatrix<Real>* prepared = nullptr;  ///< B again, where there is more than one product

  Vector<Real> times(const Vector<Real>& x) const {
    Vector<Real> y = Vector<Real>::Zero(rows);
    if (prepared)
      prepared->times(x.data(), y.data());
    else if (base)
      sim::times(rows, cols, base, x.data(), y.data());
    if (left) y += product(*left, *right, x);
    return y;
  }
  Vector<Real> transposed_times(const Vector<Real>& x) const {
    Vector<Real> y = Vector<Real>::Zero(cols);
    if (prepared)
      prepared->transposed_times(x.data(), y.data());
    else if (base)
      sim::transposed_times(rows, cols, base, x.data(), y.data());
    if (left) y += product(*right, *left, x);
    return y;
  }
  /// Adds Σ_j w_j l_j r_jᵀ to a matrix of the same shape, column-major.
  void add_terms_to(Real* matrix) const {
    if (!left) return;
    const PreparedMatrix<Real> prepared_left(*left);
    Vector<Real> column(rows);
    for (Index j = 0; j < cols; ++j) {
      const Vector<Real> coefficients = weights.cwiseProduct(right->row(j).transpose());
      prepared_left.times(coefficients.data(), column.data());
      for (Index i = 0; i < rows; ++i) matrix[j * rows + i] += column[i];
    }
  }

 private:
  /// Σ_j w_j to_j (from_j·x). A column may be of size e^u where a weight is of size e^{−u}, and so may x: the weights'
  /// size goes to x, where the product of two large ones would overflow.
  Vector<Real> product(const Matrix<Real>& to, const Matrix<Real>& from, const Vector<Real>& x) const {
    const Real size = weights.template lpNorm<Eigen::Infinity>();
    Vector<Real> coefficients = Vector<Real>::Zero(weights.size()), y(to.rows());
    if (sign_of(size) != Sign::zero) {
      const Vector<Real> sized = size * x;
      sim::transposed_times(from.rows(), from.cols(), from.data(), sized.data(), coefficients.data());
      coefficients = coefficients.cwiseProduct(weights / size);
    }
    sim::times(to.rows(), to.cols(), to.data(), coefficients.data(), y.data());
    return y;
  }
};

}  // namespace benign::sim

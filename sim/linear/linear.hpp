#pragma once
// Products of matrices and vectors for any Real: plain loops, and the kernels of double, pairs, and 50 and 100 digits.
// Matrices are column-major and contiguous; results are resized by the caller and never alias the inputs.

#include "sim/linear/kernels.hpp"
#include "sim/linear/multiprecision.hpp"
#include "sim/linear/pairs.hpp"
#include "theory/numbers/real.hpp"

#include <type_traits>

namespace benign::sim {

/// y += a x; in multiprecision rounded once, and without a temporary.
template <class Real>
void add_product(Real& y, const Real& a, const Real& x) {
  y += a * x;
}
template <unsigned Digits>
void add_product(Mpfr<Digits>& y, const Mpfr<Digits>& a, const Mpfr<Digits>& x) {
  mpfr_fma(y.backend().data(), a.backend().data(), x.backend().data(), y.backend().data(), MPFR_RNDN);
}

/// y = A x, with A of shape (rows, cols).
template <class Real>
void times(Index rows, Index cols, const Real* A, const Real* x, Real* y) {
  if constexpr (std::is_same_v<Real, double>) {
    kernels::times(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, x, y);
  } else if constexpr (std::is_same_v<Real, dd>) {
    pairs::times(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, x, y);
  } else if constexpr (is_multiprecision<Real>) {
    multiprecision::times(rows, cols, A, x, y);
  } else {
    for (Index i = 0; i < rows; ++i) y[i] = Real(0);
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i) add_product(y[i], A[j * rows + i], x[j]);
  }
}

/// y = Aᵀ x.
template <class Real>
void transposed_times(Index rows, Index cols, const Real* A, const Real* x, Real* y) {
  if constexpr (std::is_same_v<Real, double>) {
    kernels::transposed_times(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, x, y);
  } else if constexpr (std::is_same_v<Real, dd>) {
    pairs::transposed_times(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, x, y);
  } else if constexpr (is_multiprecision<Real>) {
    multiprecision::transposed_times(rows, cols, A, x, y);
  } else {
    for (Index j = 0; j < cols; ++j) {
      y[j] = Real(0);
      for (Index i = 0; i < rows; ++i) add_product(y[j], A[j * rows + i], x[i]);
    }
  }
}

/// A x and A B. (Eigen's own products would be compiled anew for every kind of factor and every Real.)
template <class Real>
Vector<Real> product(const Matrix<Real>& A, const Vector<Real>& x) {
  Vector<Real> y(A.rows());
  times(A.rows(), A.cols(), A.data(), x.data(), y.data());
  return y;
}
template <class Real>
Matrix<Real> product(const Matrix<Real>& A, const Matrix<Real>& B) {
  Matrix<Real> C(A.rows(), B.cols());
  for (Index j = 0; j < B.cols(); ++j)
    times(A.rows(), A.cols(), A.data(), B.data() + j * B.rows(), C.data() + j * C.rows());
  return C;
}

/// C += A B, all by rows: A of shape (rows, inner) and C (rows, cols) with lda and ldc numbers from a row to the next, and
/// element (k, j) of B at B[k · b_row + j · b_column].
template <class Real>
void add_matrix_product(Index rows, Index inner, Index cols, const Real* A, Index lda, const Real* B, Index b_row,
                        Index b_column, Real* C, Index ldc) {
  if constexpr (std::is_same_v<Real, double>) {
    const auto size = [](Index i) { return static_cast<std::size_t>(i); };
    kernels::add_product(size(rows), size(inner), size(cols), A, size(lda), B, size(b_row), size(b_column), C,
                         size(ldc));
  } else {
    for (Index i = 0; i < rows; ++i)
      for (Index k = 0; k < inner; ++k)
        for (Index j = 0; j < cols; ++j) add_product(C[i * ldc + j], A[i * lda + k], B[k * b_row + j * b_column]);
  }
}

/// A += u vᵀ.
template <class Real>
void add_outer(Index rows, Index cols, Real* A, const Real* u, const Real* v) {
  if constexpr (std::is_same_v<Real, dd>) {
    pairs::add_outer(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, u, v);
  } else {
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i) add_product(A[j * rows + i], u[i], v[j]);
  }
}

/// y = Aᵀ x, then A += u vᵀ.
template <class Real>
void transposed_times_then_add_outer(Index rows, Index cols, Real* A, const Real* x, Real* y, const Real* u,
                                     const Real* v) {
  if constexpr (std::is_same_v<Real, double>) {
    kernels::transposed_times_then_add_outer(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, x, y, u,
                                             v);
  } else {
    transposed_times(rows, cols, A, x, y);
    add_outer(rows, cols, A, u, v);
  }
}

/// A += u vᵀ + w zᵀ.
template <class Real>
void add_two_outers(Index rows, Index cols, Real* A, const Real* u, const Real* v, const Real* w, const Real* z) {
  if constexpr (std::is_same_v<Real, double>) {
    kernels::add_two_outers(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, u, v, w, z);
  } else if constexpr (std::is_same_v<Real, dd>) {
    pairs::add_two_outers(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, u, v, w, z);
  } else {
    add_outer(rows, cols, A, u, v);
    add_outer(rows, cols, A, w, z);
  }
}

}  // namespace benign::sim

#pragma once
// A symmetric matrix with further rows below it, for any Real: column-major, and for double packed (kernels.hpp), so that
// half the bytes are read.

#include "sim/linear/linear.hpp"

static_assert(EIGEN_MAX_ALIGN_BYTES == 64, "compile with -DEIGEN_MAX_ALIGN_BYTES=64, as the libraries are");

namespace benign::sim {

/// How many numbers it takes where it stands.
template <class Real>
Index symmetric_size(Index rows, Index cols) {
  if constexpr (std::is_same_v<Real, double>)
    return static_cast<Index>(kernels::symmetric_size(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols)));
  return rows * cols;
}

/// Of A's first columns down from the diagonal nothing else is read.
template <class Real>
void pack_symmetric(const Matrix<Real>& A, Real* to) {
  if constexpr (std::is_same_v<Real, double>)
    kernels::pack_symmetric(static_cast<std::size_t>(A.rows()), static_cast<std::size_t>(A.cols()), A.data(), to);
  else
    Eigen::Map<Matrix<Real>>(to, A.rows(), A.cols()) = A;
}

template <class Real>
Matrix<Real> unpacked_symmetric(Index rows, Index cols, const Real* from) {
  Matrix<Real> A(rows, cols);
  if constexpr (std::is_same_v<Real, double>)
    kernels::unpack_symmetric(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), from, A.data());
  else
    A = Eigen::Map<const Matrix<Real>>(from, rows, cols);
  return A;
}

/// y = A x.
template <class Real>
void symmetric_times(Index rows, Index cols, const Real* A, const Real* x, Real* y) {
  if constexpr (std::is_same_v<Real, double>)
    kernels::symmetric_times(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, x, y);
  else
    times(rows, cols, A, x, y);
}

/// A += u vᵀ + v uᵀ.
template <class Real>
void symmetric_add_outers(Index rows, Index cols, Real* A, const Real* u, const Real* v) {
  if constexpr (std::is_same_v<Real, double>)
    kernels::symmetric_add_outers(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), A, u, v);
  else
    add_two_outers(rows, cols, A, u, v, v, u);
}

/// One where it stands, packed for double.
template <class Real>
class SymmetricInPlace {
 public:
  SymmetricInPlace(Index rows, Index cols, Real* A) : rows_(rows), cols_(cols), A_(A) {}

  void times(const Real* x, Real* y) const { symmetric_times(rows_, cols_, A_, x, y); }
  /// A += u vᵀ + v uᵀ.
  void add_symmetric(const Real* u, const Real* v) { symmetric_add_outers(rows_, cols_, A_, u, v); }

 private:
  Index rows_, cols_;
  Real* A_;
};

/// One that does not change, packed once for double and borrowed else.
template <class Real>
class SymmetricRows {
 public:
  explicit SymmetricRows(const Matrix<Real>& A) : borrowed_(A) {
    if constexpr (std::is_same_v<Real, double>) {
      packed_.resize(symmetric_size<Real>(A.rows(), A.cols()));
      pack_symmetric(A, packed_.data());
    }
  }

  Index rows() const { return borrowed_.rows(); }
  void times(const Real* x, Real* y) const {
    const Real* const A = packed_.size() > 0 ? packed_.data() : borrowed_.data();
    symmetric_times(borrowed_.rows(), borrowed_.cols(), A, x, y);
  }
  Vector<Real> times(const Vector<Real>& x) const {
    Vector<Real> y(borrowed_.rows());
    times(x.data(), y.data());
    return y;
  }

 private:
  const Matrix<Real>& borrowed_;
  Vector<Real> packed_;
};

}  // namespace benign::sim

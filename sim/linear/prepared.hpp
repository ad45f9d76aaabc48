#pragma once
// Matrices of a run as their products read them fastest: in 50 and 100 digits prepared (digit_matrix.hpp), symmetric ones
// of doubles packed (symmetric.hpp), all others where they stand.

#include "sim/linear/digit_matrix.hpp"
#include "sim/linear/symmetric.hpp"

namespace benign::sim {

/// The numbers of a matrix, column-major, where they stand.
template <class Real>
class MatrixInPlace {
 public:
  MatrixInPlace(Index rows, Index cols, Real* A) : rows_(rows), cols_(cols), A_(A) {}

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  void times(const Real* x, Real* y) const { sim::times<Real>(rows_, cols_, A_, x, y); }
  void transposed_times(const Real* x, Real* y) const { sim::transposed_times<Real>(rows_, cols_, A_, x, y); }
  void transposed_times_then_add_outer(const Real* x, Real* y, const Real* u, const Real* v) {
    sim::transposed_times_then_add_outer(rows_, cols_, A_, x, y, u, v);
  }

 private:
  Index rows_, cols_;
  Real* A_;
};

/// A matrix that does not change, and outlives this.
template <class Real>
class PreparedMatrix {
 public:
  explicit PreparedMatrix(const Matrix<Real>& A) : PreparedMatrix(A.rows(), A.cols(), A.data()) {}
  PreparedMatrix(Index rows, Index cols, const Real* A) : A_(rows, cols, const_cast<Real*>(A)) {}

  Index rows() const { return A_.rows(); }
  void times(const Real* x, Real* y) const { A_.times(x, y); }
  void transposed_times(const Real* x, Real* y) const { A_.transposed_times(x, y); }
  Vector<Real> times(const Vector<Real>& x) const {
    Vector<Real> y(A_.rows());
    A_.times(x.data(), y.data());
    return y;
  }

 private:
  std::conditional_t<is_multiprecision<Real>, DigitMatrix<Real>, MatrixInPlace<Real>> A_;
};

/// A symmetric matrix with further rows below it that does not change, and outlives this.
template <class Real>
using PreparedSymmetric = std::conditional_t<is_multiprecision<Real>, PreparedMatrix<Real>, SymmetricRows<Real>>;

}  // namespace benign::sim

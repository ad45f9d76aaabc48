#pragma once
// A matrix that many products share: in 50 and 100 digits it is prepared for them (digit_matrix.hpp), in any other Real
// it is the numbers where they stand, which must outlive it.

#include "sim/linear/digit_matrix.hpp"
#include "sim/linear/linear.hpp"

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
  void add_two_outers(const Real* u, const Real* v, const Real* w, const Real* z) {
    sim::add_two_outers(rows_, cols_, A_, u, v, w, z);
  }

 private:
  Index rows_, cols_;
  Real* A_;
};

/// A matrix that does not change.
template <class Real>
class PreparedMatrix {
 public:
  explicit PreparedMatrix(const Matrix<Real>& A) : A_(A.rows(), A.cols(), const_cast<Real*>(A.data())) {}

  Index rows() const { return A_.rows(); }
  void times(const Real* x, Real* y) const { A_.times(x, y); }
  Vector<Real> times(const Vector<Real>& x) const {
    Vector<Real> y(A_.rows());
    A_.times(x.data(), y.data());
    return y;
  }

 private:
  std::conditional_t<is_multiprecision<Real>, DigitMatrix<Real>, MatrixInPlace<Real>> A_;
};

}  // namespace benign::sim

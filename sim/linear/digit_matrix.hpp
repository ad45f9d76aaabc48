#pragma once
// A matrix of 50 or 100 digits that is multiplied many times: with one exponent a row, in digits of 22 bits whose
// products vectors of doubles sum without rounding (digits.hpp).
//
// With c digits and entries below 2^(e − 1) in a row, x below 2^(f − 1), THEORY section 3.8 has the errors
//
//     |y_i − Σ_j A_ij x_j| ≤ 2^(e + f − 22 c) (c/4 + 1) cols + rounding    and    2^(e − 22 c) (c/4 + 2) an outer product
//
// Digits are 9 and 16: 198 bits where numbers have 168, 352 where they have 334. A row's exponent is at most 6 bits above
// the largest that its entries, and what was added to them, have been; it is raised, and the row read anew, before an
// outer product can reach it.
// What is not finite makes the whole of a product NaN.

#include "sim/linear/multiprecision.hpp"

#include <vector>

namespace benign::sim {

template <class Real>
class DigitMatrix {
 public:
  DigitMatrix(Index rows, Index cols, const Real* A);
  explicit DigitMatrix(const Matrix<Real>& A) : DigitMatrix(A.rows(), A.cols(), A.data()) {}

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }

  /// y = A x and y = Aᵀ x.
  void times(const Real* x, Real* y) const;
  void transposed_times(const Real* x, Real* y) const;
  /// y = Aᵀ x, then A += u vᵀ.
  void transposed_times_then_add_outer(const Real* x, Real* y, const Real* u, const Real* v);
  /// A += u vᵀ. Whether a row was read anew for it, so that its numbers have been rounded and cut off first.
  bool add_outer(const Real* u, const Real* v);
  /// A += u vᵀ + w zᵀ.
  void add_two_outers(const Real* u, const Real* v, const Real* w, const Real* z);
  /// A += u vᵀ + v uᵀ.
  void add_symmetric(const Real* u, const Real* v) { add_two_outers(u, v, v, u); }
  /// The numbers, each rounded once.
  void write(Real* A) const;

  static constexpr int digits = std::is_same_v<Real, mp50> ? 9 : 16;  ///< c
  /// The largest e − 22c of a row, where its last digit stands: far below all numbers where all rows are zero.
  long last_place() const;

 private:
  static constexpr int count = digits;
  struct alignas(64) Line {
    float x[16];
  };
  struct Outer {
    const Real *u, *v;
    long exponent;    // every |v_j| < 2^(exponent − 1)
    double size = 0;  // max |v_j| / 2^exponent
  };

  float* place(Index i, Index j);
  const float* place(Index i, Index j) const;
  void read(Index i, Index j, Real& x) const;
  void set_row(Index i, const std::vector<Real>& row, long exponent);
  bool make_room(Index i, const Outer* outers, int terms);
  template <int Terms>
  bool add(Outer (&outers)[Terms]);

  Index rows_, cols_, blocks_;
  std::vector<Line> digits_;
  std::vector<long> exponents_;  // of rows; limbs::none for a row of zeros
  std::vector<double> bounds_;   // of |A_ij| / 2^exponent in a row, below 1/2
  bool finite_ = true;
};

}  // namespace benign::sim

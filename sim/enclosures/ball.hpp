#pragma once
// Vectors and matrices as numbers of 31, 50 or 100 digits with one bound of all that they miss: x = middle + e,
// ‖e‖ ≤ radius, in the Euclidean (of a matrix Frobenius') norm. One double in place of an interval for each entry, so that
// a product costs what it costs without (pairs.hpp, digit_matrix.hpp). THEORY section 6.1 adds up what is missed.
//
// Of a family of runs, one for each t ∈ [−1, 1], a vector is middle + t slope + e with one e for each of them.

#include "sim/enclosures/upward.hpp"
#include "sim/linear/digit_matrix.hpp"
#include "sim/linear/linear.hpp"

namespace benign::sim {

template <class Real>
struct Ball {
  Vector<Real> middle;
  Upward radius;
  Vector<Real> slope = {};  ///< empty where nothing depends on t

  bool moves() const { return slope.size() > 0; }
};

/// The double nearest to each number, and the number itself as an enclosure, exact at a working precision of its digits.
template <class Real>
Vector<double> in_double(const Vector<Real>& x);
template <class Real>
Enclosure exactly(const Real& x);

/// An upper bound of the Euclidean norm of all of a ball, and of numbers.
template <class Real>
Upward length(const Vector<Real>& x);
template <class Real>
Upward length(const Ball<Real>& x) {
  return length(x.middle) + length(x.slope) + x.radius;
}

template <class Real>
Ball<Real> ball(const Vector<Enclosure>& x);
/// Every number of the ball for every t, each entry ± its radius.
template <class Real>
Vector<Enclosure> enclosures(const Ball<Real>& x);

/// x + y and a x for an enclosed a, rounded.
template <class Real>
Ball<Real> sum(const Ball<Real>& x, const Ball<Real>& y);
template <class Real>
Ball<Real> scaled(const Enclosure& a, const Ball<Real>& x);
/// at + t slope + t² rest.
template <class Real>
Ball<Real> ball(const Vector<Enclosure>& at, const Vector<Enclosure>& slope, const Vector<Enclosure>& rest);
/// t x: the middle becomes the slope, and |t² slope + t e| ≤ ‖slope‖ + radius.
template <class Real>
Ball<Real> times_t(const Ball<Real>& x);

/// A matrix of pairs of doubles, with what DigitMatrix has.
class PairMatrix {
 public:
  explicit PairMatrix(const Matrix<dd>& A) : A_(A) {}

  Index rows() const { return A_.rows(); }
  Index cols() const { return A_.cols(); }
  void times(const dd* x, dd* y) const { sim::times(rows(), cols(), A_.data(), x, y); }
  void transposed_times(const dd* x, dd* y) const { sim::transposed_times(rows(), cols(), A_.data(), x, y); }
  void add_outer(const dd* u, const dd* v) { sim::add_outer(rows(), cols(), A_.data(), u, v); }
  void write(dd* A) const { std::copy_n(A_.data(), A_.size(), A); }

 private:
  Matrix<dd> A_;
};

/// A matrix that is moved by outer products, or none.
template <class Real>
class BallMatrix {
 public:
  using Number = Real;

  explicit BallMatrix(const Matrix<Enclosure>& A);
  /// With a bound of A's operator norm that is known besides.
  BallMatrix(const Matrix<Enclosure>& A, Upward operator_norm);
  /// Of zeros.
  BallMatrix(Index rows, Index cols);
  /// Of numbers that are known.
  explicit BallMatrix(const Matrix<Real>& numbers);

  Ball<Real> times(const Ball<Real>& x) const;
  Ball<Real> transposed_times(const Ball<Real>& x) const;
  /// The middle moves to a number near A + u vᵀ, u and v the middles; what is missed of it is the answer, and the radius
  /// stays.
  Upward add_outer(const Vector<Real>& u, const Vector<Real>& v);

  /// The middle, each number rounded to a Real.
  Matrix<Real> numbers() const;
  /// Makes a matrix without a radius what its numbers() make, bounds of its norm included; what that misses of the middle is the
  /// answer.
  Upward settle();

  Upward norm() const { return norm_; }  ///< an upper bound of the operator norm
  Upward frobenius() const { return frobenius_; }

 private:
  struct Parts {
    Matrix<Real> middle;
    Upward radius, frobenius;
  };
  static Parts parts(const Matrix<Enclosure>& A);
  explicit BallMatrix(const Parts& parts);
  template <class Multiply>
  Ball<Real> product(const Ball<Real>& x, Index terms, Index entries, Multiply multiply) const;

  std::conditional_t<std::is_same_v<Real, dd>, PairMatrix, DigitMatrix<Real>> middle_;
  Upward radius_, frobenius_, norm_;  // upper bounds; the last of the operator norm
};

}  // namespace benign::sim

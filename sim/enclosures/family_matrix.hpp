#pragma once
// A matrix of a family of runs, A + tB for each of them, t ∈ [−1, 1]. A single run has no B, and every t stands for it.

#include "sim/enclosures/ball.hpp"

#include <optional>

namespace benign::sim {

template <class Real>
class FamilyMatrix {
 public:
  /// Inner products: A and B symmetric, A + tB positive, with an upper bound of its operator norm for all t. An empty B is none.
  FamilyMatrix(const Matrix<Enclosure>& A, const Matrix<Enclosure>& B, Upward operator_norm);
  /// Of zeros.
  FamilyMatrix(Index rows, Index cols, bool moves);
  /// Of numbers that are known.
  explicit FamilyMatrix(const Matrix<Real>& numbers) : A_(numbers) {}

  Ball<Real> times(const Ball<Real>& x) const;
  Ball<Real> transposed_times(const Ball<Real>& x) const;
  /// Moves by u vᵀ, and returns what is missed of it: also t² times the outer product of the slopes.
  Upward add_outer(const Ball<Real>& u, const Ball<Real>& v);

  /// Of one that does not depend on t, as of its A (ball.hpp).
  Matrix<Real> numbers() const { return A_.numbers(); }
  Upward settle() { return A_.settle(); }

  Upward norm() const;  ///< an upper bound for all t
  Upward slope_norm() const { return B_ ? B_->norm() : Upward(0); }

 private:
  BallMatrix<Real> A_;
  std::optional<BallMatrix<Real>> B_;
  Upward norm_;  ///< of inner products; 0 of a matrix that is moved
};

}  // namespace benign::sim

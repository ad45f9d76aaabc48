#include "sim/theorem/definite.hpp"

#include <cmath>
#include <limits>

namespace benign::sim {
namespace {

/// A − λ(1 − 11ᵀ/T).
Matrix<Enclosure> less_projection(const Matrix<Enclosure>& A, double lambda) {
  Matrix<Enclosure> shifted = A;
  const Enclosure share = Enclosure(lambda) / static_cast<long>(A.rows() + 1);
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j <= i; ++j) {
      shifted(i, j) += share;
      if (i == j) shifted(i, j) -= Enclosure(lambda);
    }
  return shifted;
}

/// AᵀA, the lower triangle and its mirror image.
Matrix<Enclosure> square_of(const Matrix<Enclosure>& A) {
  Matrix<Enclosure> C(A.cols(), A.cols());
  for (Index i = 0; i < C.rows(); ++i)
    for (Index j = 0; j <= i; ++j) {
      Enclosure sum(0);
      for (Index k = 0; k < A.rows(); ++k) sum += A(k, i) * A(k, j);
      C(i, j) = C(j, i) = sum;
    }
  return C;
}

}  // namespace

bool positive_definite(Matrix<Enclosure> A) {
  for (Index k = 0; k < A.rows(); ++k) {
    if (sign_of(A(k, k)) != Sign::positive) return false;
    for (Index i = k + 1; i < A.rows(); ++i) {
      const Enclosure factor = A(i, k) / A(k, k);
      for (Index j = k + 1; j <= i; ++j) A(i, j) -= factor * A(j, k);
    }
  }
  return true;
}

double least_curvature(const Matrix<Enclosure>& A, double guess) {
  constexpr double finest = 0x1p-10, most = 0x1p10;
  const auto step = [&](double at) { return finest + std::abs(at) / 16; };
  const auto holds = [&](double lambda) { return positive_definite(less_projection(A, lambda)); };
  double lambda = guess;
  if (holds(lambda)) {
    for (double next = lambda + step(lambda); next < most && holds(next); next = lambda + step(lambda)) lambda = next;
    return lambda;
  }
  do lambda -= step(lambda);
  while (lambda > -most && !holds(lambda));
  return lambda > -most ? lambda : -std::numeric_limits<double>::infinity();
}

Enclosure operator_norm(const Matrix<Enclosure>& A) {
  const Matrix<Enclosure> fourth = square_of(square_of(A));
  Enclosure sum(0);
  for (Index i = 0; i < fourth.rows(); ++i)
    for (Index j = 0; j < fourth.cols(); ++j) sum += abs(fourth(i, j)) * abs(fourth(i, j));
  return sqrt(sqrt(sqrt(sum)));  // ‖(AᵀA)²‖_F = ‖A‖⁴ at least
}

}  // namespace benign::sim

#pragma once
// Bounds for all symmetric matrices between bounds (THEORY section 6.3).

#include "theory/numbers/enclosure.hpp"
#include "theory/numbers/real.hpp"

namespace benign::sim {

/// Whether every symmetric matrix with these entries is positive definite, by the pivots of its elimination; of A the
/// lower triangle is read. False where it is not certain.
bool positive_definite(Matrix<Enclosure> A);

/// A number λ with yᵀAy ≥ λ(‖y‖² − (Σy)²/T) for all y and all symmetric matrices with these entries, T one more than
/// A's rows; found near `guess`, and no more than 2^−10 + |λ|/16 below the largest that elimination confirms.
/// Minus infinity where none above −2^10 is found.
double least_curvature(const Matrix<Enclosure>& A, double guess);

/// An upper bound of the operator norm of every matrix with these entries: ‖(AᵀA)²‖_F^(1/4).
Enclosure operator_norm(const Matrix<Enclosure>& A);

}  // namespace benign::sim

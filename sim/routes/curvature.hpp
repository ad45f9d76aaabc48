#pragma once
// The largest eigenvalue of the loss's Hessian, between bounds, by counting the eigenvalues above a number
// (Sylvester's law of inertia; Parlett, "The Symmetric Eigenvalue Problem", 3.3). Derivation: THEORY section 7.1.
//
// The Hessian in (W, p) has as many eigenvalues above x > ‖u‖ as D R(x), of order N, has above 1, with u = Sᵀĝ and
// D = ∂ĝ/∂ℓ. In natural units, for λ = τ₀ λ(∇²L) and with û = K̂ĝ, Û² = εĝᵀû,
//
//     R = λ/(λ² − Û²) Ĥ + r̂/λ K̂ + r̂ε/(λ(λ² − Û²)) ûûᵀ + ε/(λ² − Û²) (ûℓᵀ + ℓûᵀ):
//
// a function of the state of `Statistics`. Where W or p alone is trained, R = θ_p Ĥ/λ + θ_W r̂K̂/λ.

#include "sim/frames/frame.hpp"
#include "sim/routes/train.hpp"

namespace benign::sim {

/// The largest eigenvalue of ∇²L in what is trained, or 0 where all are below, times τ₀, between bounds that hold with
/// rounding. Descent with step α is stable along the top direction while (α/τ₀) λ < 2.
struct Curvature {
  double lower = 0, upper = 0;
};

class Hessian {
 public:
  /// At a state of `Statistics` over the same frame, which must outlive this; d is the dimension of p.
  Hessian(const Frame<double>& frame, Train train, Index d, const Vector<double>& state);

  /// Whether every eigenvalue is below λ, proved. Else `lower` is raised to what the failure proves of the largest one.
  bool below(double lambda, double& lower) const;

  /// To a relative width, or to that part of `size` if it is more; a guess above 0 saves time. NaN for a state with a
  /// number that is not finite.
  Curvature largest(double width, double size, double guess) const;

  double block_norm() const { return block_norm_; }  ///< ‖D‖
  /// An upper bound of ‖A‖² in natural units, the largest eigenvalue of θ_p Ĥ + θ_W r̂K̂.
  double operator_norm2() const;

 private:
  void rotate(const Matrix<double>& blocks);
  Matrix<double> response(double lambda) const;

  const Frame<double>& frame_;
  const Trained<double> trained_;
  const Index N_, d_;
  Vector<double> logits_, u_;
  Matrix<double> H_;
  double r_ = 0, shift_ = 0, block_norm_ = 0;  // r̂, Û and ‖D‖
  double shift_rounding_ = 0;                  // relative
  bool finite_ = true;
  // In D's eigenvectors, each times the root of its eigenvalue's size, those of negative eigenvalues first.
  Index negative_ = 0;
  Matrix<double> rotated_H_, rotated_K_;
  Vector<double> rotated_u_, rotated_logits_;
};

/// D = ∂ĝ/∂ℓ, the samples' blocks side by side: T by N.
Matrix<double> gradient_derivative_blocks(const theory::Samples<double>& samples, const Vector<double>& logits);

/// A number near a symmetric positive matrix's norm, from below: some steps of the power method.
double norm_estimate(const Matrix<double>& matrix);

/// An upper bound of a symmetric positive matrix's norm, by a Cholesky factor of its distance from it.
double norm_bound(const Matrix<double>& matrix);

}  // namespace benign::sim

#pragma once
// The training run in the span of the data: W = W₀ + Sᵀ(ΦM₀ + φp₀ᵀ), p = βp₀ + M₀ᵀa (THEORY sections 3.1 and 3.2).
//
// In natural units, with ĝ = n ∂L/∂ℓ and ε = 1/(κ²σ²d):
//
//     dâ/ds = −θ_p(I + εΦ̂ᵀK̂)ĝ    dΦ̂/ds = −θ_W ĝâᵀ    dβ/ds = −θ_p εφ̂ᵀK̂ĝ    dφ̂/ds = −θ_W βĝ
//     b = βh + Ĥâ    ĉ = εΦ̂b + φ̂(βr₀/κ + εhᵀâ)    ℓ = b + K̂ĉ
//
// Gradient descent is the same right-hand side as one simultaneous step: the representer theorem holds for it exactly.

#include "sim/routes/digit_steps.hpp"

namespace benign::sim {

/// State: Φ̂ (N², column-major), â (N), φ̂ (N), β (1).
template <class Real>
class Coefficients final : public Route<Real> {
 public:
  Coefficients(const Instance& instance, const Frame<Real>& frame, Train train);

  /// Where â begins.
  static Index place_of_a(Index N) { return N * N; }

  Vector<Real> start() const override;
  void descend(Vector<Real>& state, const Real& step) const override;
  /// The same with the token logits of the state, where they are known already.
  void descend(Vector<Real>& state, const Real& step, const Vector<Real>& token_logits) const;
  std::unique_ptr<Steps<Real>> descent(Vector<Real> start) const override;
  MatrixPlace matrix_place() const;  ///< of Φ̂
  template <class Moved>
  void advance(Vector<Real>& state, Moved& Phi, const Real& step) const {
    descend(state, Phi, step, logits(state, Phi).all.head(frame_.tokens()));
  }
  Vector<Real> token_logits(const Vector<Real>& state) const override {
    return logits(state).all.head(frame_.tokens());
  }
  void advance_along(Vector<Real>& state, const Vector<Real>& g, const Real& step_W, const Real& step_p) const override;
  void rate_along(const Vector<Real>& state, const Vector<Real>& g, Vector<Real>& derivative) const override;
  Real gradient_norm2_along(const Vector<Real>& state, const Vector<Real>& g) const override;
  void scale_p(Vector<Real>& state, const Real& factor) const override;
  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override;
  Readout<Real> read(const Vector<Real>& state) const override;
  Real gradient_norm2(const Vector<Real>& state) const override;
  std::optional<Real> imbalance(const Vector<Real>& state) const override;
  std::optional<Eigen::VectorXd> q(const Vector<Real>& state) const override;
  const StiffEquation<Real>* stiff_equation() const override { return stiff_.get(); }

 private:
  struct Logits {
    Vector<Real> b;    // βh + Ĥâ, for tokens and probes
    Vector<Real> c;    // ĉ, length N
    Vector<Real> all;  // b + K̂ĉ
  };
  Logits logits(const Vector<Real>& state) const;
  /// Φ̂ is where `Moved` has it, and what the state has in its place is not looked at: MatrixInPlace or DigitMatrix.
  template <class Moved>
  Logits logits(const Vector<Real>& state, const Moved& Phi) const;
  template <class Moved>
  void descend(Vector<Real>& state, Moved& Phi, const Real& step, const Vector<Real>& token_logits) const;
  template <class Moved>
  void advance_along(Vector<Real>& state, Moved& Phi, const Vector<Real>& g, const Real& step_W,
                     const Real& step_p) const;
  MatrixInPlace<Real> Phi_of(Vector<Real>& state) const;

  Vector<Real> gradient(const Vector<Real>& state, const Real& log_gain) const;

  const Instance& instance_;
  const Frame<Real>& frame_;
  const PreparedSymmetric<Real> K_, H_;
  const Trained<Real> trained_;
  const std::unique_ptr<const StiffEquation<Real>> stiff_;  ///< null where it is not known
};

}  // namespace benign::sim

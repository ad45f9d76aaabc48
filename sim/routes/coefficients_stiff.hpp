#pragma once
// The stiff part of the flow in coefficients: the answer of the gradient to the probes' logits P = (μ₊·q, μ₋·q). THEORY
// section 3.6. With V the tokens' signal coordinates, V_t = K̂_{±,t}/SNR², D = ∂ĝ/∂ℓ and dx/du = B(x)ĝ,
//
//     E = B D V,   L B = −Cᵀ,   the coupling −L E = CᵀDV,
//     C = θ_p Ĥ_eff + θ_W r̂K̂ between tokens and probes,   Ĥ_eff = SWWᵀSᵀ/(κσ²d),  r̂ = ‖p‖²/κ.
//
// C changes as slowly as W does: frozen. Hypothesis: the data are the model's, whose signals are the stiff directions.

#include "sim/frames/frame.hpp"
#include "sim/integrators/stiff_equation.hpp"
#include "sim/routes/train.hpp"

namespace benign::sim {

/// Of a state of Coefficients: the matrix is Φ̂ of shape (N, N), the core â (N), φ̂ (N), β (1).
template <class Real>
class StiffCoefficients final : public StiffEquation<Real> {
 public:
  using Point = typename StiffEquation<Real>::Point;
  using Rate = typename StiffEquation<Real>::Rate;
  using Stage = typename StiffEquation<Real>::Stage;

  /// The frame, and K̂ and Ĥ of it, must outlive it.
  StiffCoefficients(const Instance& instance, const Frame<Real>& frame, const PreparedSymmetric<Real>& K,
                    const PreparedSymmetric<Real>& H, const Trained<Real>& trained);

  typename StiffEquation<Real>::Shape shape() const override;
  bool has_rate() const override { return true; }
  Rate rate(const Point& x, const Real& u) const override;
  Matrix<Real> frozen(const Point& x) const override;
  Stage stage(const Point& x, const Real& u, const Matrix<Real>& frozen) const override;
  Vector<Real> response(const Point& x, const Stage& stage, const Point& direction) const override;
  Rate answer(const Point& x, const Stage& stage, const Vector<Real>& shift) const override;

 private:
  struct Logits {
    Vector<Real> b, tokens;  // b and ℓ (coefficients.hpp) of the tokens
  };
  Logits logits(const Point& x) const;
  Rate rate_along(const Point& x, const Vector<Real>& g) const;

  const Frame<Real>& frame_;
  const PreparedSymmetric<Real>&K_, &H_;
  const Trained<Real> trained_;
  const Real snr2_;  ///< SNR²
};

}  // namespace benign::sim

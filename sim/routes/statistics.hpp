#pragma once
// The logits' own closed system: ℓ, H = SWWᵀSᵀ and r = ‖p‖² (THEORY section 3.3), without W or p in any form.
//
// In natural units (Ĥ as in Frame, r̂ = r/κ, û = K̂ĝ), and exactly for a step h of descent:
//
//     ℓ⁺ = ℓ − θ_p hĤĝ − θ_W hr̂û + θ_W θ_p h²ε(ℓᵀĝ)û
//     r̂⁺ = r̂ + θ_p(h²ε ĝᵀĤĝ − 2hε ℓᵀĝ)    Ĥ⁺ = Ĥ + θ_W(h²εr̂ ûûᵀ − hε(ûℓᵀ + ℓûᵀ))
//
// The flow is the part linear in h. ‖q‖² is not a function of these.

#include "sim/routes/digit_steps.hpp"

namespace benign::sim {

/// State: Ĥ (N + 2 by N, as sim/linear/symmetric.hpp has it), logits of tokens and probes (N + 2), r̂ (1).
template <class Real>
class Statistics final : public Route<Real> {
 public:
  Statistics(const Frame<Real>& frame, Train train) : frame_(frame), K_(frame.K), trained_(train) {}

  /// Where the logits begin.
  static Index place_of_logits(Index N) { return symmetric_size<Real>(N + probes, N); }

  Vector<Real> start() const override;
  void descend(Vector<Real>& state, const Real& step) const override;
  std::unique_ptr<Steps<Real>> descent(Vector<Real> start) const override;
  MatrixPlace matrix_place() const;  ///< of Ĥ
  /// A step with Ĥ where `H` has it, SymmetricInPlace or DigitMatrix; what the state has in its place is not looked at.
  template <class Moved>
  void advance(Vector<Real>& state, Moved& H, const Real& step) const;
  void advance_along(Vector<Real>& state, const Vector<Real>& g, const Real& step_W, const Real& step_p) const override;
  void scale_p(Vector<Real>& state, const Real& factor) const override;
  Vector<Real> token_logits(const Vector<Real>& state) const override {
    return state.segment(place_of_logits(frame_.tokens()), frame_.tokens());
  }
  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override;
  Readout<Real> read(const Vector<Real>& state) const override;
  Real gradient_norm2(const Vector<Real>& state) const override;

 private:
  struct Products {
    Vector<Real> g;   // ĝ exp(log_gain), length N
    Vector<Real> Hg;  // Ĥĝ, tokens and probes
    Vector<Real> u;   // K̂ĝ, tokens and probes
    Real lg;          // ℓᵀĝ
  };
  /// Ĥ is where `Moved` has it, and what the state has in its place is not looked at: SymmetricInPlace or DigitMatrix.
  template <class Moved>
  Products products(const Vector<Real>& state, const Moved& H, Vector<Real> g) const;
  Vector<Real> gradient(const Vector<Real>& state, const Real& log_gain) const {
    return theory::gradient<Real>(frame_.samples, token_logits(state), log_gain);
  }
  template <class Moved>
  void advance_along(Vector<Real>& state, Moved& H, const Products& x, const Real& step_W, const Real& step_p) const;
  SymmetricInPlace<Real> H_of(const Vector<Real>& state) const;

  const Frame<Real>& frame_;
  const PreparedSymmetric<Real> K_;
  const Trained<Real> trained_;
};

}  // namespace benign::sim

#pragma once
// How a path (path.hpp) depends on a number t ∈ [−1, 1], to first order: the points of a family of descents,
//
//     W̃(t) = W₀ + Ŝᵀ(Φ + tΦ₁)M̂,   p̃(t) = M̂ᵀ(a + ta₁),
//
// with Φ and a of the path and exact numbers Φ₁ and a₁. A step y(t) = y₀ + ty₁ in the place of γ leads to
// Φ₁ − 2^k(y₁aᵀ + y₀a₁ᵀ) and a₁ − 2^hy₁ − Φ₁ᵀ(2^kK̂y₀) − Φᵀ(2^kK̂y₁), but for what is of second order in t and for what is cut.
// THEORY section 6.2.

#include "proofs_check/checker/descent/path.hpp"

namespace benign::checker {

class Slope {
 public:
  explicit Slope(const Path& path);

  /// Moves on beside the path, before it; of y₀ and y₁, single numbers. Returns a bound, for every t, of the distance in W and p
  /// together between the step's end and the next point, without what the path says of its own.
  Size step(const Path& path, const Intervals& y0, const Intervals& y1);
  /// After the path's step.
  void look(const Path& path);

  /// SW̃(t)p̃(t) = the path's logits + t first + t² second, within `logit_slack()` more in length.
  const Intervals& first() const { return first_; }
  const Intervals& second() const { return second_; }
  const Size& logit_slack() const { return logit_slack_; }

  /// 2^−h a₁ and, of c(t) = (Φ + tΦ₁)Ĥ(a + ta₁), 2^−k times the terms of first and second order.
  Intervals of_M(const Path& path) const;
  Intervals of_S(const Path& path, int order) const;

  Size W_norm() const { return W_norm_; }            ///< of W̃(t) − W̃(0)
  Size p_norm() const { return p_norm_; }            ///< of p̃(t) − p̃(0)
  Size moved_at() const { return moved_at_; }        ///< of Sᵀy₀ of the last step
  Size moved_slope() const { return moved_slope_; }  ///< of Sᵀy₁

 private:
  Size root_of_form(const FixedPoints& x, const FixedPoints& Ax) const;

  FixedPoints Phi_, a_, c_, c2_;
  Size unit_, cut_, all_, Phi_bound_, W_norm_, p_norm_, moved_at_, moved_slope_, c_slack_, c2_slack_;
  Intervals first_, second_;
  Size logit_slack_;
};

}  // namespace benign::checker

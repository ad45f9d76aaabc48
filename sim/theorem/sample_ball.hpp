#pragma once
// One kind of samples, clean or flipped, with logits near the limit's: attention, output, the gradient and its
// derivatives for all logits whose differences deviate by at most `gap` and all values that deviate by at most `value`
// from the limit's (THEORY section 6.3). Everything that the time u = log(1 + s) makes large is multiplied by e^u in its
// exponent. With the pivot p, which a fitted sample selects, R_t = e^u s_t and w = σ(−Yf):
//
//     ĝ_t e^u = −Y w R_t (v_t − f)   for t ≠ p,      ĝ_p = −Σ ĝ_t
//     G_tu e^u = w R_t s_u [Y(v_t + v_u − 2f) + (1 − w)(v_t − f)(v_u − f)] + δ_tu ĝ_t e^u,     G = ∂ĝ/∂ℓ
//     J_tu e^u = −Y w R_t [δ_tu − s_u − Y(1 − w)(v_t − f)s_u],                                 J = ∂ĝ/∂v
//     ∂G_tu/∂ℓ_v e^u = w R_t s_u {B_tu [δ_tv + δ_uv − 2s_v − Y(1 − w)b_v]
//                        + b_v [(1 − w)(Yw a_t a_u − a_t − a_u) − 2Y]}
//                      − δ_tu Y w R_t {a_t [δ_tv − s_v − Y(1 − w)b_v] − b_v}
//
// with a = v − f, b_v = s_v a_v, B_tu = Y(a_t + a_u) + (1 − w)a_t a_u. Every row of G and of its derivatives sums to zero.

#include "sim/theorem/limit_path.hpp"
#include "theory/numbers/real.hpp"

namespace benign::sim {

class SampleBall {
 public:
  static constexpr std::size_t kinds = LimitPath::kinds;

  /// Of group g (0 clean, 1 flipped) in a step of the path.
  SampleBall(const theory::Layout<Enclosure>& layout, const LimitPath::Step& step, std::size_t g, const Enclosure& gap,
             const Enclosure& value);

  /// Y f, positive where the training label is predicted right.
  const Enclosure& answer() const { return answer_; }
  /// Σ_t (ĝ_t e^u)².
  Enclosure gradient2() const;
  /// G e^u without the pivot's row and column: zᵀGz = yᵀG'y for y_t = z_t − z_p.
  Matrix<Enclosure> curvature() const;
  /// At least |∂G e^u/∂ℓ [y]|/|y| for y with Σy = 0: the norm of the third derivatives as a matrix of shape (T, T²).
  Enclosure curvature_change() const;
  /// J e^u, of all tokens.
  Matrix<Enclosure> by_values() const;

 private:
  std::vector<std::size_t> losers() const;
  Enclosure third(Index i, Index j, Index k, const std::vector<std::size_t>& tokens) const;

  std::size_t pivot_;
  long Y_;
  std::array<long, kinds> count_;
  std::array<Enclosure, kinds> s_, R_, less_f_, gradient_;  // less_f: v_t − f
  Enclosure w_, answer_;
};

}  // namespace benign::sim

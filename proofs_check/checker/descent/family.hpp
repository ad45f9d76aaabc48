#pragma once
// Gradient descents of a family (members.hpp) between bounds, to first order in t: a member is followed near the point
// W̃(t), p̃(t) of slope.hpp, in the coordinates of P, and E ≥ ‖(W, p) − (W̃(t), p̃(t))‖ for every t. What is of second order in t joins
// what a step adds to E; what the range moves of J, D and α joins what the ball does. THEORY section 6.2.

#include "proofs_check/checker/descent/descent.hpp"
#include "proofs_check/checker/descent/members.hpp"
#include "proofs_check/checker/descent/slope.hpp"

namespace benign::checker {

class FamilyDescent {
 public:
  FamilyDescent(const Common& common, const Members& members, sim::Train train);

  const Scene& scene() const { return scene_; }
  const Size& distance() const { return E_; }
  Moment moment(bool with_q) const;
  bool lost() const;
  void step();

 private:
  struct Move {
    Intervals at, slope;  ///< y₀ and y₁, of P's rows: single numbers
    Size tokens,
        signals;  ///< how far y(t) = B(t)ᵀγ(t) is from y₀ + ty₁ in the coordinates of S₀, and of e₁ and e₂, in length
  };
  void look();
  Functions logits(const Size& off) const;  ///< of all tokens, give or take that
  Move move() const;
  Size J_off() const;  ///< how far J is from that of S₀ at the path's point, for every t and on the ball
  Size D_off() const;  ///< and D(t) from D(0), at the path's points
  Size reach() const;  ///< of all logits of a member from those of its path's point, in length
  Size growth(const HessianBounds& hessian, const Size& J_off, const Size& reach) const;
  Interval signal_along_q(std::size_t signal) const;
  Interval q_norm2() const;

  const Members& members_;
  Scene scene_;
  Derivatives derivatives_;
  bool both_;
  Path path_;
  Slope slope_;
  Growth growth_;
  Size S_norm_, eW_norm_, W_moved_;  ///< of S₀, of eW̃ and of W̃ − W₀, both at t = 0
  Size E_;
  Functions g_, gamma_;
  Answers<Jet> at_, all_;
  std::optional<Interval> least_fall_;
};

}  // namespace benign::checker

#pragma once
// Gradient descent between bounds: a path of exact points near it (path.hpp), and one distance in W and p together,
// E ≥ ‖(W, p) − (W̃, p̃)‖, from which follows what is known of logits, ‖q‖² and all else. A step leads to
//
//     E⁺ = γE + δ,   γ ≥ ‖I − α∇²L‖ on the ball of radius E (growth.hpp),   δ ≥ the path's distance from its own step.
//
// THEORY section 6.2.

#include "proofs_check/checker/descent/growth.hpp"
#include "proofs_check/checker/descent/members.hpp"
#include "proofs_check/checker/descent/path.hpp"
#include "proofs_check/checker/descent/scene.hpp"

namespace benign::checker {

/// With V the largest of max v − min v over the samples: bounds of the first three derivatives of L in the logits, as
/// linear forms of one vector, wherever the logits are.
struct Derivatives {
  explicit Derivatives(const Scene& scene);
  Size first, second, third;
};

/// D where the model answers so, with the gradient g.
Curvature curvature_of(const Scene& scene, const Answers<Interval>& answers, const Intervals& g);

/// How far the middle of an interval, as a double, may be from what is in it.
double slack_of(const Interval& x, double middle);
/// The next double from above.
double upper(const Size& x);
/// Words of a fixed point for the working precision.
std::size_t limbs_now();

class Descent {
 public:
  Descent(const sim::Instance& instance, const InnerProducts& products, sim::Train train);

  const Scene& scene() const { return scene_; }
  const Size& distance() const { return E_; }
  void widen(const Size& by) { E_ += by; }  ///< holds of all descents that are so near to one that it held of

  /// All that is known, with ‖q‖² if it is asked for.
  Moment moment(bool with_q) const;
  bool lost() const;  ///< nothing will come of these digits

  void step();

 private:
  void look();
  Size reach() const;        ///< of ‖q − q̃‖
  Size logit_reach() const;  ///< of all logits from those of near_, in length
  struct Ball {
    Size logits, J;  ///< how far they are from the centre's, in length and in norm
  };
  Ball ball() const;
  Size growth(const Intervals& gamma, const HessianBounds& hessian, const Ball& ball) const;
  Interval loss() const;

  const sim::Instance& instance_;
  const InnerProducts& products_;
  Scene scene_;
  Derivatives derivatives_;
  Interval step_;
  bool both_;
  Path path_;
  Growth growth_;
  Moment near_;  ///< at the path's point, but for path_.logit_slack()
  Intervals g_;
  Size E_;
  std::optional<Interval> least_fall_;
};

}  // namespace benign::checker

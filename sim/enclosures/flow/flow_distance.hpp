#pragma once
// How far the flow of an instance is from one that begins at known numbers (THEORY section 6.1).
//
// Two flows near each other are driven apart at a rate of at most Λ, the largest that −λ_min of the Hessian is at any state
// between them: a distance D becomes at most D e^{Λh}. A step is taken in pieces, short enough that what encloses the known
// flow over all of one still tells how the Hessian is curved there.
//
// Distances are ‖(W, p) − (W̃, p̃)‖ √(κσ²d), as for descents (orbit.hpp), times in units of τ₀.

#include "sim/enclosures/flow/flow_expansion.hpp"
#include "sim/enclosures/near_state.hpp"

namespace benign::sim {

class FlowDistance {
 public:
  /// Both must outlive it. W and p are trained, from p₀ = 0.
  FlowDistance(const ExactInstance& exact, const Frame<Enclosure>& frame);

  /// So much further away.
  void widen(Upward by) { distance_ += by; }
  /// Over a step from the exact numbers of `from`. False where no bound is left.
  bool pass(const FlowState& from, const FlowStep& step);
  /// How far at most, at any time of the step that was passed last from the numbers of `from`, an output f_i of the flow is from the
  /// known one's, and q.
  struct Apart {
    std::vector<Upward> outputs;  ///< of each sample
    std::vector<Upward> X;        ///< of μ₊·q and μ₋·q
    Upward q;                     ///< ‖q − q̃‖
  };
  Apart apart(const FlowState& from, const FlowStep& step) const;
  /// Puts exact numbers in place of what holds a state, and adds how far they may be from it.
  void settle(FlowState& state);

  /// What is read of the flow, near the exact numbers of a state.
  EnclosedMoment moment(const FlowState& state) const;

  Upward value() const { return distance_; }

  /// What a step goes on from, and back.
  Json record() const;
  void resume(const Json& record);

 private:
  struct Piece;
  struct Motion;
  struct Growth {
    Upward factor, inside;  ///< what a piece makes at most of the distance, at its end and all along
    double second_order;    ///< what of the rate falls with the piece's length, over what may
  };
  std::optional<Growth> growth_over(const Piece& piece, const StateInDouble& state, const Motion& motion,
                                    Upward pull) const;
  StateInDouble look(const Matrix<double>& Phi, Upward Phi_error, const Column& a, const Column& b,
                     const Column& logits) const;

  const ExactInstance& exact_;
  const Frame<Enclosure>& frame_;
  const DescentGrowth growth_;
  const NearState near_;
  std::vector<LoneSample> samples_;
  Upward distance_;
  Upward in_step_;           ///< the largest that the distance may have been within the last step
  double time_ = 0;          ///< about: s at the start of the step
  double piece_ = HUGE_VAL;  ///< the length of the piece before
};

}  // namespace benign::sim

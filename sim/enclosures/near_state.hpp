#pragma once
// What is read of every state within a distance of one that is known: of a descent near an orbit (orbit.hpp), of a flow near
// one that begins at known numbers (flow_distance.hpp).

#include "sim/enclosures/descent_growth.hpp"
#include "sim/enclosures/enclosed_run.hpp"

namespace benign::sim {

/// A known state in natural units: â of length M, b = Ĥâ, ĉ = εΦ̂b and ℓ of the tokens' length N. Each holds the numbers of
/// that one state.
struct KnownState {
  Vector<Enclosure> a, b, c, logits;
};

class NearState {
 public:
  /// Both must outlive it.
  NearState(const ExactInstance& exact, const Frame<Enclosure>& frame);

  /// Attention, outputs and loss at all logits within `off` of those that the samples have answered to.
  EnclosedMoment moment(const std::vector<Response>& responses, Upward off) const;

  /// μ±·q and ‖q‖² at all states within `distance`, ‖(W, p) − (W̃, p̃)‖ √(κσ²d), of the known one; the logits are the known
  /// one's.
  Readout<Enclosure> read(const KnownState& known, const StateInDouble& in_double, const DescentGrowth& growth,
                          Upward distance) const;
  /// ‖q − q̃‖ at most, at these states. Of `in_double` the norms alone are read.
  Upward q_radius(const StateInDouble& in_double, const DescentGrowth& growth, Upward distance) const;
  /// ‖μ₊‖ (k = 0) or ‖μ₋‖ (1), at least.
  Upward signal_norm(Index k) const;

 private:
  const ExactInstance& exact_;
  const Frame<Enclosure>& frame_;
  const Upward W0_norm_;
};

}  // namespace benign::sim

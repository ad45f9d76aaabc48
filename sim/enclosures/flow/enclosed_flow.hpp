#pragma once
// The gradient flow of an instance with every error enclosed: validated Taylor steps of the coefficient system
// (flow_expansion.hpp, THEORY section 6.1).
//
// A step of length h: boxes A and G, where Φ̂ ∈ Φ̂₀ − [0, h] G Aᵀ, hold â and ĝ over the whole step if the terms below p at
// its start and [0, hᵖ] times the terms of order p over the boxes lie in their interiors; and these are what the terms below
// leave (Lagrange), in Φ̂'s integral too,
//
//     Φ̂(h) = Φ̂₀ − Σ_i Σ_j ĝ_i â_jᵀ h^{i+j+1}/(i + j + 1).
//
// Each step begins at exact numbers, which miss the end of the step before by a little: one distance, in place of a box for
// each number, says how far the flow is from them (flow_distance.hpp).

#include "sim/enclosures/enclosed_run.hpp"
#include "sim/enclosures/flow/flow_events.hpp"

#include <optional>
#include <string>

namespace benign::sim {

struct EnclosedFlowEnd {
  explicit EnclosedFlowEnd(FlowEvents the_events) : events(std::move(the_events)) {}

  std::optional<EnclosedMoment> moment;  ///< at τ_max, if the flow came there
  FlowEvents events;                     ///< as far as asked
  double s = 0;                          ///< natural time that was reached
  long steps = 0;
  Column a;               ///< exact numbers near which the flow is there: â
  Matrix<Enclosure> Phi;  ///< and Φ̂,
  double distance = 0;    ///< and how near: ‖(W, p) − (W̃, p̃)‖ √(κσ²d)
  std::string stopped;    ///< why, if before τ_max and all that was asked
};

/// A step from exact numbers of at most h, which is exact, and no longer than `left`, both in the system's unit, whose remainder is below the tolerance;
/// nothing if none is long enough.
std::optional<FlowStep> flow_step(const FlowSystem& system, const FlowState& state, const Enclosure& left, double h,
                                  const TaylorSteps& taylor);

/// Runs at the working precision from the start to the configuration's τ_max, or to what is asked. What `taylor` leaves open is
/// chosen for the precision. Tells `resumption` after every `steps_of_a_flow_leg` steps where it stands, and goes on from there, with
/// the same question at the same precision, as if it had not been interrupted.
EnclosedFlowEnd enclose_flow(const ExactInstance& exact, const std::function<void(double s, double end)>& progress = {},
                             TaylorSteps taylor = {}, const FlowQuestion& asked = {},
                             const Resumption& resumption = {});
constexpr long steps_of_a_flow_leg = 32;

}  // namespace benign::sim

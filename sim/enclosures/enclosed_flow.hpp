#pragma once
// The gradient flow of an instance with every error enclosed: validated Taylor steps of the coefficient system
// (flow_expansion.hpp, THEORY section 6.1).
//
// A step of length h: boxes A and G with â₀ + [0, h] F(A, G) in the interior of A and ĝ in the interior of G, where
// Φ̂ ∈ Φ̂₀ − [0, h] G Aᵀ, hold â and ĝ over the whole step (Picard); the terms of order p over them bound what the terms
// below leave (Lagrange), in Φ̂'s integral too,
//
//     Φ̂(h) = Φ̂₀ − Σ_i Σ_j ĝ_i â_jᵀ h^{i+j+1}/(i + j + 1).
//
// Wrapping is paid for in digits, as in enclosed_limit.hpp.

#include "sim/enclosures/enclosed_run.hpp"
#include "sim/integrators/taylor_series.hpp"

#include <optional>
#include <string>

namespace benign::sim {

struct EnclosedFlowEnd {
  std::optional<EnclosedMoment> moment;  ///< at τ_max, if the flow came there
  double s = 0;                          ///< natural time that was reached
  double width = 0;                      ///< of the widest coefficient there
  long steps = 0;
  Matrix<Enclosure> Phi;  ///< Φ̂ there
  std::string stopped;    ///< why, if before τ_max
};

/// Runs at the working precision from the start to the configuration's τ_max.
EnclosedFlowEnd enclose_flow(const ExactInstance& exact, const std::function<void(double s, double end)>& progress = {},
                             TaylorSteps taylor = {});

}  // namespace benign::sim

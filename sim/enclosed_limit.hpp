#pragma once
// The limit d → ∞ (limit.hpp, THEORY section 5) with every error enclosed: validated Taylor steps in u = log(1 + s).
//
// For clean (Y = 1, pivot x₁) and noisy samples (Y = −1, pivot x₃), with kinds of tokens of multiplicities
// m = (1, 1, 1, T−3), values v = γ(1, ρ, −ρ, 0), signals c = (1, ρ, ρ, 0), N_c and N_n samples per class, x = nSNR²:
//
//     X = (x/n) Σ_g N_g Σ_t m_t c_t a_t,  E_t = exp(a_t − a_p + (c_t − c_p)X + u),  p_t = E_t e^{−u},  Z = 1 + Σ m_t
//     p_t, F = Σ m_t p_t (v_t − v_p)/Z,  f = v_p + F,  da_t/du = Y σ(−Yf) (E_t/Z)((v_t − v_p) − F)   for t ≠ p, a_p =
//     −Σ m_t a_t                                                     (all sums over t ≠ p: six scalars are left).
//
// A step from a box Y₀ of length h: a box B with Y₀ + [0, h] F(B, [u, u + h]) in its interior holds the solution over
// the whole step (Picard), and with Taylor coefficients y_k at Y₀ and y_p over B the solution at u + t is in
// Σ_{k<p} y_k t^k + y_p(B) t^p (Lagrange's remainder; Moore, "Interval Analysis", 1966). The box is carried as it is;
// what it wraps is paid for in digits, which cost less than a frame that turns with the flow.

#include "sim/taylor_series.hpp"
#include "theory/parameters.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace benign::sim {

struct EnclosedEvents {
  std::optional<Enclosure> fit;  ///< log s at which all training labels are right, for the first time
  std::optional<Enclosure> gap;  ///< log s at which μ±·q reaches log T, for the first time
  Enclosure u;                   ///< where the run ended,
  std::vector<Enclosure> state;  ///< and the six scalars there
  double width = 0;              ///< of the widest coordinate there
  long steps = 0;
  std::string stopped;  ///< why, if before the horizon and both events
};

/// Runs at the working precision up to u = `horizon`, or to both events. Needs as many flipped labels in either class.
EnclosedEvents enclose_limit_flow(const theory::Parameters& parameters, double horizon,
                                  const std::function<void(double u, double width)>& progress = {},
                                  TaylorSteps taylor = {});

}  // namespace benign::sim

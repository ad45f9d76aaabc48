#pragma once
// The limit d → ∞ between bounds: THEORY section 5.12, its eight scalars as they stand, in the time u = log(1 + s).
//
//     da_t/du = e^u Y σ(−Yf) s_t Σ_j s_j (v_t − v_j),  s = softmax(ℓ),  f = Σ s_t v_t,  ℓ_t = a_t + X c_t
//     X = (x/n) A,   A = N_c (a^c_1 + ρa^c_2 + ρa^c_3) + N_n (a^n_1 + ρa^n_2 + ρa^n_3),   x/n = ‖μ‖²/(σ²d)
//
// with c = (1, ρ, ρ, 0), v = γ(1, ρ, −ρ, 0), T − 3 tokens of the last kind, Y = +1 for the N_c clean and −1 for the N_n
// noisy samples of each class, all from a = 0 at u = 0. Events, in log s = log(e^u − 1):
//
//     fit   the first time at which all training labels are predicted right: f > 0 of clean, f < 0 of noisy samples
//     gap   the first time at which X = μ±·q reaches log T

#include "proofs_check/checker/arithmetic/interval.hpp"
#include "theory/model/parameters.hpp"

#include <string>

namespace benign::checker {

/// When an event happens for the first time: certainly not before the lower end and certainly by the upper one, which
/// is infinite where it was not seen.
struct LimitEvents {
  Interval fit, gap;
  double steps = 0, spent = 0;  ///< multiplications of intervals, in those of 128 bits
  std::string stopped;          ///< why the flow was followed no further; empty if nothing was left to see
  bool hopeless = false;        ///< and that more digits would not help
};

/// Follows the flow at the working precision until both events that are asked for have happened, or beyond log_s_max, or
/// until the next step would not be within `budget` multiplications of intervals.
LimitEvents limit_events(const theory::Parameters& parameters, const theory::Decimal& log_s_max, bool fit, bool gap,
                         double budget);

}  // namespace benign::checker

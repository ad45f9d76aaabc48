#pragma once
// When a test input's relevant token is told from the others: the delay of generalisation. THEORY section 5.13 [D].
//
// With the limit direction's strength c* as n SNR² → 0 (theory/laws/limit_direction.hpp), the test gap μ±·q reaches
// log T for both classes at
//
//     log(τ/τ₀) = log T/(c* n SNR²) + O_T(1),    c* = min(c*₊, c*₋).
//
// c* counts flipped samples class by class, and has them select their other class's weak token. Without weak tokens,
// ρ = 0, they lose the relevant one to no other, and c*± = (T−1)/T (N_c − N_n)/n. Hypotheses: d ≫ nT, ‖μ‖ ≫ σ, p₀ = 0;
// n SNR² so small that flipped samples are fitted.

#include "theory/model/parameters.hpp"

namespace benign::theory {

/// c*: 0.335 at the defaults. Where it is not positive, some class never generalises.
double delay_strength(const Parameters& parameters);

/// log T/c*; infinite where c* ≤ 0.
double delay_slope(const Parameters& parameters);

/// The O_T(1), measured at the defaults.
inline constexpr double delay_offset = 2.55;

/// delay_slope/(n SNR²) + delay_offset.
double delay(const Parameters& parameters);

}  // namespace benign::theory

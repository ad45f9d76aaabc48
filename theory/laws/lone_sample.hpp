#pragma once
// When a sample that is trained alone fits its label: the flow of p at K̂ = Ĥ = I and ε = 0, which is what n SNR² → 0
// and d → ∞ leave of a sample among others. THEORY section 5.3 [D].
//
// With y_t = Y v_t for its tokens' values, e^{−â_t} = D_t = 1 + P − r y_t, where Π_t D_t = 1 makes P a function of r,
// and Z = Σ_t 1/D_t, f = Σ_t y_t/D_t / Z, the sample's output times its label,
//
//     dr/ds = σ(−f)/Z,      s_fit = ∫₀^{r*} Z/σ(−f) dr      to the r* at which f = 0.

#include <vector>

namespace benign::theory {

/// s_fit for y_1, …, y_T; 0 where f ≥ 0 from the start, infinite where no y_t is positive.
double lone_fit_time(const std::vector<double>& values);

}  // namespace benign::theory

#pragma once
// The test error of hard selection, by quadrature: at infinite time attention selects the one token whose logit is
// largest. THEORY section 5.20 [D]. Along a given q, with means m_t = x̄_t·q/(σ‖q‖), answers v̄ = Yγ(1, ρ, −ρ, 0, …)
// and r = ν·q/(‖ν‖‖q‖), exactly
//
//     P(error) = Σ_t ∫ φ(z) Π_{j≠t} Φ(z + m_t − m_j) Φ(−Y(v̄_t + r z σ/‖μ‖) / (√(1−r²) σ/‖μ‖)) dz.
//
// The law: with the q* of limit_direction.hpp, m = c*√(T/(T−1)) √z, z = n d SNR⁴, as d and ‖μ‖/σ → ∞ at fixed z,
//
//     P(error) = P(the other class's weak token is largest) + ½ P(an irrelevant one is),   means (m, ρm, ρm, 0, …).
//
// Its corrections are in x = n SNR² > 0, in finite d, in finite ‖μ‖/σ, and in W's training (late_time.hpp).

#include "theory/laws/limit_direction.hpp"

#include <vector>

namespace benign::theory {

/// P(the t-th of independent N(means[t], 1) is largest).
std::vector<double> largest_probabilities(const std::vector<double>& means);

/// γ‖μ‖/σ, the head's answer to a relevant token in standard deviations of its noise.
double head_value(const Parameters& parameters);

/// z = n d SNR⁴.
double error_law_z(const Parameters& parameters);

/// m of the law when noisy samples select a token of `noisy_kind` (see limit_direction.hpp).
double error_law_m(const Parameters& parameters, Kind noisy_kind = weak_other);

/// The law at m; at m/√2 it is the one for a random W₀ while W has not moved.
double error_law(double m, double rho, long T);

/// What a test input sees of q.
struct SeenDirection {
  double mu_plus_q = 0, mu_minus_q = 0, q_norm2 = 0;
};

/// The error of hard selection along q, exactly: the mean over both classes.
double hard_selection_error(const Parameters& parameters, const SeenDirection& q);

/// q* with all corrections above but the last, for samples that select as the groups say.
SeenDirection expected_limit_direction(const Parameters& parameters, const std::vector<SelectingGroup>& groups);

/// The law with all corrections above but the last; samples select their best token by value. Not a number where
/// d ≤ n(T−1).
double infinite_time_error(const Parameters& parameters);

}  // namespace benign::theory

#pragma once
// Whether a step of descent on given tokens is stable, and one that is.
//
// At p = 0 all logits are 0, and ∇_W L = 0: of THEORY section 7.1 the first term of R is left. With u = Sᵀĝ/n and M₀ = SW₀ the Hessian in (W, p) has beside zeros the
// eigenvalues λ with
//
//     λ = θ_p μ + θ_W ‖u‖²/λ,   λ_max = (μ + √(μ² + 4θ_W‖u‖²))/2,   μ the largest eigenvalue of M₀ᵀ(∂ĝ/∂ℓ)M₀/n:
//
// along p itself, and along the planes of v and û vᵀ. μ is found by Lanczos' method in R^d, without an inner product of
// two tokens. Descent is stable along the top direction while αλ < 2.

#include "sim/runs/run_config.hpp"

#include <optional>

namespace benign::sim {

/// αλ_max(∇²L) at the start of a plain descent that trains p from p₀ = 0; nothing of any other run.
std::optional<double> start_sharpness(const RunConfig& config);

/// A step with one digit, in the configuration's unit, with which the training loss fell wherever it was looked at, half
/// or less of the configuration's, and for which αλ_max ≤ 1 at the start; nothing where six halvings do not find one.
std::optional<double> stable_step(const RunConfig& config, double sharpness, long looks);

}  // namespace benign::sim

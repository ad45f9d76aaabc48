#pragma once
// The limit direction at d = ∞: q/log s tends to the shortest q* with (x_sel(i) − x_{i,u})·q* ≥ 1 for all i, u ≠
// sel(i). With c_{i,t} token t's strengths along μ₊ and μ₋, c̄_i their mean over the sample, and A = Cᵀâ for
// q* = Sᵀâ/(σ²d),
//
//     (I + SNR² M) A = b,   b = Σ_i (c_{i,sel} − c̄_i),   M = Σ_i (Σ_t c_{i,t}c_{i,t}ᵀ − T c̄_i c̄_iᵀ),
//     multipliers   λ_{i,u} = 1/T + SNR² (c_{i,u} − c̄_i)·A ≥ 0,
//     μ±·q* = SNR² A±,   σ²d ‖q*‖² = Σ λ = n(T−1)/T − SNR² b·A.
//
// Hypotheses: d → ∞ at fixed n SNR², σ/‖μ‖ → 0, and all constraints active, which is λ ≥ 0. It holds for unequal
// classes and for any selected tokens. THEORY section 5.16 [D].

#include "theory/model/layout.hpp"

#include <Eigen/Core>
#include <array>
#include <vector>

namespace benign::theory {

/// Samples of one class that select one kind of token; a mean over draws makes `count` a fraction.
struct SelectingGroup {
  int true_label = 1;
  Kind kind = relevant;  ///< of the selected token: tokens of one kind are all that d = ∞ cannot tell apart
  double count = 0;
};

/// Clean samples select their relevant token, noisy ones a token of `noisy_kind`.
std::vector<SelectingGroup> groups_selecting(const Parameters& parameters, Kind noisy_kind);

/// Every sample selects its best token by value, Y v: the mean numbers over draws, at finite ‖μ‖/σ.
std::vector<SelectingGroup> groups_by_value(const Parameters& parameters);

struct LimitDirectionLaw {
  Eigen::Vector2d A;            ///< for μ₊ and μ₋
  Eigen::Vector2d c;            ///< c*± = A±/n, so that μ±·q* = c*± n SNR²
  double norm2 = 0;             ///< σ²d ‖q*‖²
  double least_multiplier = 0;  ///< the solution is q* where this is not negative
};

/// At n SNR² = x, for groups of `n` samples in all.
LimitDirectionLaw limit_direction_law(long n, long T, double rho, double x, const std::vector<SelectingGroup>& groups);

/// The n SNR² up to which no multiplier is negative; infinite where none ever is.
double all_active_up_to(long n, long T, double rho, const std::vector<SelectingGroup>& groups);

}  // namespace benign::theory

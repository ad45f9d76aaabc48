#pragma once
// The limit direction at d = ∞: q/log s tends to the q* that selects one given token of every sample with margin 1 and
// is shortest,
//
//     q* = argmin ‖q‖²   such that   (x_sel(i) − x_{i,u})·q ≥ 1 for all i and all u ≠ sel(i)
//
// (token selection of maximal margin: Tarzanagh et al. 2023, for trained attention; here for this data model) [D].
//
// Where noise tokens are orthogonal, K̂ = I + SNR² CCᵀ, with c_{i,t} the row of C that holds token t's strength along μ₊
// and μ₋. With all constraints active the KKT system is one of two unknowns, A = Cᵀâ for q* = Sᵀâ/(σ²d):
//
//     (I + SNR² M) A = b,   b = Σ_i (c_{i,sel} − c̄_i),   M = Σ_i (Σ_t c_{i,t}c_{i,t}ᵀ − T c̄_i c̄_iᵀ),
//     multipliers   λ_{i,u} = 1/T + SNR² (c_{i,u} − c̄_i)·A ≥ 0,
//     μ±·q* = SNR² A±,   σ²d ‖q*‖² = Σ λ = n(T−1)/T − SNR² b·A
//
// where c̄_i is the mean over the sample's tokens. Derivation in REFERENCES.md. All of it holds for unequal classes and
// for any selected tokens.

#include "theory/model/parameters.hpp"

#include <Eigen/Core>
#include <array>
#include <vector>

namespace benign::theory {

/// x₁, x₂ ∈ W_{Y*}, x₃ ∈ W_{−Y*}, and any of x₄ … x_T: all that d = ∞ can tell apart.
inline constexpr int token_kinds = 4;

/// Samples of one class that select one kind of token; a mean over draws makes `count` a fraction.
struct SelectingGroup {
  int true_label = 1;
  int kind = 0;  ///< of the selected token, 0 … 3
  double count = 0;
};

/// Clean samples select token 1, noisy ones a token of `noisy_kind`: 2 for the other class's weak token.
std::vector<SelectingGroup> groups_selecting(const Parameters& parameters, int noisy_kind);

/// Every sample selects its best token by value, Y v: the mean numbers over draws, at finite ‖μ‖/σ.
std::vector<SelectingGroup> groups_by_value(const Parameters& parameters);

struct LimitDirection {
  Eigen::Vector2d A;           ///< for μ₊ and μ₋
  Eigen::Vector2d c;           ///< c*± = A±/n, so that μ±·q* = c*± n SNR²
  double norm2 = 0;            ///< σ²d ‖q*‖²
  double least_multiplier = 0; /**< the solution is q* where this is not negative */
};

/// At n SNR² = x, for groups of `n` samples in all.
LimitDirection limit_direction(long n, long T, double rho, double x, const std::vector<SelectingGroup>& groups);

/// The n SNR² up to which no multiplier is negative; infinite where none ever is.
double all_active_up_to(long n, long T, double rho, const std::vector<SelectingGroup>& groups);

}  // namespace benign::theory

#pragma once
// The data of a family of descents that differ in one parameter, ‖μ‖, ρ or α, which is X(t) = X₀ + tr, |t| ≤ 1. With C(t), of
// shape (N, 2), the coordinates of a member's tokens along e₁ and e₂, and S₀ any tokens with the same noise,
//
//     S(t) = B(t)P,   P = [S₀; e₁ᵀ; e₂ᵀ],   B(t) = [1, ΔC(t)],   ΔC(t) = tC₁ + R,
//
// where R is what drawing rounds. THEORY section 6.2.

#include "proofs_check/checker/arithmetic/size.hpp"
#include "proofs_check/checker/descent/inner_products.hpp"
#include "proofs_check/checker/descent/jet.hpp"

namespace benign::checker {

/// τ₀ = n/(κσ²d), and α, in units of τ, of a single run; from the decimals of the options.
Interval tau0(const theory::Parameters& parameters);
Interval step_length(const theory::Parameters& parameters);

/// All numbers that a decimal, or a range, stands for.
Interval number(const theory::Decimal& x);

/// What all members have in common: the noise of their tokens, labels, W₀ and p₀.
struct Common {
  /// Of a member.
  Common(sim::Instance instance, bool with_q_norm);

  sim::Data train;         ///< of that member
  RowMajor epsilon;        ///< the noise along e₁ and e₂, of shape (N, 2)
  InnerProducts products;  ///< of [S_ε; e₁; e₂], S_ε being the tokens without these coordinates
};

/// The data of a family of which one parameter is a range.
struct Members {
  Members(const Common& common, const theory::Parameters& parameters);

  Functions mu, step, values;  ///< ‖μ‖; α; v of every token
  Intervals slope, rest;       ///< C₁ and R, of token k along e₁ and e₂ at 2k and 2k + 1
  Size away;                   ///< ‖ΔC(t)‖ is at most that
  InnerProducts products;      ///< of P
};

}  // namespace benign::checker

#pragma once
// Bounds of the population test error of the paper's model that hold for certain, from bounds of μ±·q and ‖q‖².
//
// Of a test input of class y, with X_± = μ±·q, token t has the logit m_t + σ‖q‖z_t, m = (X_y, ρX_y, ρX_{−y}, 0, …), and
// the value yν·x_t = γb_t + (σ/‖μ‖)w_t, b = (1, ρ, −ρ, 0, …), γ = 1/√2. The pairs (z_t, w_t) are independent, both
// N(0, 1), of correlation c = yγ(X₊ − X₋)/(‖μ‖‖q‖), so w_t = cz_t + √(1 − c²)u_t. With e_t the exponentials of the
// logits the input is taken for the other class if and only if Σ e_t (yν·x_t) < 0, given z with probability
//
//     Φ̄(A),   A √(1 − c²) ‖e‖ = γ(‖μ‖/σ)(e₁ + ρe₂ − ρe₃) + c Σ e_t z_t,   |Σ e_t z_t| ≤ ‖e‖‖z‖.
//
// Both bounds, and q = 0, where the error is known, are derived in THEORY section 6.2. Where the sums of sum_law.hpp can
// be made they are far narrower.

#include "proofs_check/checker/arithmetic/interval.hpp"
#include "theory/model/parameters.hpp"

namespace benign::checker {

/// What an input of one class sees.
struct TestInput {
  long others;  ///< T − 1
  Interval rho;
  Interval own, other;     ///< X_y and X_{−y}
  Interval noise;          ///< σ‖q‖
  Interval clear;          ///< γ‖μ‖/σ
  Interval along, across;  ///< |c| and √(1 − c²)

  /// An upper bound of the error, from events of about the probability `share` that are given up.
  Interval from_above(double share) const;
  /// A lower bound, summed over slabs of z₁ and of the others' mean times its √(T − 1), both N(0, 1) and independent.
  Interval from_below() const;

 private:
  Interval length(const Interval& x) const;
};

/// Contains the mean of both classes' errors, to about 10⁻⁵ in most cases; [0, 1] where nothing is known.
Interval test_error(const theory::Parameters& parameters, const Interval& mu_plus_q, const Interval& mu_minus_q,
                    const Interval& q_norm2);

/// Contains the mean of both classes' losses E log(1 + e^{−yf}), to about 10⁻⁴ in most cases: with F = yf, p_k = (2k − 1)π,
///
///     log(1 + e^{−F}) = log 2 − F/2 + Σ_{k ≤ 2} log(1 + F²/p_k²) + c F² − [0, d/2] F⁴.
Interval test_loss(const theory::Parameters& parameters, const Interval& mu_plus_q, const Interval& mu_minus_q,
                   const Interval& q_norm2);

}  // namespace benign::checker

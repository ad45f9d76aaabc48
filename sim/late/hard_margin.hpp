#pragma once
// The dual of hard-margin selection: with constraints Bq ≥ 1 and Q = BBᵀ,
//
//     min ‖q‖²/2  such that  Bq ≥ 1        =        −min λᵀQλ/2 − 1ᵀλ  such that  λ ≥ 0,       q = Bᵀλ.
//
// Where all constraints are active λ = Q⁻¹1, and λ ≥ 0 proves it. Else Ipopt finds the active ones, and their equations
// are then solved to the last digits. The KKT conditions are sufficient, so what is returned is judged by them alone.

#include "theory/numbers/real.hpp"

#include <optional>

namespace benign::sim {

/// What the KKT conditions leave over; stationarity holds by construction.
struct KktResiduals {
  double primal = 0;           ///< max (1 − (Qλ)_k)⁺
  double dual = 0;             ///< max (−λ_k)⁺ / max λ
  double complementarity = 0;  ///< max λ_k |(Qλ)_k − 1| / max λ
  /// A bound of ‖q − q*‖/‖q‖. Where the signs of λ and of the inactive gaps are strict, by more than the equations of
  /// the active constraints can still move them, q* solves those equations, and the residual r (with the rounding of
  /// its sums) gives ‖q − q*‖² = rᵀQ⁻¹r ≤ ‖r‖²/λ_min, with a λ_min from below. Else from the duality gap between q and
  /// the feasible q/min(Qλ), whose square root keeps half of the digits. THEORY section 7.4.
  double distance = 0;
};

struct HardMargin {
  Vector<double> multipliers;  ///< λ ≥ 0
  Vector<double> gaps;         ///< Qλ = Bq
  double norm2 = 0;            ///< ‖q‖² = λᵀQλ
  KktResiduals residuals;
  int iterations = 0;  ///< of Ipopt; 0 where all constraints are active
};

enum class ActiveSet { all_first, by_solver };

/// Nothing where no q satisfies the constraints or the solver gives up.
std::optional<HardMargin> hard_margin(const Matrix<double>& Q, ActiveSet how = ActiveSet::all_first);

/// A lower bound of a symmetric matrix's smallest eigenvalue, rounding included; zero where none above the roundings is
/// found. Inverse iteration guesses it, from above; Cholesky factors decide (Rump, "Verification of positive
/// definiteness", BIT 46, 2006).
double least_eigenvalue(const Matrix<double>& Q);

}  // namespace benign::sim

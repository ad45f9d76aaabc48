#pragma once
// How far a step of descent can drive two nearby states apart: ‖I − α∇²L‖ on a ball (THEORY section 6.1).
//
// With J = ∂ℓ/∂(W, p), D = ∂ĝ/∂ℓ in blocks of samples and Θ = JJᵀ = θ_p H_eff + θ_W r̂K̂, all in natural units, the
// eigenvalues of τ₀∇²L lie above those of JᵀDJ less ‖Sᵀĝ‖ and below those plus ‖Sᵀĝ‖, and D = PPᵀ − NNᵀ + R gives
//
//     −λ_max(NᵀΘN) − ‖R‖‖Θ‖  ≤  JᵀDJ  ≤  λ_max(PᵀΘP) + ‖R‖‖Θ‖.
//
// Where that is much, P helps from below too: −x − ‖R‖‖Θ‖ ≤ JᵀDJ if x ≥ λ_max((N − PY)ᵀΘ(N − PY) + xYᵀY) for any Y.
// Everything is computed in double, and every rounding is added up.

#include "sim/enclosures/response.hpp"
#include "sim/frames/frame.hpp"
#include "sim/routes/train.hpp"

#include <optional>
#include <vector>

namespace benign::sim {

/// What the bound needs to know of the state in the middle of the ball, in natural units.
struct StateInDouble {
  Matrix<double> Phi;                        ///< Φ̂ of shape (N, M), M the rows of Ĥ
  Upward Phi_error, Phi_norm;                ///< of Frobenius' norm: what Phi misses, and a bound of all
  Upward r;                                  ///< r̂
  std::vector<Response> responses;           ///< of the samples, n of N/n tokens, to the middle's logits
  std::optional<Upward> response_norm = {};  ///< of ‖Θ‖, where a bound by Θ itself is known
};

/// An upper bound of the operator norm of inner products, a positive matrix.
Upward norm_of_inner_products(const Matrix<Enclosure>& products);

class DescentGrowth {
 public:
  /// K̂ of shape (N, N) and Ĥ of shape (M, M) from their enclosures, with bounds of Frobenius' norms; `epsilon` and the
  /// step's length in natural units likewise.
  DescentGrowth(const Matrix<Enclosure>& K, const Matrix<Enclosure>& H, const Enclosure& epsilon, const Enclosure& step,
                Train train);

  /// A bound of ‖I − α∇²L‖ at every state whose distance from the middle, ‖(W, p) − (W̃, p̃)‖ √(κσ²d), is at most
  /// `radius`.
  Upward bound(const StateInDouble& state, Upward radius) const;

  /// A bound of how far below 0 the eigenvalues of JᵀDJ + C go, C the Hessian's part by ĝ, with J of any state in that ball, D and
  /// ĝ of any logits within `off` of the middle's; sharp where `step` times it is much.
  Upward fall(const StateInDouble& state, Upward radius, Upward off, Upward step) const;

  /// A bound of ‖Θ‖ at the middle by Θ itself, which takes three products of N × N matrices. Elsewhere the norms of its factors
  /// do: Θ enters what a radius moves, and a single run's is far below a double's digits.
  Upward response_norm(const StateInDouble& state) const;
  /// A bound of ‖ℓ − ℓ̃‖ in the ball.
  Upward logits_radius(const StateInDouble& state, Upward radius) const;

  /// A bound of ‖Θ‖ at the middle by what is known of it.
  Upward known_response_norm(const StateInDouble& state) const;
  /// √(ε‖K̂‖): √‖Θ‖ moves by at most so much of a distance.
  Upward root() const { return root_; }
  Upward K_operator_norm() const { return K_operator_norm_; }
  Upward H_operator_norm() const { return H_operator_norm_; }

 private:
  /// Columns over the tokens of one sample.
  struct Factor {
    Index first;  ///< of its tokens
    Matrix<double> columns;
  };
  /// FᵀΘF at the middle, F the columns of all factors, and what it misses in Frobenius' norm and in its trace.
  struct Weighed {
    Matrix<double> form;
    Upward error;
  };
  /// Of all samples' D ≥ PPᵀ − NNᵀ: one column of P for each that has one, and N.
  struct Parts {
    std::vector<Factor> positive, negative;
    Upward positive_norm, negative_norm;
  };
  /// What bounds of the Hessian from either side are made of.
  struct Around {
    Parts parts;
    std::vector<Factor> all_positive;
    Upward theta, aside;  ///< of ‖Θ‖; of ‖R‖‖Θ‖ + ‖Sᵀĝ‖
  };
  std::optional<Around> around(const StateInDouble& state, Upward radius, Upward off) const;
  Upward fall(const Parts& parts, const StateInDouble& state, Upward aside, Upward step) const;
  Weighed weighed(const std::vector<Factor>& factors, const StateInDouble& state) const;

  const bool moves_W_, moves_p_;
  Matrix<double> K_, H_;
  Upward K_error_, H_error_;  ///< of Frobenius' norm: what the doubles of K̂ and Ĥ miss
  Upward K_norm_, H_norm_;    // Frobenius' norms, for roundings
  Upward K_operator_norm_, H_operator_norm_;
  Upward epsilon_, step_, root_;  // root: √(ε‖K̂‖)
};

}  // namespace benign::sim

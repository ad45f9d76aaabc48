#pragma once
// The frame of an instance as a proof needs it: every inner product exact, then rounded outward once at any precision.
//
// The model's tokens are x = ε + s₊e₁ + s₋e₂ with ε off the signals' directions e₁ and e₂ and s₊, s₋ the coordinates along
// them, on which alone ‖μ‖, ρ and the classes act. So S = [1, C][S_ε; e₁ᵀ; e₂ᵀ] with C = [s₊, s₋], and every inner product of tokens is
// a polynomial in C whose coefficients, inner products of S_ε and the two directions, serve all of these.

#include "sim/frames/exact_products.hpp"
#include "sim/frames/frame.hpp"
#include "sim/frames/gram.hpp"

#include <memory>

namespace benign::sim {

/// Inner products of what ‖μ‖, ρ and η leave alone, as the dyadic rationals that they are: with P = [S_ε; e₁ᵀ; e₂ᵀ], or of
/// brought tokens P = [S; signals], of N + 2 rows.
struct ExactProducts {
  /// Of an instance with tokens.
  ExactProducts(const Instance& instance, QNorm q_norm);

  ExactMatrix K, H;            ///< PPᵀ and PW₀W₀ᵀPᵀ, the same for W₀ = I
  ExactMatrix J;               ///< P(W₀W₀ᵀ)²Pᵀ; empty where ‖q‖² is not asked for
  ExactMatrix h, k;            ///< PW₀p₀ and PW₀W₀ᵀW₀p₀; empty where p₀ = 0
  ExactMatrix r0, omega;       ///< ‖p₀‖² and ‖W₀p₀‖²; likewise
  ExactMatrix values;          ///< Pν of a head that is brought, a column to each of its own; empty else
  Eigen::VectorXd row_norms2;  ///< upper bounds of the squared norms of W₀'s rows; empty for W₀ = I
};

class ExactFrame {
 public:
  /// The instance must outlive it. `products`: of one that differs from it in ‖μ‖, ρ and η at most.
  ExactFrame(const Instance& instance, std::shared_ptr<const ExactProducts> products);
  /// Of `gram`, without tokens: of the instance that the factors name.
  ExactFrame(const Instance& instance, std::shared_ptr<const GramFactors> factors, QNorm q_norm);

  /// Rounded outward at the working precision.
  Frame<Enclosure> frame() const;
  /// Of an instance with ranges: that of all its members with these ‖μ‖, ρ and α, exact or as they would be drawn. Without
  /// what ‖q‖² needs.
  Frame<Enclosure> frame_of_members(const theory::Parameters& members) const;

  /// Which token of each sample is the relevant one: x₁ in the model; of given tokens the one whose exact value ν·x
  /// answers its true label best, with many classes that of its class less the mean one; the first of equals.
  std::vector<Index> relevant() const;

  /// A bound of ‖W₀‖: of the identity 1, and else in Frobenius' norm.
  double weights_norm() const;

 private:
  const Instance& instance_;
  std::shared_ptr<const ExactProducts> products_;  // one of the two
  std::shared_ptr<const GramFactors> factors_;
  QNorm q_norm_ = QNorm::needed;
};

/// The double at the middle of each number.
Frame<double> in_double(const Frame<Enclosure>& frame);

}  // namespace benign::sim

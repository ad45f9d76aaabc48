#pragma once
// Momentum in the logits' own closed system (statistics.hpp), without W or p in any form: the cross-check of momentum in
// the span of the data (THEORY section 3.9).
//
// With W₀ = W and p₀ = p here, and W₁, p₁ their velocities, every method with one velocity is
//
//     W_a⁺ = Σ_c M_ac W_c − k_a α y p₀ᵀ,    p_a⁺ = Σ_c M_ac p_c − k_a α W₀ᵀy,    y = Sᵀĝ/n,
//
// and closes in Ĥ_ab = S W_a W_bᵀ Sᵀ, ℓ_ab = S W_a p_b and r̂_ab = p_aᵀp_b. With û = K̂ĝ, ′ for Σ_c M_ac over the index that is
// not 0 and ″ for the same over both, in steps of h,
//
//     Ĥ_ab⁺ = Ĥ″_ab − hε(k_b ℓ′_{a0} ûᵀ + k_a û ℓ′_{b0}ᵀ) + h²ε k_a k_b r̂₀₀ ûûᵀ
//     ℓ_ab⁺ = ℓ″_ab − h k_b Ĥ′_{a0} ĝ − h k_a û (r̂′_{0b} − h ε k_b ℓ₀₀ᵀĝ)
//     r̂_ab⁺ = r̂″_ab − hε(k_b ℓ′_{0a} + k_a ℓ′_{0b})ᵀĝ + h²ε k_a k_b ĝᵀĤ₀₀ĝ
//
// (where W or p stays, its k is 0). The heavy ball is M = (1 β; 0 β), k = (1 1). Nesterov first moves W₀ and p₀ ahead by
// M = (1 β; 0 1), and there M = (1 0; 0 β), k = (1 1).

#include "sim/routes/method_kind.hpp"
#include "sim/routes/training.hpp"

#include <array>

namespace benign::sim {

template <class Real>
class MomentumStatistics final : public Method<Real> {
 public:
  /// `route` is that of `statistics` over the frame, whose states state() gives.
  MomentumStatistics(const Route<Real>& route, const Frame<Real>& frame, Train train, const Real& step,
                     const MethodChoice& choice);

  void advance(long k) override;
  Vector<Real>& state() override;
  Time<Real> time() const override;

 private:
  template <class Value>
  using Pairs = std::array<std::array<Value, 2>, 2>;
  /// M and k.
  struct Move {
    Pairs<Real> M;
    std::array<Real, 2> k;
  };
  void move(const Move& by, const Real& step);

  const Frame<Real>& frame_;
  const Trained<Real> trained_;
  StepLengths<Real> lengths_, times_;  // of the steps, and with the speed that they have gathered
  const Real beta_;
  const bool nesterov_;
  Pairs<Matrix<Real>> H_;  // of shape (N + 2, N)
  Pairs<Vector<Real>> l_;  // of tokens and probes
  Pairs<Real> r_;
  Vector<Real> state_;
};

}  // namespace benign::sim

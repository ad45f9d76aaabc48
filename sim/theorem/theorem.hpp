#pragma once
// Theorems for almost every draw: THEORY section 6.3 [D]. For given n, T, ρ and η, every d ≥ d_min and ‖μ‖/σ ≥ mu_min with
// n SNR² ∈ [low, high], and with probability at least 1 − δ over tokens and W₀, the gradient flow from p₀ = 0
//
//     overfits_first      predicts every training label right from u₁ on, where the test loss is at least ℓ₁
//     generalises_later   does so to u₂ at least, where the test loss is at most ℓ₂, and not below ℓ₃ before u₃
//     benign              both
//     not_overfitting     predicts no flipped label right until u₅, the test loss being at most ℓ₅ from u₄ on
//
// with times u = log(1 + τ/τ₀). n SNR² is cut into slices, and each is followed by itself.

#include "sim/theorem/deviation.hpp"
#include "theory/model/verdict.hpp"

namespace benign::sim {

enum class TheoremKind { overfits_first, generalises_later, benign, not_overfitting };

struct TheoremQuestion {
  TheoremKind kind = TheoremKind::overfits_first;
  theory::Parameters parameters;  ///< n, T, ρ, η and W₀, which is Gaussian or the identity; no more is read
  theory::Decimal low{"0.09"}, high{"0.11"};
  theory::Decimal d_min{"1e12"}, mu_min{"0"}, delta{"0.01"};
  theory::Decimal late{"0.53"}, early{"0.62"};  ///< ℓ₂ (and ℓ₅), ℓ₃
  long slices = 1;
  double horizon = 300;  ///< in u
};

/// An inequality that the verdict rests on: `value` is certain, `needed` is what it is held against.
struct TheoremMargin {
  std::string what;
  double value = 0, needed = 0;
  bool below = false;  ///< value < needed; else value > needed
  double margin() const { return below ? needed - value : value - needed; }
};

struct TheoremAnswer {
  theory::Verdict verdict = theory::Verdict::undecided;
  std::string statement;                   ///< with its numbers; empty unless proved
  std::string why;                         ///< not, or what is the weakest link
  double fitted = 0, late = 0, early = 0;  ///< u₁, u₂, u₃ (u₅, u₄, 0)
  double loss_fitted = 0, loss_late = 0;   ///< ℓ₁, and the loss at u₂ at most
  double off = 0, off_X = 0;               ///< V and |μ±·q − X| at most, at the last time
  double shares[Deviation::causes] = {};   ///< of V where it is largest
  std::vector<TheoremMargin> margins;
};

/// 64 bits are enough. The slices run in parallel; the answer is the same on any number of threads.
TheoremAnswer prove_theorem(const TheoremQuestion& question);

/// ℓ₁ as it is stated: three decimals, below what was found.
std::string stated_loss(const TheoremAnswer& answer);

/// log s at u = log(1 + s).
Enclosure log_s_at(double u);

}  // namespace benign::sim

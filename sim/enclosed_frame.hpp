#pragma once
// The frame of an instance as a proof needs it: every inner product exact, then rounded outward once at any precision.

#include "sim/exact_products.hpp"
#include "sim/frame.hpp"

namespace benign::sim {

/// Of all tokens, labels, weights and p₀ as bits: 16 hexadecimal digits (FNV-1a, 64 bits).
std::string data_hash(const Instance& instance);

/// The inner products of tokens and weights, as the dyadic rationals that they are. Lengths ‖μ‖ enter later, as the
/// decimals that they are.
class ExactFrame {
 public:
  /// The instance must outlive it and not be of `gram`.
  ExactFrame(const Instance& instance, QNorm q_norm);

  /// Rounded outward at the working precision.
  Frame<Enclosure> frame() const;

 private:
  const Instance& instance_;
  bool with_q_norm_;
  ExactMatrix K_, H_, probes_, J_;  // SSᵀ, M₀M₀ᵀ, W₀'s first two rows times M₀ᵀ, S(W₀W₀ᵀ)²Sᵀ
  ExactMatrix w_, h_, k_, r0_, omega_;
};

}  // namespace benign::sim

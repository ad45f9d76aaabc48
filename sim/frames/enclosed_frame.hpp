#pragma once
// The frame of an instance as a proof needs it: every inner product exact, then rounded outward once at any precision.

#include "sim/frames/exact_products.hpp"
#include "sim/frames/frame.hpp"

namespace benign::sim {

/// The inner products of tokens and weights, as the dyadic rationals that they are. Lengths ‖μ‖ enter later, as the
/// decimals that they are.
class ExactFrame {
 public:
  /// The instance must outlive it, be not of `gram` and have two classes.
  ExactFrame(const Instance& instance, QNorm q_norm);

  /// Rounded outward at the working precision.
  Frame<Enclosure> frame() const;

  /// Which token of each sample is the relevant one: x₁ in the model; of given tokens the one whose exact value ν·x
  /// answers its true label best, the first of equals.
  std::vector<Index> relevant() const;

 private:
  const Instance& instance_;
  bool with_q_norm_;
  // With P for S and the probes' directions below it: PSᵀ, PW₀M₀ᵀ, S(W₀W₀ᵀ)²Sᵀ, PW₀p₀, S W₀W₀ᵀ W₀p₀, ‖p₀‖², ‖W₀p₀‖²
  // and, of a head that is brought, Sν.
  ExactMatrix K_, H_, J_, h_, k_, r0_, omega_, values_;
};

}  // namespace benign::sim

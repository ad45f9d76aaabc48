#pragma once
// The product of the transforms of sum_law.hpp at u ± iη, |η| < π/4, where z stays real and A = e^{u + m + az} turns:
// THEORY section 6.1 [D]. Unlike the bounds of frequency_line.hpp, where z leaves the real line, these know no 1/a.
//
// With s = sin η, k = cos η, g = cos 2η and Q = s²/(r²g), let β = b for κ = 0, and β = 0 for κ = 1 while ξ|b|s ≤ k/2. Then
//
//     Re W ≤ Q(β + cz)² − R,   R = ξ²r²gA²/4 for κ = 0,  R = kA/2 for κ = 1,
//
// and with S² = 1/(1 − 2Qc²), Δ = 2QβcS², Z = S e^{Qβ²S²} and x = u + m + aΔ + a²S²/2
//
//     |φ| ≤ Z,   |φ − 1| ≤ Z (e^x (κ + ξ(|b| + |c|(|Δ| + aS² + S))) + ξ²r²e^{2x + a²S²}/2),
//     |φ| ≤ Z g(θ) exp(−θ(u + m + aΔ) + θ²a²S²/2),
//
// g(θ) = (2θ/e)^{θ/2}(ξr)^{−θ} cos(2η)^{−θ/2} for κ = 0 and (2θ/(ek))^θ for κ = 1. What holds at η holds at every smaller one.

#include "sim/generalisation/token_integral.hpp"

#include <vector>

namespace benign::sim {

class TurnedLine {
 public:
  /// For 0 < eta < π/4, and the rays (κ, ξ) with 0 ≤ ξ ≤ ray.xi where κ = 1.
  TurnedLine(const ShareLaw& law, const Ray& ray, double eta);

  /// Whether η < π/4 and 2Qc² < 1, and for κ = 1 ξ|b|s ≤ k/2 of every token.
  bool usable() const { return usable_; }
  /// At least |Φ| at every u ± iy, 0 ≤ y ≤ η.
  const Enclosure& growth() const { return growth_; }
  /// At least ∫_{−∞}^U |Φ − 1| du and ∫_U^∞ |Φ| du there.
  Enclosure left(double U) const;
  Enclosure right(double U) const;
  /// At least ∫ |Φ − 1| du up to U₁, ∫ |Φ| du from U₂ on and in between, together.
  Enclosure size(double U1, double U2) const { return left(U1) + growth() * (Enclosure(U2) - U1) + right(U2); }

 private:
  struct Kind {
    Enclosure m, b, aside;  ///< m + aΔ, b and cΔ
    long count;
  };

  Ray ray_;
  std::vector<Kind> kinds_;  ///< from the largest m to the least
  Enclosure a_, c_, r2_, cosine_, cosine_of_twice_, S2_, growth_{1};
  bool usable_ = false;
};

}  // namespace benign::sim

#pragma once
// The nodes of the integral over u = log λ in sum_law.hpp, and what a sum over them leaves out: THEORY section 6.1 [D].
//
// At Im u = η the product of the transforms is at most e^{Kη²}, with K = T(1 + c²)/(2a²r²) for κ = 0, and for κ = 1 with
// K = T/(2a²) while ξ|c|η ≤ a/2. For θ ∈ (0, 1], and H = κ + ξ(|b| + |c|(θa + 1 + η/a) + r), its distance from 1 has
//
//     ∫_{−∞}^U |Φ − 1| du ≤ e^{Kη²} Σ_t (2^{1−θ}/θ) exp(θ(U + m_t) + θ²a²/2) H_t^θ,                       (left)
//
// and for any θ > 0 and any set of tokens, s of them,
//
//     ∫_U^∞ |Φ| du ≤ e^{Kη²} (1/(sθ)) Π_t g(θ) exp(−θ(U + m_t) + θ²a²/2),                                (right)
//
// g = (2θ/e)^{θ/2} (ξr)^{−θ} for κ = 0 and (2θ/e)^θ for κ = 1. The rule of step h errs by at most 2N/(e^{2πη/h} − 1),
// N = e^{Kη²}((left) + (U₂ − U₁) + (right)) without their own factors e^{Kη²}. As K is ~ 1/a², of a small a the bounds of
// turned_line.hpp are better, and the longer step is taken.

#include "sim/generalisation/turned_line.hpp"

#include <optional>

namespace benign::sim {

class FrequencyLine {
 public:
  /// For the rays (κ, ξ) with 0 ≤ ξ ≤ ray.xi where κ = 1, and for the one ray where κ = 0.
  FrequencyLine(const ShareLaw& law, const Ray& ray, double tolerance);

  bool usable() const { return usable_; }
  long nodes() const { return last_ - first_ + 1; }
  double step() const { return h_; }
  double node(long k) const { return static_cast<double>(first_ + k) * h_; }
  double furthest() const;
  double length() const { return static_cast<double>(last_ - first_) * h_; }
  /// What the sum over the nodes, times the step, is wrong by: the rule, and what is before and behind the nodes.
  struct Parts {
    Enclosure rule, left, right;
  };
  Parts parts() const;
  Enclosure error() const {
    const Parts all = parts();
    return all.rule + all.left + all.right;
  }

 private:
  Enclosure left(double U, double eta) const;
  Enclosure right(double U) const;
  Enclosure growth() const;
  void take_turned(double U1, double U2, double log_accuracy);

  ShareLaw law_;
  Ray ray_;
  std::optional<TurnedLine> turned_;  ///< where its bounds are the ones taken
  double h_ = 0, eta_ = 0;
  long first_ = 0, last_ = 0;
  bool usable_ = false;
};

}  // namespace benign::sim

#pragma once
// The transform of one token's share between bounds: THEORY section 6.1 [D].
//
// A token's logit is m + a z and its value, in units of the values' noise, b + c z + r w, with z, w ~ N(0, 1)
// independent and r² = 1 − c². With A = e^{u + m + a z} its transforms are
//
//     φ(u) = E exp(−A (κ + iξ (b + c z + r w))) = ∫ exp(−z²/2 + W) dz/√(2π),
//     W    = −A (κ + iξ (b + c z)) − ξ² r² A²/2,      κ = 0 or 1,  ξ ≥ 0.
//
// The integrand is entire in z, and the trapezoidal rule of step h is wrong by at most 2M/(e^{2πδ/h} − 1), where M bounds
// ∫ |integrand| along Im z = ±δ. With ζ = aδ ≤ 0.6, q = r²(1 − 2ζ²), τ = ζ²c²/q < 1 and
// P = ζ|b| + δ|c| − κ(1 − ζ²/2)/ξ
//
//     M = e^{δ²/2} (1 − τ)^{−1/2},  and where P > 0 that times 2 exp(P²/(2q(1 − τ))).
//
// Nodes where A is so small that |W| is below a bound have e^W replaced by 1, and nodes where it is so large that |e^W|
// is below one are left out. Sums are made in pairs of doubles.

#include "theory/numbers/dd.hpp"
#include "theory/numbers/enclosure.hpp"

#include <vector>

namespace benign::sim {

/// Tokens that are alike: `count` of them with the means m of the logit and b of the value.
struct ShareKind {
  double m = 0, b = 0;
  long count = 1;
};

/// All tokens of an input, and what is common to them. These numbers are exact.
struct ShareLaw {
  std::vector<ShareKind> kinds;
  double a = 0, c = 0;

  long tokens() const {
    long T = 0;
    for (const ShareKind& kind : kinds) T += kind.count;
    return T;
  }
  /// r².
  Enclosure rest2() const { return (1 - Enclosure(c)) * (1 + Enclosure(c)); }
};

/// Which transform.
struct Ray {
  int kappa = 0;
  double xi = 1;
};

struct ComplexPair {
  dd re, im;
};

/// Rounded down to 20 bits, so that multiples are exact.
double short_step(double h);

class TokenIntegral {
 public:
  /// To be called for |u| ≤ `furthest_u`, and wrong by `tolerance` or a little more; see usable().
  TokenIntegral(const ShareLaw& law, const ShareKind& kind, const Ray& ray, double furthest_u, double tolerance);

  /// Whether all numbers stay within what pairs of doubles hold, at no more than some hundred thousand nodes.
  bool usable() const { return usable_; }
  ComplexPair operator()(double u) const;
  /// No value is further than this from the truth.
  double error() const { return error_; }
  /// What it is made of, for |u| ≤ `furthest_u`: the rule's own error, the nodes beyond ±nodes() steps, those whose e^W
  /// is replaced by 1 or 0, and roundings.
  struct Parts {
    Enclosure rule, beyond, replaced, rounding;
  };
  Parts parts(double furthest_u) const;
  double step() const { return h_; }
  double strip() const { return delta_; }
  long nodes() const { return nodes_; }
  /// Nodes evaluated so far.
  long evaluations() const { return evaluations_; }

 private:
  void choose_step(double tolerance);
  Enclosure strip_bound(double delta) const;

  ShareKind kind_;
  Ray ray_;
  double a_, c_;
  dd r2_;
  Enclosure rest2_;
  double delta_ = 0, h_ = 0;
  long nodes_ = 0;                           // on either side of z = 0
  double smallest_ = 0, largest_ = 0;        // A between which nodes are evaluated
  double at_smallest_ = 0, at_largest_ = 0;  // what bounds |W|, and |e^W|, beyond
  std::vector<dd> weight_, below_, growth_;  // h φ(z), its sums from the left, e^{az}
  bool usable_ = false;
  double error_ = 1;
  mutable long evaluations_ = 0;
};

}  // namespace benign::sim

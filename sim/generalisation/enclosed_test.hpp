#pragma once
// The population test error and loss between bounds that hold for certain, from enclosures of q's scalars μ±·q and ‖q‖².
// Derived in THEORY section 6.1 [D].
//
// The law of a test input of class y is that of sum_law.hpp: y f < 0 is S < 0, and y f = χF̃, χ = σ/‖μ‖. Its numbers
// m, b, a, c are taken at the doubles p₀ next to their enclosures, and what the result changes by on the way from p₀ to
// any p in the enclosures is bounded by derivatives: with B = √(Σ b_t²),
//
//     √(2π) |ΔP|  ≤  [max|Δm_t| (B + |c|√T) + |Δa| (B√T + |c|T) + √(Σ Δb_t²)]/r + |Δc| (√T + |c|B)/r³,
//     |ΔE log(1 + e^{−χF̃})|/χ  ≤  ¼ osc(Δm) (osc(b) + √(2T)) + |Δa| (√(2T) osc(b) + 2T)/4 + max|Δb_t| + |Δc| √T (1 + |c|/r),
//
// osc(x) = max x_t − min x_t.
//
// The same inequalities lead from a = m = 0, where S and F̃ are normal, to a small q. The loss is, with p_k = (2k − 1)π,
//
//     E log(1 + e^{−F}) = log 2 − E F/2 + Σ_{k ≤ K} E log(1 + F²/p_k²) + c_K E F² − [0, d_K/2] E F⁴,
//
// c_K = 1/8 − Σ p_k⁻², d_K = 1/96 − Σ p_k⁻⁴ (k ≤ K); E F and E F² from the arctangent and the logarithm at small ξ.

#include "theory/model/parameters.hpp"
#include "theory/numbers/enclosure.hpp"

#include <functional>
#include <utility>

namespace benign::sim {

/// q's scalars, each between bounds. ‖q‖² = 0 exactly means q = 0.
struct EnclosedScalars {
  Enclosure mu_plus_q, mu_minus_q, q_norm2;
};

/// Contains the mean of the two classes' errors. The law is summed to 10⁻⁴, and as long as it is not enough to 10⁻⁸ and
/// so on to 10⁻²⁴, or to where the scalars' own widths are what is left; where it cannot be summed there are the bounds
/// of order_bounds.hpp.
Enclosure enclosed_test_error(
    const theory::Parameters& parameters, const EnclosedScalars& q,
    const std::function<bool(const Enclosure&)>& enough = [](const Enclosure&) { return true; });

/// Contains the mean of E log(1 + e^{−yf}) over the two classes, to about 10⁻⁴ where the law can be summed.
Enclosure enclosed_test_loss(const theory::Parameters& parameters, const EnclosedScalars& q);

/// The test losses of one q after another, each near the one before, as a flow comes by them. Where it is enough they follow
/// from a loss that is known, first of all that of q = 0, and from how far a loss changes on the way to the next.
class TestLosses {
 public:
  /// A point and its loss.
  struct Known {
    EnclosedScalars q;
    Enclosure loss;
  };
  explicit TestLosses(const theory::Parameters& parameters);
  const Known& known() const { return known_; }
  void resume(Known known) { known_ = std::move(known); }

  /// Contains the losses of all q in these; as sharp as `enough` asks for, or to about 10⁻⁴ and what their widths add.
  Enclosure of(const EnclosedScalars& q, const std::function<bool(const Enclosure&)>& enough);

 private:
  theory::Parameters parameters_;
  Known known_;
};

}  // namespace benign::sim

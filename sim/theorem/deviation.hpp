#pragma once
// How far a finite flow is from the limit, for every draw of the good event: THEORY section 6.3, lemmas 2 and 3 [D].
//
// With z = P(ℓ − ℓ∞), V² = zᵀK⁻¹z and primes for d/du, u = log(1 + s):
//
//     V' ≤ c V + |PĤ_sP − K| Γ + ‖K‖^½ Σ_g |J_g| values_g,      Γ ≥ |ĝ|e^u,   |PĤ_sP − K| ≤ noise + weights + slice + 2‖PK̂P‖R
//     R' = 2ε Γ (|Pℓ∞| + ‖K‖^½ V),                              c = −λ for λ ≥ 0, |λ|‖K‖ else
//
// λ, Γ and J are bounds for all logits within ‖K‖^½ V of the limit's, the bootstrap: a step is accepted where V's own
// bound over it stays below the V that they were computed for. V is kept in shares, one for each cause.

#include "sim/theorem/draw_bounds.hpp"
#include "sim/theorem/sample_ball.hpp"

#include <optional>
#include <string>

namespace benign::sim {

class Deviation {
 public:
  enum Cause { noise, weights, slice, training, values, rounding, causes };
  static constexpr const char* cause_names[causes] = {"products of the tokens' noise", "the initial W",
                                                      "n SNR^2 within its slice",      "the training of W",
                                                      "noise in the answers",          "roundings of the path"};

  Deviation(const theory::Parameters& parameters, const DrawSlice& slice);

  /// What holds at every time of a step.
  struct Step {
    double from = 0, to = 0;
    Enclosure X;                 ///< the limit's μ±·q
    double off_X = 0, off = 0;   ///< |μ±·q − X| and V at most
    double q = 0;                ///< σ‖q‖ at most
    Enclosure answer[2];         ///< Yf of clean and of flipped samples
    double shares[causes] = {};  ///< V's
    double curvature = 0;        ///< λ
  };

  /// The next step, of at most h; nothing where the bootstrap does not close, and `lost` says where.
  std::optional<Step> advance(double h);
  const std::string& lost() const { return lost_; }
  const DrawBounds& bounds() const { return bounds_; }

 private:
  struct Rates;
  double curvature(const LimitPath::Step& step, std::size_t g, const SampleBall& ball, const Enclosure& radius);
  Rates rates(const LimitPath::Step& step, const Enclosure& radius);
  void follow_signal(Step& step, const Enclosure& gamma, const Enclosure& length, const Enclosure& forced, double h);

  theory::Layout<Enclosure> layout_;
  DrawBounds bounds_;
  LimitPath path_;
  double guess_[2] = {0, 0}, guess_at_limit_[2] = {0, 0};
  Enclosure shares_[causes], R_{0}, forced_{0}, row_{0}, off_rows_{0};
  std::string lost_;
};

}  // namespace benign::sim

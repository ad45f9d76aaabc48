#pragma once
// What one sample answers to its logits, in intervals, and how far it can answer to logits near by.
//
// With s the attention, V the spread of the values v and any direction u of the logits, of range at most √2‖u‖,
//
//     ‖∂s/∂ℓ‖ ≤ 1/2,   |f′| = |Cov_s(v, u)| ≤ (V/4)√2‖u‖,   |f″| = |E_s (v − f)(u − ū)²| ≤ (V/2)‖u‖²,
//
// and so ‖D‖ ≤ w(1 − w)f′² + w|f″| ≤ w(1 − w)V²/8 + wV/2 for D = ∂ĝ/∂ℓ of the logistic loss, w = σ(−Yf). The derivatives
// of f are joint cumulants of v and u under s, |f‴| ≤ (5/4)V‖u‖³ and |f⁗| ≤ (7/2)V‖u‖⁴, and all four are less where nearly
// all attention is on one token (THEORY section 6.1).

#include "sim/enclosures/upward.hpp"
#include "theory/model/model.hpp"

#include <array>

namespace benign::sim {

struct Response {
  int label = 1;                ///< Y
  Upward spread;                ///< V
  Vector<Enclosure> attention;  ///< s, length T
  Vector<Enclosure> gradient;   ///< ĝ_t = −Yσ(−Yf) s_t (v_t − f)
  Enclosure output;             ///< f

  /// At all logits whose Euclidean distance from these is at most `radius`.
  Response within(Upward radius) const;
  /// A bound of ‖D‖ at all logits with an output and attention of these.
  Upward derivative_norm() const { return derivative_norms()[0]; }
  /// Of ‖D‖, ‖∂D/∂ℓ‖ and ‖∂²D/∂ℓ²‖.
  std::array<Upward, 3> derivative_norms() const;
};

/// at + t slope, for every t ∈ [−1, 1].
struct Line {
  Vector<Enclosure> at, slope;
};

/// ĝ along a line of logits and values, by Taylor's theorem: at + t slope + t² rest, where `rest` holds ĝ″(t)/2 for every t.
struct GradientAlong {
  Vector<Enclosure> at, slope, rest;
};
/// Of one sample of two classes and T tokens without padding, of training label Y; all of length T.
GradientAlong gradient_along(int label, const Line& values, const Line& logits);

/// One sample alone, of two classes and without padding.
class LoneSample {
 public:
  explicit LoneSample(theory::Samples<Enclosure> alone);
  LoneSample(const theory::Samples<Enclosure>& all, Index i);

  Response respond(const Vector<Enclosure>& logits) const;
  Upward spread() const { return spread_; }  ///< V

 private:
  theory::Samples<Enclosure> alone_;
  Upward spread_;
};

}  // namespace benign::sim

#pragma once
// What one sample answers to its logits, in intervals, and how far it can answer to logits near by.
//
// With s the attention, V the spread of the values v and any direction u of the logits, of range at most √2‖u‖,
//
//     ‖∂s/∂ℓ‖ ≤ 1/2,   |f′| = |Cov_s(v, u)| ≤ (V/4)√2‖u‖,   |f″| = |E_s (v − f)(u − ū)²| ≤ (V/2)‖u‖²,
//
// and so ‖D‖ ≤ f′²/4 + |f″| ≤ V²/32 + V/2 for D = ∂ĝ/∂ℓ of the logistic loss (THEORY section 6.1).

#include "sim/enclosures/upward.hpp"
#include "theory/model/model.hpp"

namespace benign::sim {

struct Response {
  int label = 1;                ///< Y
  Upward spread;                ///< V
  Vector<Enclosure> attention;  ///< s, length T
  Vector<Enclosure> gradient;  ///< ĝ_t = −Yσ(−Yf) s_t (v_t − f): to absolute precision alone, where s_t is near 1
  Enclosure output;            ///< f

  /// At all logits whose Euclidean distance from these is at most `radius`.
  Response within(Upward radius) const;
};

/// One sample alone, of two classes and without padding.
class LoneSample {
 public:
  explicit LoneSample(theory::Samples<Enclosure> alone);
  LoneSample(const theory::Samples<Enclosure>& all, Index i);

  Response respond(const Vector<Enclosure>& logits) const;

 private:
  theory::Samples<Enclosure> alone_;
  Upward spread_;
};

}  // namespace benign::sim

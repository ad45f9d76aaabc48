#pragma once
// What a check can say.

#include <cmath>

namespace benign::theory {

enum class Verdict {
  proved,     ///< an enclosure of the margin is positive: a proof for this instance
  holds,      ///< margin > error
  violated,   ///< margin < −error
  undecided,  ///< |margin| ≤ error, or an error that is not known
  vacuous,    ///< hypotheses unmet: never counted as a pass
};

constexpr const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved: return "proved";
    case Verdict::holds: return "holds";
    case Verdict::violated: return "violated";
    case Verdict::undecided: return "undecided";
    case Verdict::vacuous: break;
  }
  return "vacuous";
}

/// How far inside its claim a quantity lies (negative: outside), and by how much that number itself may be wrong.
struct Margin {
  double value = 0;
  double error = 0;  ///< integration, rounding and sampling together
};

inline Verdict decide(bool hypotheses_met, Margin margin) {
  if (!hypotheses_met) return Verdict::vacuous;
  if (margin.value > margin.error) return Verdict::holds;
  if (margin.value < -margin.error) return Verdict::violated;
  return Verdict::undecided;  // NaN ends here too
}

}  // namespace benign::theory

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

/// What stands behind the error of a margin, from the strongest to the weakest; where several parts make up an error,
/// the weakest of them. THEORY section 7 has the derivations and what the calibration of the estimates saw.
enum class ErrorKind {
  unstated,     ///< of no check
  enclosed,     ///< rounded outwards: the number lies inside
  bounded,      ///< a derived bound, rounding included
  estimated,    ///< the difference of two independent computations, times a factor that a calibration justifies
  statistical,  ///< half an interval at a stated level
};

constexpr const char* name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::enclosed: return "enclosed";
    case ErrorKind::bounded: return "bounded";
    case ErrorKind::estimated: return "estimated";
    case ErrorKind::statistical: return "statistical";
    case ErrorKind::unstated: break;
  }
  return "unstated";
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

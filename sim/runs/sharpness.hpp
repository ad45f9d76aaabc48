#pragma once
// The largest curvature along a whole descent: at every step, and on the straight lines between them, which the descent
// lemma asks for (Cohen et al. 2021 call it sharpness).
//
// The curvature is enclosed (curvature.hpp) at some of the states that the descent in double goes through. From there
// to another state, with D, A and u as in curvature.hpp,
//
//     λ′ ≤ λ + ‖D′ − D‖ ‖A′‖² + ‖D‖ ‖A′ − A‖ (2‖A‖ + ‖A′ − A‖) + ‖u′ − u‖
//
// in natural units, and λ′ ≤ ‖D′‖‖A′‖² + ‖u′‖: where that does not suffice, it is enclosed anew. Between two steps
// ‖D′ − D‖ is bounded by the third derivatives of the loss (THEORY section 7.2).

#include "sim/routes/curvature.hpp"
#include "sim/runs/simulate.hpp"

namespace benign::sim {

struct Sharpness {
  Curvature largest;    ///< the largest τ₀λ_max over the steps 0, 1, …, as far as the numbers are finite
  long step = 0;        ///< the step that `lower` was found at
  bool finite = true;   ///< the descent went to its end
  double between = 0;   ///< a bound on the lines between the steps too; infinite if none below `limit` was found
  long enclosures = 0;  ///< of curvatures
};

/// Along the descent of `run`'s configuration, by the route `statistics` over the frame of `run`: to 1%, or to
/// 1/2000 of `limit` if that is more. A bound `between` that is not below `limit` is tried for on ever shorter pieces
/// of a line.
Sharpness sharpness(const Run<double>& run, double limit);

/// The spread of v over a sample's tokens, for every sample; with many classes the largest one of V_{t,c} − V_{t,c′}. A
/// change of the logits moves an output by at most half of it times its largest entry.
Vector<double> value_spreads(const theory::Samples<double>& samples);

/// A bound of ‖D′ − D‖ for a sample whose values have the spread V, on any way between its two vectors of logits along
/// which the spread of their derivative integrates to ω; `attention` is the largest one at the start, `wrong` σ(−Y f)
/// there.
double derivative_change(double omega, double V, double attention, double wrong);

}  // namespace benign::sim

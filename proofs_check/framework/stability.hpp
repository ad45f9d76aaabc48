#pragma once
// Whether a step of descent is stable: at every step of a run, and at the start, the hypothesis of every claim about
// rounding, whose errors grow without bound where the descent itself does.

#include "proofs_check/framework/check.hpp"
#include "sim/runs/sharpness.hpp"

namespace benign::proofs {

struct DescentSharpness {
  sim::Sharpness found;
  double step = 0;  ///< α/τ₀

  double lower() const { return step * found.largest.lower; }  ///< of the largest α λ_max over the steps
  double upper() const { return step * found.largest.upper; }
  double between() const { return step * found.between; }  ///< a bound on the lines between the steps too
};

/// Of the configuration's descent in double.
DescentSharpness sharpness(const Laboratory& laboratory);

/// α λ_max(∇²L) < 2 at the start.
Hypothesis stable_start(const Laboratory& laboratory);

/// Breaks it, for tests.
void too_long_a_step(Laboratory& laboratory);

}  // namespace benign::proofs

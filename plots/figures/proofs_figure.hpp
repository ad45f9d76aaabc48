#pragma once
// Claims proved over a grid of settings, beside the same in double: the regimes that they tell, or else each claim.

#include "plots/drawing/figure.hpp"
#include "plots/records/sweep.hpp"

namespace benign::plots {

Figure proofs_figure(const Sweep& sweep);

}  // namespace benign::plots

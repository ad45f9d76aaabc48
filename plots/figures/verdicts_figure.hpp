#pragma once
// A check over a grid of settings: in each cell its verdict, by colour, and its margin, by shade; beside it the C that the
// claim needs, where it has one.

#include "plots/drawing/figure.hpp"
#include "plots/records/sweep.hpp"

namespace benign::plots {

Figure verdicts_figure(const Sweep& sweep);

}  // namespace benign::plots

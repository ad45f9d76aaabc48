#pragma once
// The error law: what hard selection comes to as a function of z = n d SNR⁴ alone.

#include "plots/drawing/figure.hpp"
#include "plots/records/sweep.hpp"

namespace benign::plots {

/// Whether the cells of a sweep with --infinite-time have one law between them: they share T, ρ and η.
bool has_error_law(const Sweep& sweep);

/// The error of hard selection against z: at infinite time and at the end of the runs, over the law at m and at m/√2.
Figure error_law_figure(const Sweep& sweep);

}  // namespace benign::plots

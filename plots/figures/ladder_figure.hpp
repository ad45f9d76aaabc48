#pragma once
// Delayed generalisation at a glance: flows in log time that differ in their signal-to-noise ratio alone.

#include "plots/drawing/figure.hpp"
#include "plots/records/series.hpp"

namespace benign::plots {

/// Whether the runs are at least two flows in log time that differ in nSNR² and in nothing else.
bool is_ladder(const std::vector<Series>& runs);

/// Test loss, train loss and the test's attention against log(τ/τ₀), and the test's again against nSNR² log(τ/τ₀),
/// where the delay law makes them one curve.
Figure ladder_figure(const std::vector<Series>& runs);

}  // namespace benign::plots

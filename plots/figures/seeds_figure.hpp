#pragma once
// Runs over several seeds, as their mean: one curve for each setting, all settings in one figure.

#include "plots/drawing/figure.hpp"
#include "plots/records/series.hpp"

namespace benign::plots {

/// Whether some runs differ in their seed alone.
bool has_seeds(const std::vector<Series>& runs);

/// Mean of training and test loss and of training and test accuracy against time, one curve for each setting (all that
/// a configuration has but its seed), in a band from the smallest to the largest over seeds.
Figure seeds_figure(const std::vector<Series>& runs);

}  // namespace benign::plots

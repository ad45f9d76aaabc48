#pragma once
// The figures of training runs.

#include "plots/drawing/figure.hpp"
#include "plots/records/series.hpp"

namespace benign::plots {

/// Attention of the first clean and of the first noisy training sample on each class of its tokens against time, one
/// column for each run: the paper's Figure 3.
Figure attention_figure(const std::vector<Series>& runs);

/// Training and test loss, and training and test accuracy, against time, one column for each run.
Figure learning_figure(const std::vector<Series>& runs);

}  // namespace benign::plots

#pragma once
// The figures of a sweep over two parameters: where training fits, and where it generalises.

#include "plots/drawing/figure.hpp"
#include "plots/records/sweep.hpp"

namespace benign::plots {

/// Training and test loss of all cells, side by side in one range of colours. Over them the measured boundaries, of fit
/// (half of the flipped labels fitted: train accuracy 1 − η/2) and of generalisation (test loss half way from log 2 to
/// its floor), and the predicted ones: the paper's borders with constant 1 and the turning point x_c.
Figure phase_figure(const Sweep& sweep);

/// Whether the sweep is one over d and ‖μ‖, as the paper's.
bool is_papers(const Sweep& sweep);

/// The same losses as the paper draws them, to be laid beside its own heatmaps.
Figure paper_figure(const Sweep& sweep);

/// Whether the sweep knows the test error at infinite time (benign phase --infinite-time).
bool has_infinite_time(const Sweep& sweep);

/// The test error at the end of the runs, at infinite time, and the law of the latter.
Figure infinite_time_figure(const Sweep& sweep);

/// Whether the sweep says in which regime each seed of a cell came out, and has several seeds.
bool has_regimes(const Sweep& sweep);

/// The share of a cell's seeds in each regime, one panel for each.
Figure regimes_figure(const Sweep& sweep);

}  // namespace benign::plots

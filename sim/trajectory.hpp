#pragma once
// A training run in double, looked at many times.

#include "sim/simulate.hpp"

namespace benign::sim {

struct Trajectory {
  RunConfig config;
  theory::Samples<double> samples;
  std::vector<int> true_label;  ///< Y* = ±1, length n; −1 for the flipped of many classes, whose Y stands as +1
  theory::Scales<double> scales;
  std::vector<Observation<double>> moments;  ///< the start, about 200 equal parts of the run, and its end
  Events<double> events;                     ///< of a flow
  double logit_error = 0;                    ///< the largest error of a logit at the end: rounding or integration

  bool noisy(Index i) const {
    return samples.labels[static_cast<std::size_t>(i)] != true_label[static_cast<std::size_t>(i)];
  }
  /// s = τ/τ₀ of a moment.
  double s(const Observation<double>& moment) const { return moment.tau / scales.tau0; }
};

/// Runs `config` in double by its route.
Trajectory record_trajectory(RunConfig config);

}  // namespace benign::sim

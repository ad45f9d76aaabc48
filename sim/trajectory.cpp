#include "sim/trajectory.hpp"

#include "sim/flow.hpp"

#include <algorithm>

namespace benign::sim {

Trajectory record_trajectory(RunConfig config) {
  config.precision = Precision::binary64;
  const Run<double> run(config);
  std::vector<int> true_label;
  for (Index i = 0; i < run.frame().samples.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    true_label.push_back(run.frame().samples.labels[at] * (run.frame().noisy[at] ? -1 : 1));
  }
  Trajectory trajectory{config, run.frame().samples, true_label, run.frame().scales, {}, {}};
  const long every = std::max(1L, config.parameters.steps / 200);
  const auto result =
      simulate<double>(run, every, [&](const auto& moment) { trajectory.moments.push_back(moment); }, {});
  trajectory.events = result.events;
  const Vector<double>& last = trajectory.moments.back().readout.logits;
  if (config.flow) {
    // Against a run a thousand times looser, whose distance bounds the error with room to spare.
    const auto loose = flow_to(run.route(), horizon<double>(config), 1000 * default_tolerance<double>());
    const double distance = (run.route().read(loose).logits - last).cwiseAbs().maxCoeff();
    // Both may have taken the same steps: then what the tolerance allows is left.
    trajectory.logit_error =
        std::max(distance, 10 * default_tolerance<double>() * std::max(1.0, last.cwiseAbs().maxCoeff()));
  } else {
    // N-term sums at every step, in a descent that is stable; check precision.rounding tests this over 200 steps.
    trajectory.logit_error = static_cast<double>(config.parameters.steps) *
                             static_cast<double>(config.parameters.tokens()) * unit_roundoff<double>() *
                             last.cwiseAbs().maxCoeff();
  }
  return trajectory;
}

}  // namespace benign::sim

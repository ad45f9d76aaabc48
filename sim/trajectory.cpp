#include "sim/trajectory.hpp"

#include <algorithm>

namespace benign::sim {

Trajectory record_trajectory(RunConfig config) {
  config.precision = Precision::binary64;
  const Run<double> run(config);
  Trajectory trajectory{config, run.frame().samples, run.instance().train.true_label, run.frame().scales, {}, {}};
  const long every = std::max(1L, config.parameters.steps / 200);
  const auto result =
      simulate<double>(run, every, [&](const auto& moment) { trajectory.moments.push_back(moment); }, {});
  trajectory.events = result.events;
  return trajectory;
}

}  // namespace benign::sim

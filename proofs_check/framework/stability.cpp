#include "proofs_check/framework/stability.hpp"

#include "sim/runs/records.hpp"
#include "sim/routes/statistics.hpp"

namespace benign::proofs {
namespace {

sim::RunConfig descent_of(const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  config.route = sim::RouteKind::coefficients;
  config.precision = Precision::binary64;
  config.flow = false;
  return config;
}

}  // namespace

DescentSharpness sharpness(const Laboratory& laboratory) {
  const sim::RunConfig config = descent_of(laboratory);
  return laboratory.once<DescentSharpness>("sharpness " + sim::config_hash(config), [&] {
    const auto run = laboratory.run<double>(config, sim::QNorm::not_needed);
    const double step = run.frame().scales.step;
    return DescentSharpness{sim::sharpness(run, 2 / step), step};
  });
}

Hypothesis stable_start(const Laboratory& laboratory) {
  const sim::RunConfig config = descent_of(laboratory);
  const bool stable = laboratory.once<bool>("stable start " + sim::config_hash(config), [&] {
    const auto run = laboratory.run<double>(config, sim::QNorm::not_needed);
    const auto& frame = run.frame();
    const auto start = sim::Statistics<double>(frame, config.train).start();
    double unused = 0;
    return sim::Hessian(frame, config.train, config.parameters.d, start).below(2 / frame.scales.step, unused);
  });
  return {"the step is stable at the start: alpha lambda_max < 2", stable};
}

void too_long_a_step(Laboratory& laboratory) { laboratory.config.parameters.lr = theory::Decimal("1e6"); }

}  // namespace benign::proofs

#include "proofs_check/stability.hpp"

#include "sim/curvature.hpp"

namespace benign::proofs {

Hypothesis stable_start(const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  config.route = sim::RouteKind::coefficients;
  const sim::Run<double> run(config, sim::QNorm::not_needed);
  const auto curvature = sim::largest_curvature(run.route(), run.route().start());
  return {"the step is stable at the start: alpha lambda_max < 2", run.frame().scales.step * curvature.largest < 2};
}

void too_long_a_step(Laboratory& laboratory) { laboratory.config.parameters.lr = theory::Decimal("1e6"); }

}  // namespace benign::proofs

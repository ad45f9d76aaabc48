#include "proofs_check/stability.hpp"

#include "sim/curvature.hpp"
#include "sim/records.hpp"

namespace benign::proofs {

Hypothesis stable_start(const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  config.route = sim::RouteKind::coefficients;
  config.precision = Precision::binary64;
  const double sharpness = laboratory.once<double>("sharpness at the start " + sim::config_hash(config), [&] {
    const sim::Run<double> run(config, sim::QNorm::not_needed);
    return run.frame().scales.step * sim::largest_curvature(run.route(), run.route().start()).largest;
  });
  return {"the step is stable at the start: alpha lambda_max < 2", sharpness < 2};
}

void too_long_a_step(Laboratory& laboratory) { laboratory.config.parameters.lr = theory::Decimal("1e6"); }

}  // namespace benign::proofs

#include "proofs_check/framework/enlargement.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/residual.hpp"
#include "sim/runs/records.hpp"
#include "sim/runs/method.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace benign::proofs {

double enlargement(const Laboratory& laboratory, long steps) {
  sim::RunConfig config = laboratory.config;
  config.route = sim::RouteKind::coefficients;
  config.precision = Precision::binary64;
  config.flow = false;
  return laboratory.once<double>(format("enlargement %ld ", steps) + sim::config_hash(config), [&] {
    const double change = 0x1p-36;
    const auto run = laboratory.run<double>(config, sim::QNorm::not_needed);
    std::mt19937_64 bits(1);
    const auto logits_with = [&](double each) {
      Vector<double> state = sim::descend_to(run, 1);
      for (long k = 1; k < steps; ++k) {
        for (double& entry : state) entry *= bits() % 2 == 0 ? 1 + each : 1 - each;
        sim::Descent<double> descent(run.route(), run.frame().scales.step, std::move(state));
        descent.advance(1);
        state = std::move(descent.state());
      }
      return run.route().read(state).logits;
    };
    const Vector<double> logits = logits_with(0), difference = logits_with(change) - logits;
    const double walk = std::sqrt(static_cast<double>(steps)) * change;
    return std::max(1.0, largest_entry(difference) / largest_entry(logits) / walk);
  });
}

Hypothesis hardly_enlarged(const Laboratory& laboratory, long steps) {
  const double by = enlargement(laboratory, steps);
  return {format("the descent enlarges small changes of its steps by at most 1000 (%.3g)", by), by <= 1000};
}

}  // namespace benign::proofs

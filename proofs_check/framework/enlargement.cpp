#include "proofs_check/framework/enlargement.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/residual.hpp"
#include "sim/runs/records.hpp"
#include "sim/runs/method.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs {

double enlargement(const Laboratory& laboratory, long steps) {
  sim::RunConfig config = laboratory.config;
  config.route = sim::RouteKind::coefficients;
  config.precision = Precision::binary64;
  config.flow = false;
  return laboratory.once<double>(format("enlargement %ld ", steps) + sim::config_hash(config), [&] {
    const double change = 0x1p-20;
    const auto run = laboratory.run<double>(config, sim::QNorm::not_needed);
    const Vector<double> first = sim::descend_to(run, 1);
    Vector<double> changed = first;
    for (Index k = 0; k < changed.size(); ++k) changed[k] *= 1 + (k % 2 == 0 ? change : -change);
    const auto logits_from = [&](const Vector<double>& start) {
      sim::Descent<double> descent(run.route(), run.frame().scales.step, start);
      train(descent, steps - 1, [](long) {});
      return run.route().read(descent.state()).logits;
    };
    const Vector<double> logits = logits_from(first), difference = logits_from(changed) - logits;
    return std::max(1.0, largest_entry(difference) / largest_entry(logits) / change);
  });
}

Hypothesis hardly_enlarged(const Laboratory& laboratory, long steps) {
  const double by = enlargement(laboratory, steps);
  return {format("the descent enlarges a change of its first step by at most 1000 (%.3g)", by), by <= 1000};
}

}  // namespace benign::proofs

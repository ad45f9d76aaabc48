#include "proofs_check/framework/enlargement.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/residual.hpp"
#include "sim/runs/records.hpp"
#include "sim/runs/simulate.hpp"

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
    const sim::Run<double> run(config, sim::QNorm::not_needed);
    const double step = run.frame().scales.step;
    Vector<double> state = run.route().start();
    run.route().descend(state, step);
    Vector<double> other = state;
    for (Index k = 0; k < other.size(); ++k) other[k] *= 1 + (k % 2 == 0 ? change : -change);
    for (long k = 1; k < steps; ++k) run.route().descend(state, step), run.route().descend(other, step);
    const Vector<double> logits = run.route().read(state).logits;
    const Vector<double> difference = run.route().read(other).logits - logits;
    return std::max(1.0, largest_entry(difference) / largest_entry(logits) / change);
  });
}

Hypothesis hardly_enlarged(const Laboratory& laboratory, long steps) {
  const double by = enlargement(laboratory, steps);
  return {format("the descent enlarges a change of its first step by at most 1000 (%.3g)", by), by <= 1000};
}

}  // namespace benign::proofs

// Descent lemma (standard; see e.g. Nesterov, "Introductory Lectures on Convex Optimization", 1.2.3): while
// α < 2/λ_max(∇²L), a step of gradient descent lowers the loss. Along the whole run, then, L falls at every step.

#include "proofs_check/residual.hpp"
#include "sim/curvature.hpp"
#include "sim/simulate.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace benign::proofs::monotone_loss {

/// The margin of the claim that a series of losses falls at every step.
theory::Margin smallest_fall(const std::vector<double>& losses) {
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 1; k < losses.size(); ++k)
    if (const double fall = losses[k - 1] - losses[k]; !(fall >= smallest)) smallest = fall;
  return {smallest, 32 * unit_roundoff<double>() * losses.front()};  // two losses of at most that size, each rounded
}

Finding evaluate(const Laboratory& laboratory, double) {
  sim::RunConfig config = laboratory.config;
  config.route = sim::RouteKind::coefficients;
  const sim::Run<double> run(config, sim::QNorm::not_needed);
  const double step = run.frame().scales.step;
  const long steps = config.parameters.steps;

  std::vector<double> losses;
  double sharpest = 0;
  Vector<double> state = run.route().start();
  for (long k = 0; k <= steps; ++k) {
    if (k > 0) run.route().descend(state, step);
    losses.push_back(run.observe(state).train_loss);
    if (k % std::max(1L, steps / 10) == 0)
      note_worst(sharpest, step * sim::largest_curvature(run.route(), state).largest);
  }
  Finding finding;
  finding.hypotheses = {{"alpha lambda_max < 2 at eleven moments of the run", sharpest < 2}};
  finding.margin = smallest_fall(losses);
  finding.scale = losses.front();
  finding.observed = "smallest fall of the loss in a step";
  return finding;
}

const bool registered =
    register_check({.order = 430,
                    .id = "descent.monotone",
                    .statement = "the training loss falls at every step of descent",
                    .source = "[D] descent lemma",
                    .evaluate = evaluate,
                    .needs_signals = false,
                    .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.lr = theory::Decimal("500"); },
                    .fault =
                        [](const Laboratory&, double) {
                          return Finding{.margin = smallest_fall({0.7, 0.5, 0.500001, 0.4})};
                        }});

}  // namespace benign::proofs::monotone_loss

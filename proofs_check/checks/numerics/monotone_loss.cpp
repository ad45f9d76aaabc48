// Descent lemma (standard; see e.g. Nesterov, "Introductory Lectures on Convex Optimization", 1.2.3): while
// α < 2/λ_max(∇²L) on the line from a step to the next, the step lowers the loss. Along the whole run, then, L falls at
// every step.

#include "proofs_check/framework/residual.hpp"
#include "proofs_check/framework/stability.hpp"
#include "sim/runs/method.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace benign::proofs::monotone_loss {

/// The margin of the claim that a series of losses falls at every step.
theory::Margin smallest_fall(const std::vector<double>& losses, double error) {
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 1; k < losses.size(); ++k)
    if (const double fall = losses[k - 1] - losses[k]; !(fall >= smallest)) smallest = fall;
  return {smallest, error};
}

/// Of one loss, which moves by no more than an output does, and has roundings of its own.
double loss_error(const theory::Samples<double>& samples, double logit_error, double loss) {
  return sim::value_spreads(samples).maxCoeff() / 2 * logit_error + 16 * unit_roundoff<double>() * loss;
}

Finding evaluate(const Laboratory& laboratory, double) {
  sim::RunConfig config = laboratory.config;
  config.flow = false;
  config.route = sim::RouteKind::coefficients;
  config.precision = Precision::binary64;
  const auto run = laboratory.run<double>(config, sim::QNorm::not_needed);
  const auto& samples = run.frame().samples;
  std::vector<double> losses;
  auto descent = sim::descent(run);
  train(descent, config.parameters.steps, [&](long) {
    const Vector<double> logits = run.route().read(descent.state()).logits;
    losses.push_back(theory::loss(samples, theory::outputs(samples, theory::attention(samples, logits))));
  });
  const DescentSharpness along = sharpness(laboratory);
  Finding finding;
  finding.hypotheses = {{"alpha lambda_max < 2 at every step and on every line between steps", along.between() < 2}};
  const double largest = *std::max_element(losses.begin(), losses.end());
  finding.margin = smallest_fall(losses, 2 * loss_error(samples, laboratory.trajectory(config).logit_error(), largest));
  finding.scale = losses.front();
  finding.observed = format("smallest fall of the loss in a step; alpha lambda_max <= %.4g", along.between());
  return finding;
}

const bool registered =
    register_check({.order = 430,
                    .id = "descent.monotone",
                    .statement = "the training loss falls at every step of descent",
                    .source = "[D] descent lemma",
                    .derivation = "7.2",
                    .uses = {"descent.stability"},
                    .tex = R"(L(k + 1) < L(k) \quad\text{for every step } k)",
                    .error_kind = theory::ErrorKind::estimated,
                    .evaluate = evaluate,
                    .needs_signals = false,
                    .needs_curvature = true,
                    .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.lr = theory::Decimal("500"); },
                    .fault =
                        [](const Laboratory&, double) {
                          return Finding{.margin = smallest_fall({0.7, 0.5, 0.500001, 0.4}, 1e-12)};
                        }});

}  // namespace benign::proofs::monotone_loss

// Gradient descent with the configuration's step, against the gradient flow to the same time τ = α · steps.

#include "proofs_check/framework/residual.hpp"
#include "proofs_check/framework/stability.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/method.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs::descent {

Hypothesis descends(const Laboratory& laboratory) {
  return {"the run is a descent (no --flow)", !laboratory.config.flow};
}

/// The limit of 2 less what encloses the largest α λ_max over all steps.
Finding stability(const Laboratory& laboratory, double) {
  const DescentSharpness along = sharpness(laboratory);
  const double middle = (along.lower() + along.upper()) / 2;
  Finding finding;
  finding.hypotheses = {descends(laboratory)};
  finding.scale = 2;
  finding.margin = {2 - middle, (along.upper() - along.lower()) / 2};
  // A descent whose numbers overflow before it was seen to be unstable has steps that nobody looked at.
  if (!along.found.finite && along.lower() < 2) finding.margin.error = HUGE_VAL;
  finding.constant = middle / 2;
  finding.observed = format("largest alpha lambda_max over all steps in [%.4g, %.4g] (step %ld); %ld enclosures",
                            along.lower(), along.upper(), along.found.step, along.found.enclosures);
  return finding;
}

/// The flow at τ = α · steps and the largest error of its logits, against a run a thousand times looser.
template <class Real>
std::pair<Vector<Real>, double> flow_logits(const sim::Run<Real>& run) {
  const auto& config = run.config();
  const Real u = sim::u_of_s<Real>(run.frame().scales.step * Real(config.parameters.steps));
  const double tolerance = sim::default_tolerance<Real>();
  const Vector<Real> logits = run.route().read(sim::flow_to(run.route(), u, tolerance)).logits;
  const Vector<Real> loose = run.route().read(sim::flow_to(run.route(), u, 1000 * tolerance)).logits;
  return {logits, largest_entry<Real>(logits - loose)};
}

/// ‖ℓ_descent − ℓ_flow‖ at α, α/2, α/4: the ratio of neighbours tends to 1/2. The planted fault never halves the step.
Finding order_one(const Laboratory& laboratory, bool faulty) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    const auto run = laboratory.run<Real>(laboratory.config, sim::QNorm::not_needed);
    const auto [exact, flow_error] = flow_logits(run);
    double difference[3];
    for (long halvings = 0; halvings < 3; ++halvings) {
      const long parts = faulty ? 1 : 1L << halvings;
      const auto state = sim::descend_to<Real>(run.route(), run.frame().scales.step / Real(parts),
                                               laboratory.config.parameters.steps * parts);
      difference[halvings] = largest_entry<Real>(run.route().read(state).logits - exact);
    }
    const double coarse = difference[1] / difference[0], fine = difference[2] / difference[1];
    Finding finding;
    finding.hypotheses = {
        {"the step is well below the limit of stability: alpha lambda_max < 1/2", sharpness(laboratory).upper() < 0.5}};
    // The ratio is 1/2 + O(α), so its own error is about the distance between two of them.
    finding.scale = 0.1;
    finding.margin = {0.1 - std::abs(fine - 0.5), std::abs(fine - coarse) / 2 + 2 * flow_error / difference[2]};
    finding.observed = format("differences %.3g, %.3g, %.3g: ratios %.4f, %.4f", difference[0], difference[1],
                              difference[2], coarse, fine);
    return finding;
  });
}

/// Every training label is predicted alike. The margin is the smallest output of a sample on which the two agree, or
/// minus the largest on which they do not. The planted fault turns the flow's answers round.
Finding same_outcome(const Laboratory& laboratory, bool faulty) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    const auto run = laboratory.run<Real>(laboratory.config, sim::QNorm::not_needed);
    const auto& samples = run.frame().samples;
    const auto [exact, flow_error] = flow_logits(run);
    const auto outputs = [&](const Vector<Real>& logits) {
      return theory::outputs(samples, theory::attention(samples, logits));
    };
    const Vector<Real> by_flow = outputs(exact) * Real(faulty ? -1 : 1);
    const Vector<Real> by_descent =
        outputs(run.route().read(sim::descend_to(run, laboratory.config.parameters.steps)).logits);
    double smallest_agreeing = HUGE_VAL, largest_apart = 0;
    long apart = 0;
    for (Index i = 0; i < samples.n; ++i) {
      const double a = representative<Real>(by_flow[i]), b = representative<Real>(by_descent[i]);
      const double size = std::min(std::abs(a), std::abs(b));
      if (std::isnan(a) || std::isnan(b))
        smallest_agreeing = NAN;
      else if ((a > 0) == (b > 0))
        smallest_agreeing = std::min(smallest_agreeing, size);
      else
        ++apart, largest_apart = std::max(largest_apart, size);
    }
    Finding finding;
    // A NaN among the outputs leaves it undecided: std::min keeps its first argument.
    finding.margin.value = apart > 0 ? -largest_apart : smallest_agreeing;
    // A descent in more digits loses as many roundings, amplified as much.
    const auto& trajectory = laboratory.trajectory();
    const double spread = sim::value_spreads(trajectory.samples).maxCoeff() / 2;
    const double rounding = trajectory.logit_error() * unit_roundoff<Real>() / unit_roundoff<double>();
    finding.margin.error = spread * (flow_error + rounding);
    finding.scale = theory::head_scale<double>();
    finding.hypotheses = {descends(laboratory)};
    finding.observed = format(
        "%ld of %ld training samples are predicted otherwise; train accuracy %.3g by descent, %.3g by the flow", apart,
        static_cast<long>(samples.n), theory::accuracy(samples, by_descent), theory::accuracy(samples, by_flow));
    return finding;
  });
}

void take_the_flow(Laboratory& laboratory) { laboratory.config.flow = true; }

const bool registered =
    register_check(
        {.order = 400,
         .id = "descent.stability",
         .statement = "the step of descent is below the limit of stability: alpha lambda_max < 2 along the run",
         .source = "[D] standard",
         .derivation = "7.2",
         .tex = R"(\alpha\, \lambda_{\max}(\nabla^2 L) < 2 \quad\text{at every step})",
         .error_kind = theory::ErrorKind::bounded,
         .evaluate = stability,
         .needs_signals = false,
         .needs_curvature = true,
         .unmet = take_the_flow,
         .fault =
             [](const Laboratory& laboratory, double C) {
               Laboratory faulty = laboratory;  // a step a million times too long
               too_long_a_step(faulty);
               return stability(faulty, C);
             }}) &&
    register_check(
        {.order = 410,
         .id = "descent.order",
         .statement = "the difference between descent and flow halves with the step (ratio in 0.5 +- 0.1)",
         .source = "[D] section 3",
         .derivation = "2.4",
         .uses = {"descent.stability"},
         .tex =
             R"(\frac{\|\ell_{\text{descent}}^{\alpha/4} - \ell_{\text{flow}}\|}{\|\ell_{\text{descent}}^{\alpha/2} - \ell_{\text{flow}}\|} \in 0.5 \pm 0.1)",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double) { return order_one(laboratory, false); },
         .needs_signals = false,
         .needs_curvature = true,
         .unmet = too_long_a_step,
         .fault = [](const Laboratory& laboratory, double) { return order_one(laboratory, true); }}) &&
    register_check(
        {.order = 420,
         .id = "descent.outcome",
         .statement = "descent and flow predict the same training labels",
         .source = "[D] section 3",
         .derivation = "2.4",
         .uses = {"descent.order"},
         .tex =
             R"(\operatorname{sign} f_i^{\text{descent}} = \operatorname{sign} f_i^{\text{flow}} \quad\text{for all } i)",
         .error_kind = theory::ErrorKind::estimated,
         .remedy = Remedy::precision,
         .evaluate = [](const Laboratory& laboratory, double) { return same_outcome(laboratory, false); },
         .needs_signals = false,
         .unmet = take_the_flow,
         .fault = [](const Laboratory& laboratory, double) { return same_outcome(laboratory, true); }});

}  // namespace benign::proofs::descent

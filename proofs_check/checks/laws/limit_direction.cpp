// The limit direction of the flow: q = q* log s + q̃ + o(1), with q* from a quadratic programme whose KKT conditions are
// checked (sim/late/limit_direction.hpp), and which tokens it selects.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/late/limit_direction.hpp"
#include "sim/runs/records.hpp"
#include "theory/laws/late_time.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs::limit_direction {

using sim::LimitDirection;
using sim::Metric;

constexpr double latest = 60;  // log s

sim::RunConfig late_config(const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  config.precision = Precision::binary64;
  config.route = sim::RouteKind::coefficients;
  config.test_sample.reset();
  config.flow = true;
  config.log_s_max = theory::Decimal(format("%g", latest));
  config.parameters.steps = 60;
  return config;
}

/// The late flow's end with the q* of what it selects there.
struct Late {
  sim::Frame<double> frame;
  sim::Observation<double> end;
  double logit_error = 0;
  sim::Selected selected;
  Metric metric = Metric::K;
  std::optional<LimitDirection> limit;
};

Late make_late(const Laboratory& laboratory) {
  const sim::RunConfig config = late_config(laboratory);
  const sim::Trajectory& trajectory = laboratory.trajectory(config);
  Late late{laboratory.run<double>(config, sim::QNorm::not_needed).frame(),
            trajectory.moments.back(),
            trajectory.logit_error(),
            {},
            Metric::K,
            {}};
  late.selected = sim::largest_logits(late.frame.samples, late.end.readout.logits);
  if (config.parameters.init != theory::Init::identity) late.metric = Metric::H;
  late.limit = sim::limit_direction(late.frame, late.selected, late.metric);
  return late;
}

const Late& late_flow(const Laboratory& laboratory) {
  return laboratory.once<Late>("late " + sim::config_hash(late_config(laboratory)),
                               [&] { return make_late(laboratory); });
}

double largest_answer(const Late& late) {
  double most = 0;
  for (Index i = 0; i < late.end.outputs.size(); ++i)
    most = std::max(most, element(late.frame.samples.labels, i) * late.end.outputs[i]);
  return most;
}

std::vector<Hypothesis> late_hypotheses(const Laboratory& laboratory) {
  const Late& late = late_flow(laboratory);
  const double answer = largest_answer(late);
  return {zero_start(laboratory),
          fittable(laboratory.trajectory(late_config(laboratory))),
          {format("all training labels are fitted at log s = %g", latest), late.end.train_accuracy == 1},
          // A fitted sample pulls with s e^{−Y f}: with larger answers it has stopped before its tokens are sorted.
          {format("every sample still pulls at log s = %g: Y f <= %g (%.3g)", latest, latest / 2, answer),
           answer <= latest / 2},
          {"a direction q* selects what the flow does, known to 1e-6 by its KKT conditions",
           late.limit && late.limit->solution.residuals.distance <= 1e-6}};
}

/// ‖q − (log s + extra) q* − q̃‖ over ‖q̃‖. The planted fault reads every gap `fault` times what it is.
Finding direction(const Laboratory& laboratory, double C, double fault) {
  const Late& late = late_flow(laboratory);
  Finding finding;
  finding.hypotheses = late_hypotheses(laboratory);
  finding.margin.error = HUGE_VAL;
  if (!finding.hypotheses_met()) return finding;
  const LimitDirection& limit = *late.limit;
  const auto& solution = limit.solution;
  const double rate = sim::slowest_rate(late.frame, limit, late.metric), left = elementary::exp(-rate * latest);
  const bool W_trained = laboratory.config.train != sim::Train::p;
  const double Y = W_trained ? theory::training_of_W(laboratory.config.parameters, latest, solution.norm2) : 0;
  finding.hypotheses.push_back({"all constraints are active", solution.multipliers.minCoeff() > 0});
  finding.hypotheses.push_back(
      {format("the slowest gap has come near its place, s^-%.3g = %.2g <= 0.05", rate, left), left <= 0.05});
  finding.hypotheses.push_back({format("W0 = I, or W has hardly moved: Y = %.3g <= 0.1", Y),
                                laboratory.config.parameters.init == theory::Init::identity || Y <= 0.1});
  if (!finding.hypotheses_met()) return finding;
  const auto norm = [&](const Vector<double>& gaps) {
    return sim::norm_of_gaps(late.frame, late.selected, gaps, late.metric);
  };
  const Vector<double> gaps = fault * sim::selection_gaps(late.selected, late.frame.samples.T, late.end.readout.logits);
  const Vector<double> offsets = sim::gap_offsets(late.frame.samples, limit);
  const double scale = latest + theory::extra_gap(Y, latest), constant = norm(offsets);
  const double off = norm(gaps - scale * solution.gaps - offsets) / constant;
  const double gap_error = 2 * late.logit_error * std::sqrt(static_cast<double>(gaps.size()));
  // What is on its way, and what W's training leaves of the order of 1/log s.
  const double T = static_cast<double>(late.frame.samples.T), trained = 4 * Y * Y / (1 + 4 * Y * Y);
  const double width = left + T / latest * trained;
  finding.margin = {C * width - off,
                    (gap_error + scale * std::sqrt(solution.norm2) * solution.residuals.distance) / constant};
  finding.scale = C * width;
  finding.constant = off / width;
  finding.observed = format(
      "|q/log s - q*|/|q*| = %.4g at log s = %g, predicted %.4g; the rest %.3g of |q~|, s^-rate %.2g; KKT %.1e, %.1e, "
      "%.1e, q* to %.1e",
      norm(gaps / latest - solution.gaps) / std::sqrt(solution.norm2), latest,
      norm((scale / latest - 1) * solution.gaps + offsets / latest) / std::sqrt(solution.norm2), off, left,
      solution.residuals.primal, solution.residuals.dual, solution.residuals.complementarity,
      solution.residuals.distance);
  return finding;
}

/// The smallest Y(v_sel − v_u) over the active constraints of the flow's own selection. The planted fault has every
/// label the wrong way round.
Finding selection(const Laboratory& laboratory, bool fault) {
  const Late& late = late_flow(laboratory);
  Finding finding;
  finding.hypotheses = late_hypotheses(laboratory);
  finding.margin.error = HUGE_VAL;
  if (!finding.hypotheses_met()) return finding;
  auto samples = late.frame.samples;
  if (fault)
    for (int& label : samples.labels) label = -label;
  const auto least = sim::advantage(samples, *late.limit);
  // A choice within the error of the logits is none.
  const double gap =
      sim::selection_gaps(late.selected, samples.T, late.end.readout.logits).minCoeff() - 2 * late.logit_error;
  finding.margin = {least.local,
                    gap > 0 ? 4 * unit_roundoff<double>() * samples.values.lpNorm<Eigen::Infinity>() : HUGE_VAL};
  finding.scale = theory::head_scale<double>();
  long kinds[theory::token_kinds] = {};
  const std::vector<theory::Kind> kind_of = theory::kinds_of_tokens(samples.T);
  for (Index i = 0; i < samples.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (late.frame.noisy[at]) ++kinds[element(kind_of, late.selected[at])];
  }
  finding.observed = format("noisy samples select tokens 1, 2, 3, others: %ld, %ld, %ld, %ld; %s optimum", kinds[0],
                            kinds[1], kinds[2], kinds[3], least.global > 0 ? "the global" : "a local");
  if (const auto swap = sim::best_swap(late.frame, *late.limit, sim::Swapped::noisy, late.metric))
    finding.observed += format("; |q*|^2 changes by the factor %.6g if noisy sample %ld takes token %ld", swap->norm2,
                               static_cast<long>(swap->sample), static_cast<long>(swap->token + 1));
  return finding;
}

/// ρ‖μ‖ is large, n SNR² small, and ε smaller still.
void small_late(Laboratory& laboratory) {
  laboratory.config = {};
  auto& p = laboratory.config.parameters;
  p.n = 4, p.T = 3, p.d = 100'000'000;
  p.mu = theory::Decimal("500");
  p.init = theory::Init::identity;
  laboratory.config.data = sim::DataKind::gram;
}

const bool registered =
    register_check(
        {.order = 92,
         .id = "law.limit_direction",
         .statement = "q = q* log s + q~ at log s = 60, up to C |q~| (s^-rate + (T/log s) 4Y^2/(1 + 4Y^2))",
         .source = "[D] sim/late/limit_direction.hpp",
         .derivation = "5.18",
         .uses = {"law.fitting"},
         .tex =
             R"(\bigl\| q - q^* \log s - \tilde q \bigr\| \le C \|\tilde q\| \left( s^{-\text{rate}} + \frac T{\log s}\, \frac{4Y^2}{1 + 4Y^2} \right) \\ \text{at } \log s = 60)",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double C) { return direction(laboratory, C, 1); },
         .C = 1.5,
         .why_C = "observation: at most 1.12 in random settings, where W has been trained most",
         .met =
             [](Laboratory& laboratory) {  // W's training is what is left, and more than errors of logits
               laboratory.config = {};
               auto& p = laboratory.config.parameters;
               p.n = 4, p.T = 4, p.d = 20000, p.mu = theory::Decimal("5"), p.eta = theory::Decimal("0.5");
               p.init = theory::Init::identity;
             },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.d = 100; },
         .fault = [](const Laboratory& laboratory, double C) { return direction(laboratory, C, 0.9); }}) &&
    register_check(
        {.order = 93,
         .id = "law.selection",
         .statement = "at log s = 60 no fitted sample would gain by any active token: a local optimum",
         .source = "[D] sim/late/limit_direction.hpp",
         .derivation = "5.18",
         .uses = {"law.limit_direction"},
         .tex =
             R"(Y_i (v_{i,\mathrm{sel}} - v_{i,u}) > 0 \quad\text{for every active token } u \text{ of a fitted sample } i)",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double) { return selection(laboratory, false); },
         .met = small_late,
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.sigma_p = theory::Decimal("1"); },
         .fault = [](const Laboratory& laboratory, double) { return selection(laboratory, true); }});

}  // namespace benign::proofs::limit_direction

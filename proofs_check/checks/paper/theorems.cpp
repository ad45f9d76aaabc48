// The theorem's regimes as claims about one run: [P], [S] for the form, [D] for the constants and thresholds. Not
// overfitting is in not_overfitting.cpp.
//
// Benign, stage 1: all training labels are fitted before the test loss is half way to its floor, where the predicted
// delay is longer than a sample would take to be fitted alone (THEORY section 5.3).
//
// Benign, stage 2: by twice the predicted delay (theory::delay) the test loss has come nine tenths of the way that a
// gap of 2 log T predicts (THEORY section 5.7), and the test error is below 1/100.
//
// Harmful: all training labels are fitted at the end of the run, and the test error is above 1/20, where SNR, n, T, d
// and the run's length predict 1/10 or more; the C at which SNR < d^{−1/4}/C predicts 1/20 is reported
// (THEORY section 5.8).

#include "proofs_check/framework/alone.hpp"
#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/runs/parameter_table.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/error_law.hpp"
#include "theory/laws/limit_direction.hpp"
#include "theory/model/model.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs::theorems {

using sim::Trajectory;

constexpr double longest = 60;  // log s

/// The configuration's flow to twice the predicted delay, but at least to log s = 10, where all labels are fitted.
const Trajectory& long_flow(const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  const double log_s = std::clamp(2 * theory::delay(config.parameters), 10.0, longest);
  config.flow = true;
  config.log_s_max = theory::Decimal(format("%.2f", log_s));
  config.parameters.steps = 60;
  return laboratory.trajectory(config);
}

/// Those that need no flow.
std::vector<Hypothesis> assumed(const Laboratory& laboratory) {
  auto hypotheses = working_assumptions(laboratory);
  hypotheses.push_back(not_harmful(laboratory));
  hypotheses.push_back(overfits(laboratory));
  hypotheses.push_back(has_noisy_samples(laboratory));
  hypotheses.push_back(both_trained(laboratory));
  return hypotheses;
}

/// A vacuous finding where the setting is ruled out and large: a flow of a minute would tell no more than a margin that
/// does not count.
std::optional<Finding> not_worth_while(const Laboratory& laboratory) {
  Finding finding;
  finding.hypotheses = assumed(laboratory);
  finding.margin = {NAN, HUGE_VAL};
  finding.observed = "not run, with more than 200 tokens";
  if (finding.hypotheses_met() || laboratory.config.parameters.tokens() <= 200) return std::nullopt;
  return finding;
}

std::vector<Hypothesis> benign_hypotheses(const Laboratory& laboratory) {
  auto hypotheses = assumed(laboratory);
  hypotheses.push_back(fittable(long_flow(laboratory)));
  hypotheses.push_back(
      {"not all labels are right at the start", long_flow(laboratory).moments.front().train_accuracy < 1});
  return hypotheses;
}

double log_time(const std::optional<double>& event) { return event.value_or(HUGE_VAL); }

Finding fits_first(const Laboratory& laboratory, const sim::Events<double>& events, const Trajectory& trajectory) {
  Finding finding;
  finding.hypotheses = benign_hypotheses(laboratory);
  const auto& p = laboratory.config.parameters;
  const double alone = alone_log_s(trajectory.samples), delay = theory::delay_slope(p) / theory::n_snr2(p);
  finding.hypotheses.push_back(
      {format("the delay log T/(c* n SNR^2) = %.4g is above the log s = %.4g by which each label "
              "would be fitted alone",
              delay, alone),
       delay > alone});
  const double fit = log_time(events.fit), end = trajectory.moments.back().log_s;
  // What has not happened by the end happens later.
  const double half = std::min(log_time(events.half_loss), end);
  finding.margin = {fit < HUGE_VAL ? half - fit : -end, 0};
  // Besides, the half-way mark moves by the error of the integral over the slope of the loss there.
  finding.margin.error = trajectory.event_errors.fit.value_or(0) + trajectory.event_errors.half_loss.value_or(0);
  for (std::size_t k = 1; k < trajectory.moments.size(); ++k) {
    const auto &before = trajectory.moments[k - 1], &after = trajectory.moments[k];
    if (!events.half_loss || !(before.log_s <= half && half <= after.log_s)) continue;
    const sim::TestError first = trajectory.test(before), second = trajectory.test(after);
    const double slope = std::abs(second.loss - first.loss) / (after.log_s - before.log_s);
    finding.margin.error += std::max(first.loss_margin(), second.loss_margin()) / slope;
  }
  finding.observed = format("log s: labels fitted at %.4g, test loss half way at %.4g (predicted gap at %.4g)", fit,
                            log_time(events.half_loss), theory::delay(laboratory.config.parameters));
  return finding;
}

/// The share of its way that the loss of noiseless inputs has come at a gap of 2 log T.
double predicted_way(const theory::Parameters& p) {
  const double T = static_cast<double>(p.T), weak = 2 * elementary::pow(T, 2 * p.rho.as<double>());
  const auto loss = [](double s) { return elementary::log1p(elementary::exp(-theory::head_scale<double>() * s)); };
  return (loss(1 / T) - loss(T * T / (T * T + weak + T - 3))) / (loss(1 / T) - loss(1));
}

Finding generalises(const Laboratory& laboratory, const Trajectory& trajectory, const sim::TestError& last) {
  Finding finding;
  finding.hypotheses = benign_hypotheses(laboratory);
  const sim::TestError first = trajectory.test(trajectory.moments.front());
  const double start = first.loss, floor = theory::loss_floor<double>();
  const double way = (start - last.loss) / (start - floor), wrong = 1 - last.accuracy;
  // An error of the logits moves a loss by no more than itself, and a share of inputs by about as much.
  const double start_error = first.loss_margin(), logits = trajectory.logit_error();
  const double way_error = (last.loss_margin() + start_error + logits) / (start - floor);
  const double wrong_error = last.accuracy_margin() + logits;
  const double predicted = predicted_way(laboratory.config.parameters);
  // Both in units of what each leaves free.
  const theory::Margin loss{(way / predicted - 0.9) / 0.1, way_error / predicted / 0.1};
  const theory::Margin error{(0.01 - wrong) / 0.01, wrong_error / 0.01};
  finding.margin = loss.value < error.value ? loss : error;
  const auto& gap = trajectory.events.gap;
  finding.hypotheses.push_back({format("twice the predicted delay is at most log s = %g", longest),
                                2 * theory::delay(laboratory.config.parameters) <= longest});
  finding.observed = format("at log s = %.4g the loss has come %.4g of its way (predicted %.4g), test error %.3g",
                            trajectory.moments.back().log_s, way, predicted, wrong) +
                     (gap ? format("; gap at %.4g", *gap) : std::string("; gap not reached"));
  return finding;
}

/// The test error of q = q* log s, q* the expected limit direction.
double predicted_error(const theory::Parameters& p, double log_s) {
  if (p.d <= p.n * (p.T - 1)) return NAN;
  const auto q = theory::expected_limit_direction(p, theory::groups_by_value(p));
  const sim::PopulationTest test(p);
  return 1 - test({log_s * q.mu_plus_q, log_s * q.mu_minus_q, log_s * log_s * q.q_norm2}).accuracy;
}

/// The C for which that is 1/20 at SNR = d^{−1/4}/C.
double harmful_constant(theory::Parameters p, double log_s) {
  const double border = theory::borders(p).harmful * p.sigma.as<double>() * std::sqrt(static_cast<double>(p.d));
  double low = -7, high = 7;  // log C
  for (int halving = 0; halving < 12; ++halving) {
    const double middle = (low + high) / 2;
    p.mu = sim::decimal_of(border / elementary::exp(middle));
    (predicted_error(p, log_s) > 0.05 ? high : low) = middle;
  }
  return elementary::exp((low + high) / 2);
}

Finding harmful(const Laboratory& laboratory, const sim::Observation<double>& last, const sim::TestError& test) {
  const auto& p = laboratory.config.parameters;
  Finding finding;
  const double predicted = predicted_error(p, last.log_s);
  finding.hypotheses = {
      {"SNR below d^(-1/4)", slack_not_harmful(laboratory) < 1 / laboratory.constant("assumption.not_harmful", 1),
       "[P]"},
      {format("q = q* log s at the end has a test error of 1/10 or more (%.3g)", predicted), predicted >= 0.1},
      both_trained(laboratory)};
  const theory::Margin error{(1 - test.accuracy) - 0.05, test.accuracy_margin()};
  // Within the error of the logits, outputs near 0 leave it open whether a label is fitted.
  const double least_output = last.outputs.cwiseAbs().minCoeff(), logit_error = laboratory.trajectory().logit_error();
  finding.margin = last.train_accuracy == 1 ? error : theory::Margin{last.train_accuracy - 1, 0};
  if (!(least_output > logit_error)) finding.margin.error = HUGE_VAL;
  finding.hypotheses.push_back({"the run reaches log s = 5", last.log_s >= 5});
  finding.hypotheses.push_back(fittable(laboratory.trajectory()));
  finding.hypotheses.push_back(sound_run(laboratory));
  finding.scale = 0.05;
  if (finding.hypotheses_met()) finding.constant = harmful_constant(p, last.log_s);
  finding.observed = format("train accuracy %.3g, test error %.4g", last.train_accuracy, 1 - test.accuracy);
  return finding;
}

/// A small setting that meets the hypotheses with smaller constants.
void small_benign(Laboratory& laboratory) {
  laboratory.config = {};
  laboratory.config.parameters.d = 20000;
  laboratory.config.parameters.mu = theory::Decimal("30");
  laboratory.config.parameters.init = theory::Init::identity;
  laboratory.set_constant("assumption.A1", "0.5");
  laboratory.set_constant("assumption.A2", "0.8");
}

void too_short(Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("1"); }

const bool registered =
    register_check(
        {.order = 81,
         .id = "theorem.benign.stage1",
         .statement = "all training labels are fitted before the test loss is half way to its floor",
         .source = "[P], [S]; threshold [D]",
         .derivation = "5.3",
         .uses = {"assumption.A1", "assumption.A2", "assumption.not_harmful", "assumption.overfits", "lemma.inverse",
                  "gap.clean_below", "gap.noisy_below", "gap.noisy_selects", "law.fitting", "law.delay",
                  "law.limit_system"},
         .tex =
             R"(s_{\text{fit}} < s_{1/2}: \quad Y_i f_i > 0 \text{ for all } i \\ \text{before the test loss is half way to } \log(1 + e^{-\gamma}))",
         .error_kind = theory::ErrorKind::statistical,
         .evaluate =
             [](const Laboratory& laboratory, double) {
               if (const auto vacuous = not_worth_while(laboratory)) return *vacuous;
               const auto& flow = long_flow(laboratory);
               return fits_first(laboratory, flow.events, flow);
             },
         .met = small_benign,
         .unmet = too_short,
         .fault =
             [](const Laboratory& laboratory, double) {
               const auto& flow = long_flow(laboratory);
               auto events = flow.events;
               std::swap(events.fit, events.half_loss);
               return fits_first(laboratory, events, flow);
             }}) &&
    register_check(
        {.order = 82,
         .id = "theorem.benign.stage2",
         .statement =
             "by twice the predicted delay the test loss has come 9/10 of the way predicted; test error < 1/100",
         .source = "[P], [S]; time and thresholds [D]",
         .derivation = "5.7",
         .uses = {"assumption.A1", "assumption.A2", "assumption.not_harmful", "assumption.overfits", "lemma.inverse",
                  "gap.clean_below", "law.delay", "law.limit_system"},
         .tex =
             R"(\text{by } \log s = \frac{2 \log T}{c^* n\, \mathrm{SNR}^2}: \\ \text{test loss } \tfrac9{10} \text{ of its way, test error} < \tfrac1{100})",
         .error_kind = theory::ErrorKind::statistical,
         .evaluate =
             [](const Laboratory& laboratory, double) {
               if (const auto vacuous = not_worth_while(laboratory)) return *vacuous;
               const auto& flow = long_flow(laboratory);
               return generalises(laboratory, flow, flow.test(flow.moments.back()));
             },
         .met = small_benign,
         .unmet = too_short,
         .fault =
             [](const Laboratory& laboratory, double) {
               const auto& flow = long_flow(laboratory);  // the error of the untrained q at the end
               return generalises(laboratory, flow, flow.test(flow.moments.front()));
             }}) &&
    register_check(
        {.order = 83,
         .id = "theorem.harmful",
         .statement = "all training labels are fitted at the end of the run, and the test error is above 1/20",
         .source = "[P]; threshold [D]",
         .derivation = "5.8",
         .uses = {"law.limit_direction", "law.limit_strength"},
         .tex =
             R"(Y_i f_i > 0 \text{ for all } i \text{ at the end}, \quad \text{test error} > \tfrac1{20} \\ \text{where } \mathrm{SNR} < d^{-1/4})",
         .error_kind = theory::ErrorKind::statistical,
         .evaluate =
             [](const Laboratory& laboratory, double) {
               const auto& run = laboratory.trajectory();
               const auto& last = run.moments.back();
               return harmful(laboratory, last, run.test(last));
             },
         .why_C =
             "that of assumption.not_harmful is in its hypothesis; reported is the one with which the predicted test "
             "error is 1/20 at the border",
         .met =
             [](Laboratory& laboratory) {
               laboratory.config = {};
               laboratory.config.seed = 1;
               laboratory.config.parameters.mu = theory::Decimal("3");
             },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("20"); },
         .fault =
             [](const Laboratory& laboratory, double) {
               const auto& run = laboratory.trajectory();
               const auto& last = run.moments.back();
               sim::TestError right = run.test(last);
               right.accuracy = 1;
               return harmful(laboratory, last, right);
             }});

}  // namespace benign::proofs::theorems

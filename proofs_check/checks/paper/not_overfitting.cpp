// Not overfitting: there is a moment at which every sample, noisy ones too, puts more than half of its attention on the
// relevant token, while the test error is below 1/20 [S]; thresholds [D].
//
// The paper asks for SNR = ω(n^{−1/2}), which leaves a constant open, and for a time, which a run must reach. Both are
// read off the limit d → ∞ of the same run (sim/routes/limit.hpp): there all samples must come to select the relevant token.
// The C at which SNR > C n^{−1/2} makes them do so, in the limit flow with as many noisy samples, is reported. It is
// above the √x_c of theory/laws/rates.hpp, from which on noisy samples first turn to the relevant token: to turn is not yet
// to arrive. Where noisy samples outweigh clean ones there is no such C.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/runs/records.hpp"
#include "sim/runs/parameter_table.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs::not_overfitting {

using sim::Trajectory;

/// The smallest attention on a relevant token.
double least_attention(const Trajectory& trajectory, const sim::Observation<double>& moment) {
  const Vector<double> s = theory::attention(trajectory.samples, moment.readout.logits);
  double least = 1;
  for (Index i = 0; i < trajectory.samples.n; ++i) least = std::min(least, s[i * trajectory.samples.T]);
  return least;
}

/// The largest that it becomes.
double best_attention(const Trajectory& trajectory) {
  double best = 0;
  for (const auto& moment : trajectory.moments) best = std::max(best, least_attention(trajectory, moment));
  return best;
}

/// The same run in the limit d → ∞ at n SNR² = x: with the step or the horizon in units of τ₀.
sim::RunConfig in_the_limit(sim::RunConfig config, double x) {
  const double step = theory::scales<double>(config.parameters).step, end = sim::horizon<double>(config);
  config.route = sim::RouteKind::limit;
  config.data = sim::DataKind::gram;
  config.train = sim::Train::W_and_p;
  config.test_sample.reset();
  auto& p = config.parameters;
  p.init = theory::Init::identity, p.sigma_w.reset();
  p.sigma = theory::Decimal("1"), p.sigma_p = theory::Decimal("0"), p.mu = theory::Decimal("1e6");
  p.d = std::lround(static_cast<double>(p.n) * 1e12 / x);
  p.lr = sim::decimal_of(step), p.lr_unit = theory::LrUnit::tau0;
  if (config.flow) config.log_s_max = sim::decimal_of(elementary::log(elementary::expm1(end)));
  return config;
}

/// √x for the smallest n SNR² = x down to which, from the setting's own on, all samples come to select the relevant
/// token in the limit flow by log s = 10; infinite where that flow does not at the setting's own, and only large steps
/// do.
double border_constant(const Laboratory& laboratory) {
  sim::RunConfig flow = laboratory.config;
  flow.flow = true;
  flow.log_s_max = theory::Decimal("10");
  flow.parameters.steps = 100;
  const auto select = [&](double x) { return best_attention(sim::record_trajectory(in_the_limit(flow, x))) > 0.5; };
  double high = theory::n_snr2(flow.parameters), low = high / 1e6;
  if (!select(high)) return HUGE_VAL;
  while (high / low > 1.01) {
    const double middle = std::sqrt(low * high);
    (select(middle) ? high : low) = middle;
  }
  return std::sqrt(high);
}

constexpr double clearly = 0.6;  // attention that the limit has to reach, where the claim is 1/2

Finding all_select(const Laboratory& laboratory, const Trajectory& trajectory) {
  const auto& p = laboratory.config.parameters;
  Finding finding;
  // Of A1 the half that does not say SNR < n^(-1/2).
  finding.hypotheses = {
      {"A1: d > C n^2 log^2(Tn/delta)",
       theory::slack_A1_dimension(p, laboratory.delta) > laboratory.constant("assumption.A1", 1), "[A]"},
      {"A2", slack_A2(laboratory) > laboratory.constant("assumption.A2", 1), "[A]"},
      has_noisy_samples(laboratory),
      clean_outweigh(laboratory),
      zero_start(laboratory),
      both_trained(laboratory),
      sound_run(laboratory)};
  if (finding.hypotheses_met()) {
    const auto config = in_the_limit(laboratory.config, theory::n_snr2(p));
    const double limit = laboratory.once<double>("selection in the limit " + sim::config_hash(config),
                                                 [&] { return best_attention(sim::record_trajectory(config)); });
    finding.hypotheses.push_back({format("in the limit d -> infinity of the same run all samples come to %.2g on the "
                                         "relevant token (%.3g)",
                                         clearly, limit),
                                  limit >= clearly});
  }
  double best = -HUGE_VAL, error = 0, from = NAN, to = NAN;
  for (const auto& moment : trajectory.moments) {
    const double select = least_attention(trajectory, moment) - 0.5;
    if (select <= std::min(best, 0.0)) continue;  // whatever its test error is
    const sim::TestError test = trajectory.test(moment);
    const double margin = std::min(select, 0.05 - (1 - test.accuracy));
    if (margin > best) best = margin, error = moment.logit_error + test.accuracy_margin();
    if (margin > 0) {
      if (std::isnan(from)) from = moment.log_s;
      to = moment.log_s;
    }
  }
  finding.margin = {best, error};
  finding.scale = 0.5;
  finding.observed = best > 0 ? format("seen from log s = %.3g to %.3g", from, to) : std::string("never seen");
  finding.observed += format("; train accuracy at the end %.3g", trajectory.moments.back().train_accuracy);
  if (finding.hypotheses_met()) {
    finding.constant = border_constant(laboratory);
    finding.observed += format("; SNR = %.3g n^(-1/2)", 1 / slack_overfits(laboratory));
  }
  return finding;
}

const bool registered = register_check(
    {.order = 80,
     .id = "theorem.not_overfitting",
     .statement = "at some moment all samples, noisy ones too, select the relevant token; test error < 1/20 (C: of the "
                  "border C n^(-1/2))",
     .source = "[P], [S] form; hypothesis and thresholds [D]",
     .derivation = "5.2",
     .uses = {"assumption.A1", "assumption.A2", "law.first_direction", "law.limit_system"},
     .tex =
         R"(\exists\, s:\ s_{i,1} > \tfrac12 \text{ for all } i,\ \text{test error} < \tfrac1{20} \\ \text{where } \mathrm{SNR} > C\, n^{-1/2})",
     .error_kind = theory::ErrorKind::statistical,
     .evaluate = [](const Laboratory& laboratory, double) { return all_select(laboratory, laboratory.trajectory()); },
     .met =
         [](Laboratory& laboratory) {
           laboratory.config = {};
           laboratory.config.parameters.d = 1000;
           laboratory.config.parameters.mu = theory::Decimal("100");
           laboratory.set_constant("assumption.A1", "0.02");
         },
     .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("5"); },
     .fault =
         [](const Laboratory& laboratory, double) {
           Trajectory negated = laboratory.trajectory();
           for (auto& moment : negated.moments) moment.readout.logits *= -1;
           return all_select(laboratory, negated);
         }});

}  // namespace benign::proofs::not_overfitting

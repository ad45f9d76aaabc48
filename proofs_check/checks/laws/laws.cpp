// Laws of training with explicit constants (THEORY section 5, theory/laws/rates.hpp).

#include "proofs_check/framework/alone.hpp"
#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/student.hpp"
#include "theory/laws/rates.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <cmath>
#include <tbb/parallel_for.h>

namespace benign::proofs::laws {

/// The mean over noisy samples of dΛ/ds at the start, in one draw.
double first_noisy_rate(const Laboratory& laboratory, std::uint64_t seed) {
  sim::RunConfig config = laboratory.config;
  config.route = sim::RouteKind::coefficients;
  config.seed = seed;
  const sim::Run<double> run(config, sim::QNorm::not_needed);
  const auto& frame = run.frame();
  const Index T = config.parameters.T;
  const Vector<double> zero = Vector<double>::Zero(frame.tokens());
  // At p₀ = 0 the logits are Ĥâ with dâ/ds = −ĝ, and uniform attention weighs the other tokens alike.
  const Vector<double> rates = -frame.H.topRows(frame.tokens()) * theory::gradient(frame.samples, zero);
  double sum = 0, count = 0;
  for (Index i = 0; i < frame.samples.n; ++i) {
    if (!element(frame.noisy, i)) continue;
    const auto of_sample = rates.segment(i * T, T);
    sum += of_sample[0] - (of_sample.sum() - of_sample[0]) / static_cast<double>(T - 1);
    ++count;
  }
  return sum / count;
}

/// The planted fault turns every rate round.
Finding first_direction(const Laboratory& laboratory, double sign) {
  const auto& p = laboratory.config.parameters;
  Finding finding;
  finding.hypotheses = leading_order(laboratory);
  finding.hypotheses.push_back(has_noisy_samples(laboratory));
  // x_c itself is known to leading order.
  finding.hypotheses.push_back(
      {"n SNR^2 is a tenth or more away from x_c", std::abs(theory::n_snr2(p) / theory::turning_point(p) - 1) >= 0.1});
  finding.margin.error = HUGE_VAL;
  if (!finding.hypotheses_met()) return finding;
  std::vector<double> rates(static_cast<std::size_t>(laboratory.seeds));
  tbb::parallel_for(0L, laboratory.seeds, [&](long k) {
    element(rates, k) = sign * first_noisy_rate(laboratory, laboratory.config.seed + static_cast<std::uint64_t>(k));
  });
  const Mean mean = mean_of(rates);
  const double predicted = theory::first_rates(p).gap_noisy;
  finding.margin = {std::copysign(1.0, predicted) * mean.value, mean.half_width};
  finding.scale = std::abs(predicted);
  finding.observed = format("predicted %.4g, mean %.4g +- %.2g; n SNR^2 = %.4g, turning point %.4g", predicted,
                            mean.value, mean.half_width, theory::n_snr2(p), theory::turning_point(p));
  return finding;
}

/// The flow fits all training labels by C times the s in which each sample would alone. The planted fault fits them
/// later.
Finding fitting(const Laboratory& laboratory, double C, double later) {
  Finding finding;
  finding.hypotheses = {below_turning_point(laboratory),
                        {"10 n T <= d", 10 * laboratory.config.parameters.tokens() <= laboratory.config.parameters.d},
                        zero_start(laboratory),
                        has_noisy_samples(laboratory),
                        {"p is trained", laboratory.config.train != sim::Train::W}};
  finding.margin.error = HUGE_VAL;
  if (!finding.hypotheses_met()) return finding;
  sim::RunConfig config = laboratory.config;
  config.flow = true;
  const double alone = alone_log_s(laboratory.run<double>(config, sim::QNorm::not_needed).frame().samples);
  finding.hypotheses.push_back({"every sample would be fitted alone by log s = 30", alone <= 30});
  if (!finding.hypotheses_met()) return finding;
  config.log_s_max = theory::Decimal(format("%.2f", std::max(alone, 0.0) + 5));
  config.parameters.steps = 60;
  const auto& trajectory = laboratory.trajectory(config);
  // An event that is true from the start has no time.
  finding.hypotheses.push_back(
      {"not all labels are right at the start", trajectory.moments.front().train_accuracy < 1});
  const double fit = trajectory.events.fit.value_or(HUGE_VAL) + later;
  finding.hypotheses.push_back(fittable(trajectory));
  const double latest = alone + elementary::log(C);
  // What is not fitted by the end is fitted later.
  finding.margin = {latest - std::min(fit, trajectory.moments.back().log_s), trajectory.event_errors.fit.value_or(0)};
  if (std::isfinite(fit)) finding.constant = elementary::exp(fit - alone);
  finding.observed = format("log s = %.4g, alone %.4g", fit, alone);
  return finding;
}

const bool registered =
    register_check(
        {.order = 90,
         .id = "law.first_direction",
         .statement = "noisy samples first turn to the relevant token if n SNR^2 > x_c, else away (mean rate)",
         .source = "[D] theory/laws/rates.hpp",
         .derivation = "5.11",
         .uses = {"update.signal", "update.noise_noisy"},
         .tex =
             R"(\operatorname{sign} \overline{\frac{d\Lambda_i}{ds}}\Big|_{s=0,\ i \text{ noisy}} = \operatorname{sign}(n\,\mathrm{SNR}^2 - x_c), \\ x_c = \frac{n\, w_n T}{\bigl(1 - \frac{2\rho}{T-1}\bigr)(T - 1 - 2\rho)(N_c w_c - N_n w_n)})",
         .error_kind = theory::ErrorKind::statistical,
         .remedy = Remedy::seeds,
         .expenses =
             [](const Laboratory& laboratory) {
               return std::vector<Expense>{{laboratory.config, false}};
             },
         .evaluate = [](const Laboratory& laboratory, double) { return first_direction(laboratory, 1); },
         .met =
             [](Laboratory& laboratory) {
               laboratory.config = {};
               laboratory.config.parameters.mu = theory::Decimal("9");
               laboratory.seeds = 5;
             },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.eta = theory::Decimal("0"); },
         .fault = [](const Laboratory& laboratory, double) { return first_direction(laboratory, -1); }}) &&
    register_check({.order = 91,
                    .id = "law.fitting",
                    .statement = "the flow fits all training labels by C times the s in which each sample would alone",
                    .source = "[D] theory/laws/lone_sample.hpp",
                    .derivation = "5.3",
                    .uses = {"event.norms", "event.noise_products", "event.initial_weights", "law.first_direction"},
                    .tex = R"(s_{\text{fit}} \le C \max_i s_{\text{alone}}(i))",
                    .error_kind = theory::ErrorKind::estimated,
                    .evaluate = [](const Laboratory& laboratory, double C) { return fitting(laboratory, C, 0); },
                    .C = 3,
                    .why_C = "observation: at most 1.8 in random settings; n SNR^2 near x_c slows flipped samples",
                    .met =
                        [](Laboratory& laboratory) {
                          laboratory.config = {};
                          laboratory.config.parameters.mu = theory::Decimal("9");
                          laboratory.config.parameters.n = 10;
                        },
                    .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("100"); },
                    .fault = [](const Laboratory& laboratory, double C) { return fitting(laboratory, C, 5); }});

}  // namespace benign::proofs::laws

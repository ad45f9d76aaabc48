// A trained head memorises flipped labels at a time of the order of τ₀ (THEORY section 5.26), where under a fixed head that
// takes as long as attention needs to turn.

#include "proofs_check/framework/hypotheses.hpp"
#include "theory/laws/trained_head.hpp"

namespace benign::proofs::head_memorisation {

constexpr double horizon = 4;  // log s of the flow that is looked at
constexpr double quiet = 0.1;  // the deviation of an output's noise over γ/T, at most

Finding evaluate(const Laboratory& laboratory, double C, double later) {
  sim::RunConfig config = laboratory.config;
  config.flow = true, config.log_s_max = theory::Decimal("4"), config.parameters.steps = 1;
  const auto& p = config.parameters;
  const double law = theory::head_memorisation_time(p), border = theory::head_border(p);
  const double noise =
      p.sigma.as<double>() * std::sqrt(static_cast<double>(p.T)) / (theory::head_scale<double>() * p.mu.as<double>());
  Finding finding;
  finding.hypotheses = {
      zero_start(laboratory),
      roomy(laboratory),
      has_noisy_samples(laboratory),
      both_trained(laboratory),
      below_turning_point(laboratory),
      clean_outweigh(laboratory),
      {format("noise of an output <= %g of gamma/T (it is %.3g)", quiet, noise), noise <= quiet},
      {format("n SNR^2 <= half of the border (that is at %.4g)", border), 2 * theory::n_snr2(p) <= border}};
  if (!finding.hypotheses_met()) {
    finding.margin = {std::nan(""), 0};
    return finding;
  }
  const auto& run = laboratory.trajectory(config);
  const double log_s = run.events.memorised.value_or(horizon) + later;
  const double ratio = elementary::exp(log_s) / law, factor = std::max(ratio, 1 / ratio);
  finding.margin = {C - factor, factor * run.event_errors.memorised.value_or(0) + 1e-9};
  finding.scale = C;
  finding.constant = factor;
  finding.observed = format("memorised at s = %.4g, law %.4g", elementary::exp(log_s), law);
  return finding;
}

const bool registered = register_check(
    {.order = 980,
     .id = "trained_head.law.memorised",
     .model = "trained-head",
     .statement = "all flipped labels are memorised at an s within a factor C of the law's",
     .source = "[D]",
     .derivation = "5.26",
     .tex =
         R"(s_{\text{memorised}} = \frac{\gamma\kappa}{w_n - \frac{\mathrm{SNR}^2}{T}(N_c w_c - N_n w_n)} \quad\text{up to a factor } C)",
     .error_kind = theory::ErrorKind::estimated,
     .evaluate = [](const Laboratory& laboratory, double C) { return evaluate(laboratory, C, 0); },
     .C = 2,
     .why_C =
         "for attention that moves meanwhile and an output's noise: 1.2 is needed at large T, 1.87 at T = 4 by a hunt",
     .met =
         [](Laboratory& laboratory) {
           auto& p = laboratory.config.parameters;
           p.n = 10, p.T = 8, p.d = 100'000'000, p.mu = theory::Decimal("1500");
           p.init = theory::Init::gaussian;
           laboratory.config.data = sim::DataKind::gram;
         },
     .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.sigma_p = theory::Decimal("1"); },
     .fault = [](const Laboratory& laboratory, double C) { return evaluate(laboratory, C, 1); }});

}  // namespace benign::proofs::head_memorisation

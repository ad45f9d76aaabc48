// What the first updates put into q along the signals and along each sample's noise, against the rates that the data
// predict (theory/laws/rates.hpp), while attention is not far from uniform: the flow up to half the predicted time at which
// clean samples' attention on the relevant token reaches 1/2.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/framework/within_factor.hpp"
#include "theory/laws/rates.hpp"
#include "theory/numbers/element.hpp"

namespace benign::proofs::updates {

using sim::Observation;
using sim::Trajectory;

const Trajectory& early(const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  const auto& p = config.parameters;
  const double tau = theory::scales<double>(p).tau0 * theory::half_attention_time(p) / 2;
  config.flow = true;
  config.log_s_max.reset();
  config.tau_max = theory::Decimal(format("%.3e", tau));
  config.parameters.steps = 20;
  return laboratory.trajectory(config);
}

/// ε_{i,1}·q = (x_{i,1} − μ_{Y*})·q.
double along_noise(const Trajectory& trajectory, const Observation<double>& moment, Index i) {
  const double signal = element(trajectory.true_label, i) > 0 ? moment.readout.mu_plus_q : moment.readout.mu_minus_q;
  return moment.readout.logits[i * trajectory.samples.T] - signal;
}

/// Every μ±·q, or the mean ε_{i,1}·q of the clean or of the noisy samples, over its predicted rate times s.
enum class Part { signal, noise_clean, noise_noisy };

Finding update(const Laboratory& laboratory, double C, Part part, double fault) {
  const auto& p = laboratory.config.parameters;
  Finding finding;
  std::vector<Hypothesis> hypotheses = leading_order(laboratory);
  if (part == Part::noise_noisy) hypotheses.push_back(has_noisy_samples(laboratory));
  if (part == Part::signal) {
    // As attention grows clean samples pull more and noisy ones less: what is left of nearly equal pulls is another
    // number soon.
    hypotheses.push_back({"noisy samples pull half as much as clean ones, or less", outweighed_by(p) <= 0.55});
    hypotheses.push_back(
        {format("the rate's noise is an eighth of it, or less (%.2g)", signal_noise(p)), signal_noise(p) <= 0.125});
  }
  finding.hypotheses = hypotheses;
  finding.margin.error = HUGE_VAL;
  const bool nothing = part == Part::noise_noisy && theory::noise_count(p) == 0;
  if (nothing || !(theory::first_rates(p).signal > 0)) return finding;  // or no rate to compare with

  const Trajectory& trajectory = early(laboratory);
  const auto rates = theory::first_rates(p);
  WithinFactor ratios;
  for (const auto& moment : trajectory.moments) {
    const double s = trajectory.s(moment);
    if (s == 0) continue;
    if (part == Part::signal) {
      for (const double mu_q : {moment.readout.mu_plus_q, moment.readout.mu_minus_q})
        ratios.look(fault * mu_q / (rates.signal * s), moment.logit_error / (rates.signal * s));
      continue;
    }
    const bool noisy = part == Part::noise_noisy;
    double sum = 0, count = 0;
    for (Index i = 0; i < p.n; ++i)
      if (trajectory.noisy(i) == noisy) sum += along_noise(trajectory, moment, i), ++count;
    const double predicted = (noisy ? rates.noise_noisy : rates.noise_clean) * s;
    ratios.look(fault * sum / count / predicted, 2 * moment.logit_error / std::abs(predicted));
  }
  const char* names[] = {"mu.q", "mean e_1.q of clean samples", "mean e_1.q of noisy samples"};
  finding = ratios.finding(C, WithinFactor::Side::both, names[static_cast<int>(part)]);
  finding.hypotheses = hypotheses;
  return finding;
}

Check update_check(int order, std::string id, std::string statement, Part part, double C, std::string why_C) {
  return {.order = order,
          .id = std::move(id),
          .statement = std::move(statement),
          .source = "[D] theory/laws/rates.hpp",
          .error_kind = theory::ErrorKind::estimated,
          .evaluate = [part](const Laboratory& laboratory, double C) { return update(laboratory, C, part, 1); },
          .C = C,
          .why_C = std::move(why_C),
          .met =
              [](Laboratory& laboratory) {
                laboratory.config = {};
                laboratory.config.parameters.mu = theory::Decimal("12");
              },
          .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.eta = theory::Decimal("0.5"); },
          .fault = [part](const Laboratory& laboratory, double C) { return update(laboratory, C, part, -1); }};
}

const bool registered =
    register_check(argued(
        update_check(60, "update.signal", "mu+-.q grows at its predicted rate, within a factor C", Part::signal, 2.5,
                     "observation: at most 2.1 in random settings, as pulls become unequal by half the "
                     "time that is looked at"),
        "5.11", {"event.norms", "event.noise_products", "event.signal_products", "event.initial_weights"},
        R"(\frac1C \le \frac{\mu_\pm \cdot q(s)}{\mathrm{SNR}^2 A'\, s} \le C, \\ A' = (N_c w_c - N_n w_n)\, \gamma\, \frac{T - 1 - 2\rho}{T^2})")) &&
    register_check(argued(
        update_check(61, "update.noise_clean",
                     "clean samples: q grows along the noise of token 1 at its predicted rate, within C",
                     Part::noise_clean, 2, "observation: at most 1.44 in random settings, as attention leaves 1/T"),
        "5.11", {"event.norms", "event.noise_products", "event.signal_products", "event.initial_weights"},
        R"(\frac1C \le \frac{\overline{\varepsilon_{i,1}\cdot q(s)}}{w_c\, \gamma (T-1) s/T^2} \le C \quad\text{(mean over clean } i))")) &&
    register_check(argued(
        update_check(
            62, "update.noise_noisy",
            "noisy samples: q falls along the noise of token 1 at its predicted rate, within C", Part::noise_noisy, 2.5,
            "observation: at most 1.5 in random settings, as attention leaves 1/T; 2.6 at n SNR^2 = 300 by a hunt"),
        "5.11", {"event.norms", "event.noise_products", "event.signal_products", "event.initial_weights"},
        R"(\frac1C \le \frac{-\overline{\varepsilon_{i,1}\cdot q(s)}}{w_n\, \gamma (T-1) s/T^2} \le C \quad\text{(mean over noisy } i))"));

}  // namespace benign::proofs::updates

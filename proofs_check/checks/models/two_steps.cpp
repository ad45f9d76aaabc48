// Two steps of gradient descent of single-head attention (THEORY section 5.24).
//
// law       the values and logits after two steps are those of theory/laws/two_steps.hpp, up to C noise units
// benign    where by the law flipped labels are fitted and a test input looks at its signal, they are, and the test error
//           is at most e^{−d/(Cn)}: "benign overfitting after two steps" (Magen et al., arXiv 2410.07746)
// harmful   at SNR below C(nd)^{−1/4} all labels are fitted, and the test error is above 1/4

#include "proofs_check/checks/models/single_head.hpp"

#include "proofs_check/framework/residual.hpp"
#include "theory/numbers/element.hpp"

namespace benign::proofs::two_steps {

constexpr double largest_step = 16;  // α/τ₀, beyond which an output's noise moves the second step's weights
constexpr double law_constant = 6;   // THEORY section 5.24

double step_of(const Laboratory& laboratory) { return theory::scales<double>(laboratory.config.parameters).step; }

Hypothesis moderate_step(const Laboratory& laboratory) {
  return {format("alpha/tau0 <= %g", largest_step), step_of(laboratory) <= largest_step};
}

/// The largest distance from the law, in the sizes that the numbers have at the first step.
double distance_from_law(const Laboratory& laboratory, long steps) {
  const auto run = closed_run(laboratory);
  const auto seen = read_after(run, steps);
  const auto& p = run.config().parameters;
  const double a = step_of(laboratory), c = theory::n_snr2(p), value = a / 4, logit = a * a / 16 * (1 + c / 2);
  double worst = 0;
  for (const int label : {1, -1}) {
    const theory::TwoSteps law = theory::two_steps(p, label);
    const double V = label * (label > 0 ? seen.head->mu_plus : seen.head->mu_minus);
    const double M = label > 0 ? seen.mu_plus_q : seen.mu_minus_q;
    note_worst(worst, std::abs(V - law.signal_value) / (value * c));
    note_worst(worst, std::abs(M - law.signal_logit) / (logit * c / 2));
    for (Index i = 0; i < p.n; ++i) {
      if (element(run.instance().train.true_label, i) != label) continue;
      const bool flipped = element(run.frame().noisy, i);
      const double Y = element(run.frame().samples.labels, i);
      const double U = Y * seen.head->values[2 * i + 1], P = seen.logits[2 * i + 1];
      note_worst(worst, std::abs(U - (flipped ? law.flipped_value : law.clean_value)) / value);
      note_worst(worst, std::abs(P - (flipped ? law.flipped_logit : law.clean_logit)) / logit);
    }
  }
  return worst;
}

Finding law_holds(const Laboratory& laboratory, double C, long steps) {
  Finding finding = residual_below(distance_from_law(laboratory, steps),
                                   theory::noise_unit(laboratory.config.parameters, laboratory.delta), C,
                                   "distance from the law of two steps");
  finding.margin.error = 1e-9 * finding.scale;
  finding.hypotheses = {moderate_step(laboratory), small_noise(laboratory, 1)};
  return finding;
}

Hypothesis fits_by_law(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  const double fit = std::min(theory::two_steps(p, 1).fit, theory::two_steps(p, -1).fit);
  return {format("by the law P + log U >= M + log V + 1/2 of flipped samples (it is %.3g)", fit), fit >= 0.5};
}

Hypothesis looks_at_signals(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  return {"by the law mu.p >= 0 in both classes",
          theory::two_steps(p, 1).signal_logit >= 0 && theory::two_steps(p, -1).signal_logit >= 0, "[S]"};
}

/// log(1/error) ≥ d/(Cn), with all labels right.
Finding benign(const Laboratory& laboratory, double C, double sign) {
  const auto run = closed_run(laboratory);
  auto seen = read_after(run, 2);
  seen.mu_plus_q *= sign, seen.mu_minus_q *= sign;
  const auto& p = run.config().parameters;
  const double fit = least_margin(run, seen), room = static_cast<double>(p.d) / static_cast<double>(p.n);
  const sim::TestError test = test_of(run, seen);
  const double rare = -elementary::log(std::max(test.wrong, 1e-300)), bound = room / C;
  Finding finding;
  finding.hypotheses = {fits_by_law(laboratory),
                        looks_at_signals(laboratory),
                        moderate_step(laboratory),
                        small_noise(laboratory, 0.25),
                        {format("d/(C n) <= 650, so that a double tells the bound (it is %.3g)", bound), bound <= 650}};
  if (test.wrong > 1e-300) finding.constant = room / rare;
  finding.margin = {std::min(fit > 0 ? HUGE_VAL : -1, rare / bound - 1), 1e-6};
  finding.observed = format("smallest Yf %.3g, test error %.3g", fit, test.wrong);
  return finding;
}

Finding harmful(const Laboratory& laboratory, double C, double louder) {
  Laboratory used = laboratory;
  auto& p = used.config.parameters;
  const double n = static_cast<double>(p.n), d = static_cast<double>(p.d);
  const double border = 1 / std::sqrt(std::sqrt(n * d)), snr = theory::snr(p);
  p.mu = sim::decimal_of(louder * p.mu.as<double>());
  const auto run = closed_run(used);
  const auto seen = read_after(run, 2);
  const sim::TestError test = test_of(run, seen);
  const double fit = least_margin(run, seen);
  Finding finding;
  finding.hypotheses = {{format("SNR <= C/(nd)^0.25 (it is %.3g of that for C = 1)", snr / border), snr <= C * border},
                        moderate_step(laboratory),
                        small_noise(laboratory, 0.25)};
  finding.scale = 0.25;
  finding.margin = {std::min(fit > 0 ? HUGE_VAL : -0.25, test.wrong - 0.25), test.accuracy_error + 1e-9};
  finding.observed = format("smallest Yf %.3g, test error %.4g", fit, test.wrong);
  return finding;
}

const bool registered =
    register_check(
        {.order = 1000,
         .id = "single_head.law.two_steps",
         .model = single_head_model,
         .statement = "values and logits after two steps are those of the law, up to C sqrt(n/d) sqrt(2 log(4n/delta))",
         .source = "[D]",
         .derivation = "5.24",
         .tex =
             R"(|V - V_{\text{law}}|, |U - U_{\text{law}}|, |M - M_{\text{law}}|, |P - P_{\text{law}}| \le C \sqrt{\tfrac nd}\sqrt{2\log\tfrac{4n}\delta})",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double C) { return law_holds(laboratory, C, 2); },
         .C = law_constant,
         .why_C = "4 for what noise moves in the second step, 2 for what it moves in its weights",
         .met = [](Laboratory& laboratory) { set_strength(laboratory, 40, 40000, 5, 3); },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.lr = theory::Decimal("20"); },
         .fault = [](const Laboratory& laboratory, double C) { return law_holds(laboratory, C, 3); }}) &&
    register_check({.order = 1010,
                    .id = "single_head.two_steps.benign",
                    .model = single_head_model,
                    .statement = "after two steps all labels are fitted, and the test error is at most exp(-d/(C n))",
                    .source = "[S] Magen et al., arXiv 2410.07746; hypotheses and constants [D]",
                    .derivation = "5.24",
                    .uses = {"single_head.law.two_steps"},
                    .tex = R"(Y_i f(X_i) > 0 \;\forall i, \quad P(Yf < 0) \le e^{-d/(Cn)})",
                    .error_kind = theory::ErrorKind::bounded,
                    .evaluate = [](const Laboratory& laboratory, double C) { return benign(laboratory, C, 1); },
                    .C = 16.0,
                    .why_C = "three times the 72/(c kappa)^2 of equal attention where c is 4 and kappa 0.9",
                    .met =
                        [](Laboratory& laboratory) {
                          set_strength(laboratory, 40, 40'000, 5, 3);
                          laboratory.config.parameters.eta = theory::Decimal("0.05");
                        },
                    .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.eta = theory::Decimal("0.3"); },
                    .fault = [](const Laboratory& laboratory, double C) { return benign(laboratory, C, -100); }}) &&
    register_check(
        {.order = 1020,
         .id = "single_head.two_steps.harmful",
         .model = single_head_model,
         .statement = "for SNR <= C (nd)^(-1/4) two steps fit all labels, and the test error is above 1/4",
         .source = "[D]",
         .derivation = "5.24",
         .uses = {"single_head.law.two_steps"},
         .tex =
             R"(\mathrm{SNR} \le C (nd)^{-1/4} \;\Rightarrow\; Y_i f(X_i) > 0 \;\forall i, \quad P(Yf < 0) > \tfrac14)",
         .error_kind = theory::ErrorKind::bounded,
         .evaluate = [](const Laboratory& laboratory, double C) { return harmful(laboratory, C, 1); },
         .C = 1.0,
         .why_C = "the error is then above 0.3; 1.16/sqrt(1 - 2 eta) is where it is 1/4",
         .met = [](Laboratory& laboratory) { set_strength(laboratory, 40, 40000, 0.02, 3); },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("100"); },
         .fault = [](const Laboratory& laboratory, double C) { return harmful(laboratory, C, 3); }});

}  // namespace benign::proofs::two_steps

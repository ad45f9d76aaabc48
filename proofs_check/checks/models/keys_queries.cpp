// Theorems 4.1 and 4.2 of J. Jiang et al., arXiv 2409.19345, as they are stated there: the training loss falls to ε at
// T = Θ(α⁻¹ε⁻¹‖μ‖⁻²‖w_O‖⁻²) and the test loss to o(1) where n SNR² = Ω(1); at T = Θ(nα⁻¹ε⁻¹σ⁻²d⁻¹‖w_O‖⁻²) it falls to ε
// while the test loss stays Θ(1) where n⁻¹SNR⁻² = Ω(1). Their constants, and what holds at even attention and where
// attention has selected, are THEORY section 5.27. Time is that of the gradient flow, which short steps follow.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/framework/residual.hpp"
#include "sim/models/model.hpp"
#include "sim/runs/parameter_table.hpp"
#include "sim/runs/records.hpp"
#include "theory/laws/keys_queries.hpp"

namespace benign::proofs::keys_queries {

constexpr double epsilon = theory::fitted_loss;

/// The flow where its training loss has fallen to ε.
struct Fit {
  bool reached = false;
  double s = 0;
  sim::TestError test = {};
  double unevenness = 0;  ///< the largest |Mā − 1| of a training token
  double on_signals = 0;  ///< the least ā of a training sample's signal
};

Fit fit_of(const sim::Run<double>& run) {
  const auto& p = run.config().parameters;
  const auto& samples = run.frame().samples;
  const double last = elementary::log1p(10 * theory::fit_time(p, theory::even_rate(p), epsilon));
  const auto loss = [&](const Vector<double>& state) {
    return theory::loss(samples, sim::outputs_of(samples, run.route().read(state)));
  };
  auto flow = sim::make_flow(run.route(), sim::default_tolerance<double>());
  do {
    if (flow.to() > last) return {};
    flow.step();
  } while (loss(flow.at(flow.to())) > epsilon);
  double low = flow.from(), high = flow.to();
  while (high - low > 1e-6 * high) {
    const double middle = (low + high) / 2;
    (loss(flow.at(middle)) > epsilon ? low : high) = middle;
  }
  const Vector<double> state = flow.at(high);
  const Vector<double> attention = theory::attention(samples, run.route().read(state).logits);
  const double M = static_cast<double>(p.T);
  Fit found{true, elementary::expm1(high), run.test(state).value()};
  found.unevenness = (M * attention.array() - 1).abs().maxCoeff();
  found.on_signals = 1;
  for (Index i = 0; i < p.n; ++i) found.on_signals = std::min(found.on_signals, attention[i * p.T]);
  return found;
}

const Fit& fit(const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  config.flow = false, config.precision = Precision::binary64, config.route = sim::RouteKind::coefficients;
  return laboratory.once<Fit>("keys and queries fitted " + sim::draw_hash(config),
                              [&] { return fit_of(laboratory.run<double>(config)); });
}

std::string observed(const Fit& seen) {
  if (!seen.reached) return "the training loss does not fall to 0.01 in ten times the time of even attention";
  return format("L_S = 0.01 at s = %.4g, L_D = %.4g, test error %.3g", seen.s, seen.test.loss, seen.test.wrong);
}

/// A finding that says which hypotheses are met, before any run.
Finding under(std::vector<Hypothesis> hypotheses) {
  Finding finding;
  finding.hypotheses = std::move(hypotheses);
  finding.margin = {std::nan(""), 0};
  return finding;
}

Hypothesis border(const theory::Parameters& p, double C, bool above) {
  const double ratio = theory::n_snr2(p) / theory::even_border(p);
  return {format(above ? "n SNR^2 >= C (52 M - 4) (it is %.3g times that)"
                       : "n SNR^2 <= (52 M - 4)/C (it is %.3g times 52 M - 4)",
                 ratio),
          above ? ratio >= C : ratio * C <= 1, "[S]"};
}

/// A query's and a key's inner product has the deviation ‖x‖‖x'‖σ_h²√d_h: for the longest tokens, μ± or the loud ones.
Hypothesis small_start(const theory::Parameters& p) {
  const double mu = p.mu.as<double>(), loud = 25 * static_cast<double>(p.T) * theory::scales<double>(p).token_norm2;
  const double sigma_h = theory::sigma_h<double>(p);
  const double deviation = std::max(mu * mu, loud) * sigma_h * sigma_h * std::sqrt(static_cast<double>(p.d_h));
  return {format("logits at the start have deviations of at most 1/2 (it is %.3g)", deviation), deviation <= 0.5,
          "[S]"};
}

/// An output at the start has the deviation σ_V‖w_O‖ times the length of its tokens' mean, of which the loud one is the most.
Hypothesis small_outputs(const theory::Parameters& p) {
  const double M = static_cast<double>(p.T), loud = std::sqrt(25 * M * theory::scales<double>(p).token_norm2);
  const double deviation = p.sigma_v.as<double>() * p.w_o.as<double>() * std::max(p.mu.as<double>(), loud) / M;
  return {format("outputs at the start have deviations of at most 1/10 (it is %.3g)", deviation), deviation <= 0.1,
          "[S]"};
}

/// The loss falls to ε by s = `most`, and the test loss is then on its side of `level`.
Finding outcome(const Laboratory& laboratory, Finding finding, double most, double level, bool below) {
  if (!finding.hypotheses_met()) return finding;
  const Fit& seen = fit(laboratory);
  finding.scale = level;
  finding.observed = observed(seen);
  const double in_time = seen.reached ? 1 - seen.s / most : -1;
  const double side = below ? level - seen.test.loss : seen.test.loss - level;
  finding.margin = {std::min(level * in_time, side), seen.test.loss_margin() + 1e-5 * level};
  return finding;
}

/// At least C/(1 + C) of the share at selected attention, times `factor`.
Finding benign(const Laboratory& laboratory, double C, double factor) {
  const auto& p = laboratory.config.parameters;
  const double M = static_cast<double>(p.T), w = p.w_o.as<double>();
  const double share = factor * C / (1 + C) * theory::selected_share(p);
  return outcome(laboratory, under({border(p, C, true), small_start(p), small_outputs(p), roomy(laboratory)}),
                 2.2 * M * M / (epsilon * theory::n_snr2(p) * w * w), theory::loss_of_share(share, epsilon), true);
}

/// At most the share at even attention of n SNR² = (52M − 4)/C, times `factor`.
Finding harmful(const Laboratory& laboratory, double C, double factor) {
  const auto& p = laboratory.config.parameters;
  const double M = static_cast<double>(p.T), w = p.w_o.as<double>(), share = factor / (1 + C);
  return outcome(laboratory, under({border(p, C, false), small_start(p), small_outputs(p), roomy(laboratory)}),
                 0.044 * M / (epsilon * w * w), theory::loss_of_share(share, epsilon), false);
}

/// A law of the moment of the fit, by how many per cent it is off, where `also` holds of what was seen.
Finding law(const Laboratory& laboratory, double C, double share, const std::function<double(const Fit&)>& off_in_time,
            const std::function<Hypothesis(const Fit&)>& also) {
  const auto& p = laboratory.config.parameters;
  const double room = static_cast<double>(p.d) / static_cast<double>(p.tokens());
  Finding finding = under({{"v = 0 at the start", p.sigma_v.exact() == 0},
                           {format("n T <= d/1000 (it is d/%.3g)", room), room >= 1000},
                           small_start(p)});
  if (!finding.hypotheses_met()) return finding;
  const Fit& seen = fit(laboratory);
  const double loss = theory::loss_of_share(share, epsilon), off = std::abs(seen.test.loss / loss - 1);
  auto hypotheses = std::move(finding.hypotheses);
  hypotheses.push_back(also(seen));
  finding = residual_below(100 * std::max(off, off_in_time(seen)), 1, C,
                           observed(seen) + format("; by the law L_D = %.4g: per cent off", loss));
  finding.margin.error = 100 * seen.test.loss_margin() / loss + 1e-3;
  finding.hypotheses = std::move(hypotheses);
  return finding;
}

Finding even(const Laboratory& laboratory, double C, double factor) {
  const auto& p = laboratory.config.parameters;
  const double time = theory::fit_time(p, theory::even_rate(p), epsilon);
  return law(
      laboratory, C, theory::even_share(p), [=](const Fit& seen) { return std::abs(factor * seen.s / time - 1); },
      [](const Fit& seen) {
        return Hypothesis{format("attention is even to 5 per cent (it is to %.3g)", 100 * seen.unevenness),
                          seen.reached && seen.unevenness <= 0.05};
      });
}

Finding selected(const Laboratory& laboratory, double C, double factor) {
  const auto& p = laboratory.config.parameters;
  Finding finding = law(
      laboratory, C, factor * theory::selected_share(p), [](const Fit&) { return 0.0; },
      [](const Fit& seen) {
        return Hypothesis{format("every training sample attends to its signal by 0.99 (it is %.4g)", seen.on_signals),
                          seen.reached && seen.on_signals >= 0.99};
      });
  finding.hypotheses.push_back(
      {"d_h >= 100 n T, so that new queries are across the old ones", p.d_h >= 100 * p.tokens()});
  return finding;
}

/// A setting with n SNR² = C times 52M − 4.
void set_ratio(Laboratory& laboratory, double ratio) {
  auto& p = laboratory.config.parameters;
  p.n = 10, p.T = 4, p.d = 1'000'000, p.d_h = 64;
  p.mu =
      sim::decimal_of(std::sqrt(ratio * theory::even_border(p) * static_cast<double>(p.d) / static_cast<double>(p.n)));
  laboratory.config.data = sim::DataKind::gram;
}

constexpr const char* source = "[S] Jiang et al., arXiv 2409.19345; constants [D]";

const bool registered =
    register_check(
        {.order = 1070,
         .id = "keys_queries.law.even_attention",
         .model = sim::keys_queries_name,
         .statement =
             "while attention is even, the time to L_S = 0.01 and the test loss then are the law's, up to C per cent",
         .source = "[D]",
         .derivation = "5.27",
         .tex =
             R"(s = \frac{e^m + m - 1}{\|w_O\|^2 g},\quad L_D = \log(1 + e^{-m x/(1 + x)}),\quad x = \frac{n\,\mathrm{SNR}^2}{52M - 4})",
         .error_kind = theory::ErrorKind::statistical,
         .evaluate = [](const Laboratory& laboratory, double C) { return even(laboratory, C, 1); },
         .C = 10.0,
         .why_C = "attention that moves by 5 per cent moves both by as much, and so do cross products of noise",
         .met =
             [](Laboratory& laboratory) {
               set_ratio(laboratory, 1);
               laboratory.config.parameters.w_o = theory::Decimal("30");
             },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.sigma_v = theory::Decimal("1"); },
         .fault = [](const Laboratory& laboratory, double C) { return even(laboratory, C, 2); }}) &&
    register_check(
        {.order = 1075,
         .id = "keys_queries.law.selected_attention",
         .model = sim::keys_queries_name,
         .statement =
             "where training samples attend to their signals alone, the test loss at L_S = 0.01 is the law's, up to "
             "C per cent, whatever n SNR^2 is",
         .source = "[D]",
         .derivation = "5.27",
         .tex = R"(L_D = \log\bigl(1 + (e^{\varepsilon} - 1)^{(2M - 1)/M^2}\bigr))",
         .error_kind = theory::ErrorKind::statistical,
         .evaluate = [](const Laboratory& laboratory, double C) { return selected(laboratory, C, 1); },
         .C = 10.0,
         .why_C = "attention of 0.99, and the logits of new queries, of deviation 1/10 at the start",
         .met =
             [](Laboratory& laboratory) {
               set_ratio(laboratory, 20);
               auto& p = laboratory.config.parameters;
               p.d_h = 1'000'000, p.w_o = theory::Decimal("0.1");
             },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.d_h = 64; },
         .fault = [](const Laboratory& laboratory, double C) { return selected(laboratory, C, 2); }}) &&
    register_check(
        {.order = 1080,
         .id = "keys_queries.theorem.benign",
         .model = sim::keys_queries_name,
         .statement =
             "for n SNR^2 >= C (52 M - 4) the training loss falls to eps = 0.01 in tau = 2.2 M^2/(eps |mu|^2 |w_O|^2), "
             "and the test loss is then at most log(1 + (e^eps - 1)^(C (2 M - 1)/((1 + C) M^2)))",
         .source = source,
         .derivation = "5.27",
         .uses = {"keys_queries.law.even_attention", "keys_queries.law.selected_attention"},
         .tex =
             R"(n\,\mathrm{SNR}^2 \ge C(52M - 4) \;\Rightarrow\; T\alpha \le \frac{2.2\,M^2}{\varepsilon\|\mu\|^2\|w_O\|^2},\; L_S = \varepsilon,\; L_D \le \log\bigl(1 + (e^\varepsilon - 1)^{\frac{C}{1 + C}\frac{2M - 1}{M^2}}\bigr))",
         .error_kind = theory::ErrorKind::statistical,
         .evaluate = [](const Laboratory& laboratory, double C) { return benign(laboratory, C, 1); },
         .C = 1.5,
         .why_C =
             "the signal's share of a margin is then C/(1 + C) at even attention, and (2M - 1)/M^2 of it is left for a "
             "test input where attention selects",
         .met = [](Laboratory& laboratory) { set_ratio(laboratory, 3); },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("1"); },
         .fault = [](const Laboratory& laboratory, double C) { return benign(laboratory, C, 10); }}) &&
    register_check(
        {.order = 1090,
         .id = "keys_queries.theorem.harmful",
         .model = sim::keys_queries_name,
         .statement =
             "for n SNR^2 <= (52 M - 4)/C the training loss falls to eps = 0.01 in tau = 0.044 M n/(eps sigma^2 d "
             "|w_O|^2), and the test loss is then at least log(1 + (e^eps - 1)^(1/(1 + C)))",
         .source = source,
         .derivation = "5.27",
         .uses = {"keys_queries.law.even_attention"},
         .tex =
             R"(n\,\mathrm{SNR}^2 \le \tfrac{52M - 4}{C} \;\Rightarrow\; T\alpha \le \frac{0.044\,Mn}{\varepsilon\sigma^2 d\|w_O\|^2},\; L_S = \varepsilon,\; L_D \ge \log\bigl(1 + (e^\varepsilon - 1)^{\frac1{1 + C}}\bigr))",
         .error_kind = theory::ErrorKind::statistical,
         .evaluate = [](const Laboratory& laboratory, double C) { return harmful(laboratory, C, 1); },
         .C = 1.5,
         .why_C = "1/(1 + C) is the signal's share of a margin at even attention, and attention on noise takes of it",
         .met = [](Laboratory& laboratory) { set_ratio(laboratory, 0.1); },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("1e9"); },
         .fault = [](const Laboratory& laboratory, double C) { return harmful(laboratory, C, -1); }});

}  // namespace benign::proofs::keys_queries

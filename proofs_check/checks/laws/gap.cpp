// The growth of gaps along the run: with Λ the effective gap of a sample's relevant token, g_{T−1}(Λ) grows at a rate
// between constants times the one that the data predict at the start (theory/laws/rates.hpp, theory/lemmas/growth.hpp).
//
// The paper has "Θ(τ)" where C stands here [S]; the predicted rate and its constants are ours [D].

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/framework/within_factor.hpp"
#include "theory/lemmas/growth.hpp"
#include "theory/laws/rates.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

namespace benign::proofs::gap {

using sim::Trajectory;
using Side = WithinFactor::Side;

/// (g(Λ_i(s)) − g(Λ_i(0))) / (c s) over all moments and all clean, or noisy, samples. The planted fault makes every
/// logit `fault` times what it is.
WithinFactor growth_ratios(const Trajectory& trajectory, bool noisy, double fault) {
  const auto& p = trajectory.config.parameters;
  const auto rates = theory::first_rates(p);
  const double c = noisy ? rates.c_noisy : rates.c_clean;
  const auto gap = [&](const sim::Observation<double>& moment, Index i) {
    const Vector<double> logits = fault * moment.readout.logits.segment(i * p.T, p.T);
    return theory::effective_gap(logits.data(), p.T);
  };
  WithinFactor ratios;
  for (const auto& moment : trajectory.moments) {
    const double s = trajectory.s(moment);
    if (s == 0) continue;
    for (Index i = 0; i < p.n; ++i) {
      if (trajectory.noisy(i) != noisy) continue;
      const double now = gap(moment, i), start = gap(trajectory.moments.front(), i);
      const double grown = theory::growth(now, p.T - 1) - theory::growth(start, p.T - 1);
      // An error of two logits moves Λ by at most their sum, and g by its slope there.
      const double error = 2 * moment.logit_error * theory::growth_slope(now, p.T - 1);
      ratios.look(grown / (c * s), error / std::abs(c * s));
    }
  }
  return ratios;
}

/// The products of d dimensions differ from those of infinitely many by √(nT/d), and late logits by that times 1 + log s
/// (THEORY section 5.5): g, the exponential of a logit, runs ahead of c s by as large a power.
Hypothesis close_to_the_limit(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  const double log_s = laboratory.trajectory().moments.back().log_s;
  const double z = std::sqrt(static_cast<double>(p.tokens()) / static_cast<double>(p.d)) * (1 + log_s);
  return {format("close to d -> infinity: z <= 1.75, z = sqrt(nT/d)(1 + log s) = %.3g at the end", z), z <= 1.75};
}

/// A clean sample's relevant token gains on the others by its larger answer; noise of the answers, of size γσ/‖μ‖, may give
/// another token one as large.
Hypothesis clear_answers(const Trajectory& trajectory) {
  const Index T = trajectory.samples.T;
  double least = HUGE_VAL;
  for (Index i = 0; i < trajectory.samples.n; ++i) {
    if (trajectory.noisy(i)) continue;
    const auto values = trajectory.samples.values.segment(i * T, T);
    const int Y = element(trajectory.samples.labels, i);
    for (Index t = 1; t < T; ++t) least = std::min(least, Y * (values[0] - values[t]));
  }
  least /= theory::head_scale<double>();
  return {format("clean samples' relevant tokens answer better than all others by 3/20 of their answer (%.2g)", least),
          least >= 0.15};
}

Finding growth(const Laboratory& laboratory, double C, bool noisy, Side side, double fault) {
  Finding finding = growth_ratios(laboratory.trajectory(), noisy, fault).finding(C, side, "growth of g(Lambda)");
  finding.hypotheses = leading_order(laboratory);
  finding.hypotheses.push_back(sound_run(laboratory));
  finding.hypotheses.push_back(below_turning_point(laboratory));
  finding.hypotheses.push_back({"log s <= 12 at the end", laboratory.trajectory().moments.back().log_s <= 12});
  if (side == Side::above) finding.hypotheses.push_back(close_to_the_limit(laboratory));
  if (!noisy) finding.hypotheses.push_back(clear_answers(laboratory.trajectory()));
  if (noisy) {
    finding.hypotheses.push_back(has_noisy_samples(laboratory));
    finding.hypotheses.push_back(overfits(laboratory));
  }
  return finding;
}

Check growth_check(int order, std::string id, std::string statement, bool noisy, Side side, double C, double fault,
                   std::string why_C) {
  return {
      .order = order,
      .id = std::move(id),
      .statement = std::move(statement),
      .source = "[S] form; [D] rate and constant",
      .error_kind = theory::ErrorKind::estimated,
      .evaluate = [=](const Laboratory& laboratory, double at_C) { return growth(laboratory, at_C, noisy, side, 1); },
      .C = C,
      .why_C = std::move(why_C),
      .met =
          [](Laboratory& laboratory) {
            laboratory.config = {};
            laboratory.config.parameters.mu = theory::Decimal("9");
          },
      .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("100"); },
      .fault = [=](const Laboratory& laboratory, double at_C) { return growth(laboratory, at_C, noisy, side, fault); }};
}

/// Once its label is fitted and it selects a token u, with attention above 1/3, that token answers with its label,
/// Y v_u > 0. (A label may be fitted earlier, by many tokens together.) Its smallest gap to another token,
/// Γ_{i,t} = (x_u − x_t)·q, is told. The planted fault reads every logit with the opposite sign.
Finding noisy_selection(const Laboratory& laboratory, double fault) {
  const Trajectory& trajectory = laboratory.trajectory();
  const auto& p = trajectory.config.parameters;
  const auto& last = trajectory.moments.back();
  double smallest_value = HUGE_VAL, smallest_gap = HUGE_VAL, least_attention = 1;
  long own = 0, weak = 0, count = 0;
  bool fitted = true;
  for (Index i = 0; i < p.n; ++i) {
    if (!trajectory.noisy(i)) continue;
    const int Y = element(trajectory.samples.labels, i);
    fitted = fitted && Y * last.outputs[i] > 0;
    const Vector<double> of_run = last.readout.logits.segment(i * p.T, p.T), logits = fault * of_run;
    const double highest = of_run.maxCoeff();
    Index u = 0;
    logits.maxCoeff(&u);
    double gap = HUGE_VAL, all = 0;
    for (Index t = 0; t < p.T; ++t) {
      if (t != u) gap = std::min(gap, logits[u] - logits[t]);
      all += elementary::exp(of_run[t] - highest);
    }
    smallest_gap = std::min(smallest_gap, gap);
    least_attention = std::min(least_attention, 1 / all);
    smallest_value = std::min(smallest_value, Y * trajectory.samples.values[i * p.T + u]);
    ++count;
    own += u == 0;
    weak += u == 2;
  }
  Finding finding;
  finding.hypotheses = {{"there are noisy samples, and all are fitted at the end of the run", count > 0 && fitted},
                        {format("every noisy sample selects a token: attention above 1/3 (%.2g)", least_attention),
                         least_attention > 1.0 / 3},
                        sound_run(laboratory)};
  // Within the error of the logits the choice itself is uncertain.
  finding.margin = {smallest_value, smallest_gap > 2 * trajectory.logit_error() ? unit_roundoff<double>() : HUGE_VAL};
  finding.scale = theory::head_scale<double>();
  finding.observed = format("%ld of %ld select token 3, %ld token 1; least Y v_u %.3g, least Gamma %.3g", weak, count,
                            own, smallest_value, smallest_gap);
  return finding;
}

const bool registered =
    register_check(argued(
        growth_check(50, "gap.clean_below", "clean samples: g(L(s)) - g(L(0)) >= c s / C, c predicted at the start",
                     false, Side::below, 3, -1,
                     "observation: at most 2.0 in random settings, 1.4 from |mu| = 20 sigma; 6.4 at n = 6, d = 10 n T "
                     "by a hunt"),
        "5.11", {"lemma.growth", "lemma.loss_derivative", "update.signal", "update.noise_clean"},
        R"(g_{T-1}(\Lambda_i(s)) - g_{T-1}(\Lambda_i(0)) \ge \frac{c\,s}C \quad\text{for clean } i)")) &&
    register_check(
        argued(growth_check(
                   51, "gap.clean_above", "clean samples: g(L(s)) - g(L(0)) <= C c s, c predicted at the start", false,
                   Side::above, 4, 6,
                   "observation: at most 2.9 in random settings, 2 from |mu| = 20 sigma; 5.7 at d = 10 n T by a hunt"),
               "5.11", {"lemma.growth", "lemma.loss_derivative", "update.signal", "update.noise_clean"},
               R"(g_{T-1}(\Lambda_i(s)) - g_{T-1}(\Lambda_i(0)) \le C\,c\,s \quad\text{for clean } i)")) &&
    register_check(argued(
        growth_check(52, "gap.noisy_below", "noisy samples leave the relevant token: g(L(0)) - g(L(s)) >= |c| s / C",
                     true, Side::below, 3, -1,
                     "observation: at most 1.8 in random settings; 6.1 at d = 11 n T, n SNR^2 = 0.9 by a hunt"),
        "5.11",
        {"assumption.overfits", "lemma.growth", "lemma.loss_derivative", "update.signal", "update.noise_noisy",
         "law.first_direction"},
        R"(g_{T-1}(\Lambda_i(0)) - g_{T-1}(\Lambda_i(s)) \ge \frac{|c|\,s}C \quad\text{for noisy } i)")) &&
    register_check(
        {.order = 53,
         .id = "gap.noisy_selects",
         .statement = "every fitted noisy sample that selects a token u, with attention above 1/3, has Y v_u > 0",
         .source = "[S]; [D] reading",
         .derivation = "2.1",
         .uses = {"gap.noisy_below"},
         .tex =
             R"(Y_i\, v_{i,u} > 0 \quad\text{for every fitted noisy } i \text{ and its selected token } u, \\ \Gamma_{i,t} = (x_u - x_t)\cdot q > 0)",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double) { return noisy_selection(laboratory, 1); },
         .met =
             [](Laboratory& laboratory) {
               laboratory.config = {};
               laboratory.config.parameters.mu = theory::Decimal("9");
             },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.eta = theory::Decimal("0"); },
         .fault = [](const Laboratory& laboratory, double) { return noisy_selection(laboratory, -1); }});

}  // namespace benign::proofs::gap

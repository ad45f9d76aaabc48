// The solution of the largest margin of single-head attention (THEORY section 5.25). For ‖p‖ → ∞ each sample selects one
// token, and the head is the shortest v with Yv·x_sel ≥ 1: two quadratic programmes, one for v and one for p. Either all
// samples select their noise, or clean ones their signal; which head is shorter decides.
//
// border    the n SNR² at which both are equally long is 2/(1 − η), up to C noise units
// benign    above it the head of signals is shorter, and the test error of its pair is below 1/20
// harmful   below it the head of noise is shorter, and the test error of its pair is above 1/4

#include "proofs_check/checks/models/single_head.hpp"

#include "proofs_check/framework/residual.hpp"
#include "sim/late/hard_margin.hpp"
#include "theory/numbers/element.hpp"

#include <stdexcept>

namespace benign::proofs::max_margin {

constexpr double hard = 60;  // the least gap of two logits of p: attention is then on one token

enum class Selects { signals, noise };

/// Which token a sample selects: 0 its signal, 1 its noise.
Index selected(const sim::Frame<double>& frame, Index i, Selects selects) {
  return selects == Selects::signals && !element(frame.noisy, i) ? 0 : 1;
}

/// The shortest vector Σ_k λ_k r_k with r_k·(it) ≥ 1, r = AS in the span of the tokens: λA, and its length in units of
/// 1/(σ√d).
struct Shortest {
  Vector<double> coefficients;
  double norm2;
};
Shortest shortest(const sim::Frame<double>& frame, const Matrix<double>& A) {
  const Index N = frame.tokens();
  const auto solution = sim::hard_margin(A * frame.K.topRows(N) * A.transpose());
  if (!solution) throw std::runtime_error("no vector has these margins, or the quadratic programme was given up");
  return {A.transpose() * solution->multipliers, solution->norm2};
}

struct Pair {
  Shortest v, p;
};
Pair pair(const sim::Frame<double>& frame, Selects selects) {
  const Index n = frame.samples.n, N = frame.tokens();
  Matrix<double> head = Matrix<double>::Zero(n, N), gaps = Matrix<double>::Zero(n, N);
  for (Index i = 0; i < n; ++i) {
    const Index sel = 2 * i + selected(frame, i, selects), other = 4 * i + 1 - sel;
    head(i, sel) = element(frame.samples.labels, i);
    gaps(i, sel) = 1, gaps(i, other) = -1;
  }
  return {shortest(frame, head), shortest(frame, gaps)};
}

/// Of both classes the flipped samples alone, or all: the noise that the heads answer to.
double noise_norm2(const sim::Frame<double>& frame, bool all) {
  const Index n = frame.samples.n, N = frame.tokens();
  std::vector<Index> rows;
  for (Index i = 0; i < n; ++i)
    if (all || element(frame.noisy, i)) rows.push_back(i);
  if (rows.empty()) return 0;
  Matrix<double> head = Matrix<double>::Zero(static_cast<Index>(rows.size()), N);
  for (std::size_t k = 0; k < rows.size(); ++k)
    head(static_cast<Index>(k), 2 * rows[k] + 1) = element(frame.samples.labels, rows[k]);
  return shortest(frame, head).norm2;
}

/// ‖v‖² of signals is 2/‖μ‖² and that of the flipped samples' noise; in units of 1/(σ²d) the first is 2n/c.
double measured_border(const sim::Frame<double>& frame) {
  return 2 * static_cast<double>(frame.samples.n) / (noise_norm2(frame, true) - noise_norm2(frame, false));
}

Finding border(const Laboratory& laboratory, double C, double factor) {
  const auto run = closed_run(laboratory);
  const auto& p = run.config().parameters;
  const double measured = measured_border(run.frame()), law = theory::margin_border(p);
  Finding finding = residual_below(std::abs(factor * measured / law - 1), theory::noise_unit(p, laboratory.delta), C,
                                   format("border at n SNR^2 = %.4g, law %.4g: distance", measured, law));
  finding.margin.error = 1e-9 * finding.scale;
  finding.hypotheses = {small_noise(laboratory, 1)};
  return finding;
}

/// The test error of a pair, its attention hard.
sim::TestError test_error(const sim::Run<double>& run, const Pair& pair) {
  const Index N = run.frame().tokens();
  Vector<double> state(2 * N);
  state << pair.v.coefficients, hard * pair.p.coefficients;
  return test_of(run, run.route().read(state));
}

/// How many times as short as the other the head of `winner` is, less 1, and on which side of `level` the error lies.
Finding outcome(const Laboratory& laboratory, Selects winner, double level) {
  const auto run = closed_run(laboratory);
  const Selects loser = winner == Selects::signals ? Selects::noise : Selects::signals;
  const Pair won = pair(run.frame(), winner), lost = pair(run.frame(), loser);
  const double shorter = lost.v.norm2 / won.v.norm2 - 1;
  const sim::TestError test = test_error(run, won);
  const double side = winner == Selects::signals ? level - test.wrong : test.wrong - level;
  Finding finding;
  finding.scale = level;
  finding.margin = {std::min(level * shorter, side), test.accuracy_error + 1e-9};
  finding.observed = format("|v|^2 of signals over that of noise: %.4g; test error %.3g",
                            winner == Selects::signals ? 1 / (1 + shorter) : 1 + shorter, test.wrong);
  return finding;
}

Finding benign(const Laboratory& laboratory, double C, Selects winner) {
  const auto& p = laboratory.config.parameters;
  const double ratio = theory::n_snr2(p) / theory::margin_border(p);
  Finding finding = outcome(laboratory, winner, winner == Selects::signals ? 0.05 : 0.95);
  finding.hypotheses = {
      {format("n SNR^2 >= C 2/(1 - eta) (it is %.3g times 2/(1 - eta))", ratio), ratio >= C, "[S]"},
      {format("mu.p >= 3 deviations of a test input's noise (it is %.3g)", theory::selection_margin(p)),
       theory::selection_margin(p) >= 3},
      small_noise(laboratory, 0.25)};
  return finding;
}

Finding harmful(const Laboratory& laboratory, double C, Selects winner) {
  const auto& p = laboratory.config.parameters;
  const double ratio = theory::n_snr2(p) / theory::margin_border(p);
  Finding finding = outcome(laboratory, winner, winner == Selects::noise ? 0.25 : -0.75);
  finding.hypotheses = {
      {format("n SNR^2 <= (2/C)/(1 - eta) (it is %.3g times 2/(1 - eta))", ratio), ratio * C <= 1, "[S]"},
      small_noise(laboratory, 0.25)};
  return finding;
}

constexpr const char* theorem_source = "[S] Magen et al., arXiv 2410.07746; constants [D]";

const bool registered =
    register_check(
        {.order = 1030,
         .id = "single_head.law.max_margin",
         .model = single_head_model,
         .statement =
             "heads that answer to signals and heads that answer to noise are equally long at n SNR^2 = 2/(1 - eta)",
         .source = "[D]",
         .derivation = "5.25",
         .tex = R"(\|v_{\text{signals}}\| = \|v_{\text{noise}}\| \iff n\,\mathrm{SNR}^2 = \frac{2}{1-\eta})",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double C) { return border(laboratory, C, 1); },
         .C = 1.0,
         .why_C = "norms of noise are off by sqrt(2/d), their products by sqrt(n/d): both less than the unit",
         .met = [](Laboratory& laboratory) { set_strength(laboratory, 20, 20000, 2, 1); },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.d = 60; },
         .fault = [](const Laboratory& laboratory, double C) { return border(laboratory, C, 2); }}) &&
    register_check(
        {.order = 1040,
         .id = "single_head.max_margin.benign",
         .model = single_head_model,
         .statement =
             "for n SNR^2 >= C 2/(1 - eta) the largest margin selects signals, and its test error is below 1/20",
         .source = theorem_source,
         .derivation = "5.25",
         .uses = {"single_head.law.max_margin"},
         .tex = R"(n\,\mathrm{SNR}^2 \ge \tfrac{2C}{1-\eta} \;\Rightarrow\; P(Yf < 0) < \tfrac1{20})",
         .error_kind = theory::ErrorKind::bounded,
         .evaluate = [](const Laboratory& laboratory, double C) { return benign(laboratory, C, Selects::signals); },
         .C = 1.5,
         .why_C = "the law's border with room for a quarter of a noise unit on either side",
         .met = [](Laboratory& laboratory) { set_strength(laboratory, 20, 20000, 6, 1); },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("1"); },
         .fault = [](const Laboratory& laboratory, double C) { return benign(laboratory, C, Selects::noise); }}) &&
    register_check(
        {.order = 1050,
         .id = "single_head.max_margin.harmful",
         .model = single_head_model,
         .statement =
             "for n SNR^2 <= (1/C) 2/(1 - eta) the largest margin selects noise, and its test error is above 1/4",
         .source = theorem_source,
         .derivation = "5.25",
         .uses = {"single_head.law.max_margin"},
         .tex = R"(n\,\mathrm{SNR}^2 \le \tfrac{2}{C(1-\eta)} \;\Rightarrow\; P(Yf < 0) > \tfrac14)",
         .error_kind = theory::ErrorKind::bounded,
         .evaluate = [](const Laboratory& laboratory, double C) { return harmful(laboratory, C, Selects::noise); },
         .C = 1.5,
         .why_C = "as of single_head.max_margin.benign",
         .met = [](Laboratory& laboratory) { set_strength(laboratory, 20, 20000, 1, 1); },
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.mu = theory::Decimal("1000"); },
         .fault = [](const Laboratory& laboratory, double C) { return harmful(laboratory, C, Selects::signals); }});

}  // namespace benign::proofs::max_margin

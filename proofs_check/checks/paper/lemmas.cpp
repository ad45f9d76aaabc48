// The analytic lemmas over their whole domain, by branch and bound on intervals: a verdict here is a proof. A lemma
// that is false somewhere comes back with an interval on which it is.

#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/residual.hpp"
#include "theory/numbers/branch_and_bound.hpp"
#include "theory/lemmas/growth.hpp"
#include "theory/lemmas/lemmas.hpp"
#include "theory/numbers/elementary.hpp"

#include <map>

namespace benign::proofs::lemmas {

Hypothesis three_tokens(const Laboratory& laboratory) { return {"T >= 3", laboratory.config.parameters.T >= 3}; }
void two_tokens(Laboratory& laboratory) { laboratory.config.parameters.T = 2; }

/// The claim at C = 1 + excess, for every T at once.
Finding prove(const theory::Lemma& lemma, const Laboratory& laboratory, const Interval& excess) {
  Finding finding;
  finding.hypotheses = {three_tokens(laboratory)};
  finding.constant = 1;  // the best possible: each claim is false beyond it
  if (!finding.hypotheses_met()) return finding;
  const auto margin = [&](const Interval& z) { return lemma.margin(z, theory::every_T(), excess); };
  const auto least = theory::minimum(margin, interval(0.0, 1.0), 1e-9, 100'000);
  // The middle of [lower, upper] and half its width, rounded so that the enclosure stays one.
  finding.margin = {least.lower / 2 + least.upper / 2,
                    (least.upper - least.lower) / 2 + unit_roundoff<double>() * std::abs(least.upper)};
  finding.enclosed = least.lower > 0;
  finding.observed = format("least margin in [%.9g, %.9g]", least.lower, least.upper);
  if (least.upper < 0)
    finding.observed +=
        format("; false for %s in [%.9g, %.9g]", lemma.variable.c_str(), lower(least.where), upper(least.where));
  return finding;
}

/// What the lemmas build on, and their statements as TeX.
struct Argument {
  std::vector<std::string> uses;
  const char* tex;
};
const std::map<std::string, Argument> arguments{
    {"lemma.growth", {{}, R"(g_m'(x) \ge 4C \quad\text{for all } x, \\ g_m(x) = 2x + 2\sinh(x - \log m))"}},
    {"lemma.inverse",
     {{"lemma.growth"},
      R"(\log\!\left(1 + \frac{C|w|}2\right) < |g_m^{-1}(y) - \log m| < \log\!\left(1 + \frac{2|w|}C\right), \\ w = \frac y2 - \log m \ne 0)"}},
    {"lemma.two_growths",
     {{"lemma.growth"},
      R"(\frac{C\delta}2 < g_T^{-1}(y) - g_{T-1}^{-1}(y) < \frac\delta C \quad\text{for all } y,\ T \ge 3, \\ \delta = \log\frac T{T-1})"}},
    {"lemma.attention",
     {{}, R"(\frac C4\, e^{-|y|} < s(1 - s) < \frac{e^{-|y|}}C, \quad y = \Lambda - \log(T-1) \ne 0)"}},
    {"lemma.loss_derivative",
     {{}, R"(\frac C2\, e^{-V} < \sigma(-f) < 1 - \frac C2\, e^{-V} \quad\text{for all } |f| \le V,\ V > 0)"}},
};

Check lemma_check(int order, const theory::Lemma& lemma) {
  const auto with = [&lemma](const Laboratory& laboratory, const theory::Decimal& C) {
    return prove(lemma, laboratory, theory::excess(C));
  };
  return {.order = order,
          .id = lemma.id,
          .statement = lemma.statement,
          .source = lemma.source,
          .derivation = "5.1",
          .uses = arguments.at(lemma.id).uses,
          .tex = arguments.at(lemma.id).tex,
          .error_kind = theory::ErrorKind::enclosed,
          .evaluate =
              [=, &lemma](const Laboratory& laboratory, double) {
                return with(laboratory, laboratory.exact_constant(lemma.id, theory::Decimal("1")));
              },
          .C = 1,
          .why_C = "best possible: the claim is true up to 1 and false beyond",
          .needs_signals = false,
          .any_method = true,
          .unmet = two_tokens,
          .fault = [=](const Laboratory& laboratory,  // a bound sharper than the best possible one
                       double) { return with(laboratory, theory::Decimal("1.001")); }};
}

/// g_{T−1}(g_{T−1}⁻¹(y)) = y for y = 0 and ±2^k, k = −40, …, 900: in units of what a rounding of x and of y does to g.
/// The planted fault inverts g_T.
Finding inverse_computed(const Laboratory& laboratory, double C, bool faulty) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    using std::ldexp;
    const long T = laboratory.config.parameters.T, m = T - 1;
    Finding unmet{.hypotheses = {three_tokens(laboratory)}};
    if (!unmet.hypotheses_met()) return unmet;
    double worst = 0;
    const auto look = [&](const Real& y) {
      const Real x = theory::growth_inverse<Real>(y, faulty ? T : m);
      const double slope = representative(theory::growth_slope<Real>(x, m));
      const double unit = (slope * (std::abs(representative(x)) + elementary::log(static_cast<double>(m))) +
                           std::abs(representative(y))) *
                          unit_roundoff<Real>();
      note_worst(worst, std::abs(representative(Real(theory::growth<Real>(x, m) - y))) / unit);
    };
    look(Real(0));
    for (int k = -40; k <= 900; ++k)
      for (const int sign : {-1, 1}) look(Real(ldexp(Real(sign), k)));
    // The solver stops within a rounding of x, and g rounds its terms once more.
    Finding finding = residual_below(worst, 2, C, "largest error in roundings of x and y");
    finding.hypotheses = unmet.hypotheses;
    return finding;
  });
}

const bool registered = [] {
  int order = 40;
  for (const theory::Lemma& lemma : theory::lemmas()) register_check(lemma_check(order++, lemma));
  return register_check(
      {.order = order,
       .id = "lemma.inverse_computed",
       .statement = "the computed inverse of g is exact to rounding in every precision (C: of 2 roundings)",
       .source = "[D] numerical",
       .derivation = "5.1",
       .uses = {"lemma.growth"},
       .tex =
           R"(\bigl| g_{T-1}\bigl(g_{T-1}^{-1}(y)\bigr) - y \bigr| \le C \cdot 2 \text{ roundings of } x \text{ and } y)",
       .error_kind = theory::ErrorKind::estimated,
       .remedy = Remedy::precision,
       .evaluate = [](const Laboratory& laboratory, double C) { return inverse_computed(laboratory, C, false); },
       .C = 1,
       .why_C = "the root is rounded once and g's terms once",
       .needs_signals = false,
       .any_method = true,
       .unmet = two_tokens,
       .fault = [](const Laboratory& laboratory, double C) { return inverse_computed(laboratory, C, true); }});
}();

}  // namespace benign::proofs::lemmas

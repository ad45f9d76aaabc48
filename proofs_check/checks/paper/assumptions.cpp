// The paper's working assumptions, read in a notebook of the authors (σ = 1, δ = 0.01). Their constants are not given:
// C is a parameter, and the check reports the largest C for which the assumption holds. Never violated, only unmet.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"

namespace benign::proofs::assumptions {

Check assumption(int order, std::string id, std::string statement, std::string source, Slack slack, const char* met_mu,
                 const char* unmet_mu) {
  Check check{.order = order, .id = id, .statement = statement, .source = source};
  check.error_kind = theory::ErrorKind::bounded;
  check.assumption = true;
  check.C = 1;
  check.why_C = "the paper says sufficiently large: 1 is the convention, and the largest C that holds is reported";
  check.evaluate = [statement, slack](const Laboratory& laboratory, double C) {
    const double largest = slack(laboratory);
    Finding finding;
    finding.hypotheses = {{statement, largest > C}};
    finding.margin = {largest - C, 16 * unit_roundoff<double>() * largest};
    finding.scale = C;
    finding.constant = largest;
    finding.observed = format("holds up to C = %.4g", largest);
    return finding;
  };
  const auto strength = [](Laboratory& laboratory, const char* mu) {
    laboratory.config.parameters.d = 1'000'000;
    laboratory.config.parameters.mu = theory::Decimal(mu);
  };
  check.met = [=](Laboratory& laboratory) { strength(laboratory, met_mu); };
  check.unmet = [=](Laboratory& laboratory) { strength(laboratory, unmet_mu); };
  return check;
}

const bool registered =
    register_check(argued(
        assumption(10, "assumption.A1", "d > C n |mu|^2/sigma^2 and d > C n^2 log^2(Tn/delta)", "[A]", slack_A1, "100",
                   "1000"),
        "2.2", {}, R"(d > C\,\frac{n\|\mu\|^2}{\sigma^2} \quad\text{and}\quad d > C\, n^2 \log^2\frac{Tn}{\delta})")) &&
    register_check(argued(
        assumption(11, "assumption.A2", "|mu|/sigma > C d^(1/4) log^(1/2)(Tn/delta)", "[A]", slack_A2, "200", "10"),
        "2.2", {}, R"(\frac{\|\mu\|}{\sigma} > C\, d^{1/4} \log^{1/2}\frac{Tn}{\delta})")) &&
    register_check(
        argued(assumption(12, "assumption.not_harmful", "SNR > C d^(-1/4): beyond the border of harmful overfitting",
                          "[P] Figure 1", slack_not_harmful, "100", "1"),
               "2.1", {}, R"(\mathrm{SNR} = \frac{\|\mu\|}{\sigma\sqrt d} > C\, d^{-1/4})")) &&
    register_check(argued(assumption(13, "assumption.overfits", "SNR < n^(-1/2)/C: below the border of not overfitting",
                                     "[P] Figure 1", slack_overfits, "100", "1000"),
                          "2.1", {}, R"(\mathrm{SNR} = \frac{\|\mu\|}{\sigma\sqrt d} < \frac{n^{-1/2}}{C})"));

}  // namespace benign::proofs::assumptions

// The paper's working assumptions, read in a notebook of the authors (σ = 1, δ = 0.01). Their constants are not given:
// C is a parameter, and the check reports the largest C for which the assumption holds. Never violated, only unmet.
// A1 is two inequalities: the smaller of their largest constants binds.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"

namespace benign::proofs::assumptions {

/// An inequality with a constant.
struct Part {
  std::string statement;
  Slack slack;
};

double slack_A1_signal(const Laboratory& laboratory) { return theory::slack_A1_signal(laboratory.config.parameters); }
double slack_A1_dimension(const Laboratory& laboratory) {
  return theory::slack_A1_dimension(laboratory.config.parameters, laboratory.delta);
}

Check assumption(int order, std::string id, const std::vector<Part>& parts, const std::string& source,
                 const char* met_mu, const char* unmet_mu) {
  Check check{.order = order, .id = std::move(id), .source = source};
  for (const Part& part : parts) check.statement += (check.statement.empty() ? "" : " and ") + part.statement;
  check.error_kind = theory::ErrorKind::bounded;
  check.any_method = true;
  check.assumption = true;
  check.C = 1;
  check.why_C = "the paper says sufficiently large: 1 is the convention, and the largest C that holds is reported";
  check.evaluate = [parts, source](const Laboratory& laboratory, double C) {
    Finding finding;
    double largest = HUGE_VAL;
    finding.observed = parts.size() == 1 ? "holds" : "its halves hold";
    for (const auto& [statement, slack] : parts) {
      const double holds_up_to = slack(laboratory);
      finding.hypotheses.push_back({statement, holds_up_to > C, source});
      finding.observed += format(largest == HUGE_VAL ? " up to C = %.4g" : " and %.4g", holds_up_to);
      largest = std::min(largest, holds_up_to);
    }
    finding.margin = {largest - C, 16 * unit_roundoff<double>() * largest};
    finding.scale = C;
    finding.constant = largest;
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
        assumption(10, "assumption.A1",
                   {{"d > C n |mu|^2/sigma^2", slack_A1_signal}, {"d > C n^2 log^2(Tn/delta)", slack_A1_dimension}},
                   "[A]", "100", "1000"),
        "2.2", {}, R"(d > C\,\frac{n\|\mu\|^2}{\sigma^2} \quad\text{and}\quad d > C\, n^2 \log^2\frac{Tn}{\delta})")) &&
    register_check(argued(
        assumption(11, "assumption.A2", {{"|mu|/sigma > C d^(1/4) log^(1/2)(Tn/delta)", slack_A2}}, "[A]", "200", "10"),
        "2.2", {}, R"(\frac{\|\mu\|}{\sigma} > C\, d^{1/4} \log^{1/2}\frac{Tn}{\delta})")) &&
    register_check(
        argued(assumption(12, "assumption.not_harmful",
                          {{"SNR > C d^(-1/4): beyond the border of harmful overfitting", slack_not_harmful}},
                          "[P] Figure 1", "100", "1"),
               "2.1", {}, R"(\mathrm{SNR} = \frac{\|\mu\|}{\sigma\sqrt d} > C\, d^{-1/4})")) &&
    register_check(argued(assumption(13, "assumption.overfits",
                                     {{"SNR < n^(-1/2)/C: below the border of not overfitting", slack_overfits}},
                                     "[P] Figure 1", "100", "1000"),
                          "2.1", {}, R"(\mathrm{SNR} = \frac{\|\mu\|}{\sigma\sqrt d} < \frac{n^{-1/2}}{C})"));

}  // namespace benign::proofs::assumptions

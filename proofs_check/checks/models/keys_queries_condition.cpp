// Condition 4.1 of J. Jiang et al., arXiv 2409.19345, in parts, each with the largest constant for which it holds (THEORY
// section 5.27): its logarithms are taken as 1, and n = Ω(polylog d) says nothing then. Never violated, only unmet.

#include "proofs_check/framework/hypotheses.hpp"
#include "sim/models/model.hpp"
#include "theory/laws/keys_queries.hpp"

namespace benign::proofs::keys_queries_condition {

using Slack = double (*)(const theory::Parameters&);
double slack_width(const theory::Parameters& p) { return theory::slack_width(p, theory::fitted_loss); }
double slack_dimension(const theory::Parameters& p) { return theory::slack_dimension(p, theory::fitted_loss); }

bool register_assumption(int order, const char* id, const char* statement, const char* tex, Slack slack) {
  return register_check({.order = order,
                         .id = id,
                         .model = sim::keys_queries_name,
                         .statement = statement,
                         .source = "[S] Condition 4.1, its logarithms as 1",
                         .derivation = "5.27",
                         .tex = tex,
                         .error_kind = theory::ErrorKind::bounded,
                         .evaluate =
                             [slack, statement](const Laboratory& laboratory, double C) {
                               const double largest = slack(laboratory.config.parameters);
                               Finding finding;
                               finding.hypotheses = {{statement, largest >= C, "[S]"}};
                               finding.margin = {largest - C, 64 * unit_roundoff<double>() * largest};
                               finding.scale = C;
                               finding.constant = largest;
                               finding.observed = format("holds up to C = %.4g", largest);
                               return finding;
                             },
                         .C = 1.0,
                         .why_C = "1 is the convention, and the largest C that holds is reported",
                         .any_method = true,
                         .assumption = true,
                         .met =
                             [](Laboratory& laboratory) {
                               auto& p = laboratory.config.parameters;
                               p.n = 4, p.d = 1'000'000'000'000, p.d_h = 1'000'000;
                               p.mu = theory::Decimal("1e6");
                               p.sigma_h = theory::Decimal("1e-9"), p.lr = theory::Decimal("1e-16");
                               laboratory.config.data = sim::DataKind::gram;
                             },
                         .unmet =
                             [](Laboratory& laboratory) {
                               auto& p = laboratory.config.parameters;
                               p.n = 20, p.d = 1000, p.d_h = 64, p.mu = theory::Decimal("1000"),
                               p.sigma_h = theory::Decimal("1");
                               p.lr = theory::Decimal("1");
                             }});
}

const bool registered =
    register_assumption(1060, "keys_queries.assumption.width", "d_h >= C max{SNR^4, SNR^-4} n^2/eps^2 at eps = 0.01",
                        R"(d_h \ge C \max\{\mathrm{SNR}^4, \mathrm{SNR}^{-4}\}\, n^2 \varepsilon^{-2})", slack_width) &&
    register_assumption(1061, "keys_queries.assumption.dimension", "d >= C n^2 d_h/eps^2 at eps = 0.01",
                        R"(d \ge C\, \varepsilon^{-2} n^2 d_h)", slack_dimension) &&
    register_assumption(1062, "keys_queries.assumption.start", "sigma_h^2 max{|mu|^2, sigma^2 d} d_h^(1/2) <= 1/C",
                        R"(\sigma_h^2 \max\{\|\mu\|^2, \sigma^2 d\} \sqrt{d_h} \le 1/C)", theory::slack_start) &&
    register_assumption(1063, "keys_queries.assumption.step", "alpha max{|mu|^2, sigma^2 d} d_h^(1/2) <= 1/C",
                        R"(\alpha \max\{\|\mu\|^2, \sigma^2 d\} \sqrt{d_h} \le 1/C)", theory::slack_step);

}  // namespace benign::proofs::keys_queries_condition

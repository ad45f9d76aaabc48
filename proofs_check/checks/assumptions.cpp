// The paper's working assumptions, read in a notebook of the authors (σ = 1, δ = 0.01). Their constants are not given:
// C is a parameter, and the check reports the largest C for which the assumption holds. Never violated, only unmet.

#include "proofs_check/check.hpp"
#include "theory/regime.hpp"

namespace benign::proofs {
namespace {

Check assumption(int order, std::string id, std::string statement,
                 double (*slack)(const theory::Parameters&, double delta)) {
  const auto evaluate = [id, statement, slack](const Laboratory& laboratory) {
    const double C = laboratory.constant(id), largest = slack(laboratory.config.parameters, laboratory.delta);
    Finding finding;
    finding.hypotheses = {{statement, largest > C}};
    finding.margin = {largest - C, 16 * unit_roundoff<double>() * largest};
    finding.constant = largest;
    finding.observed = "holds up to C = " + std::to_string(largest);
    return finding;
  };
  return {order, id, statement, "[A]", Remedy::none, evaluate};
}

const bool registered =
    register_check(
        assumption(100, "assumption.A1", "d > C n |mu|^2/sigma^2 and d > C n^2 log^2(Tn/delta)", theory::slack_A1)) &&
    register_check(assumption(110, "assumption.A2", "|mu|/sigma > C d^(1/4) log^(1/2)(Tn/delta)", theory::slack_A2));

}  // namespace
}  // namespace benign::proofs

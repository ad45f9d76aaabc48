#pragma once
// Certificates that are held to what is known: each interval to a run in 100 digits or to a closed form, and all of it to the
// checker. A faulty prover's are false, and the words say what the checker found.

#include "proofs_check/certificates/certificate.hpp"
#include "proofs_check/certificates/family.hpp"
#include "proofs_check/checker/check.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/method.hpp"

#include <catch2/catch.hpp>

namespace benign::tests {

using proofs::Claim;
using proofs::Proof;
using theory::Verdict;

/// A claim, and the true value of what it is about but for a relative error.
struct ClaimAndTruth {
  std::string claim;
  mp100 value;
  double error = 1e-40;
};

inline bool is_met_by(const Claim& claim, const mp100& value) {
  const mp100 bound(claim.bound.text());
  if (claim.below) return claim.strict ? value < bound : value <= bound;
  return claim.strict ? value > bound : value >= bound;
}

/// Whether a decided claim says what is not so: its interval leaves the value out, or its verdict is the wrong one. Of
/// the test error a certificate states no interval.
inline bool untrue(const proofs::Decision& decision, const ClaimAndTruth& known) {
  if (decision.verdict == Verdict::undecided) return false;
  const mp100 error = abs(known.value) * known.error;
  const bool interval = decision.claim.quantity != "test_error";
  return (interval && decision.lower && mp100(*decision.lower) > known.value + error) ||
         (interval && decision.upper && mp100(*decision.upper) < known.value - error) ||
         is_met_by(decision.claim, known.value) != (decision.verdict == Verdict::proved);
}

inline void hand_over(const Proof& proof, const std::vector<ClaimAndTruth>& known) {
  bool is_false = false;
  for (std::size_t k = 0; k < known.size(); ++k) is_false = is_false || untrue(proof.decisions[k], known[k]);
  const auto report = checker::check("certificate", proofs::certificate_json(proof).dump(1));
  std::string found;
  for (const auto& finding : report.findings)
    found += finding.claim + " in [" + finding.stated_lower + ", " + finding.stated_upper + "], the checker has [" +
             finding.lower + ", " + finding.upper + "] " + finding.remark + "\n";
  REQUIRE(report.objections.empty());
  REQUIRE(!report.findings.empty());
  const char* checked = report.status == 0 ? "verified" : report.status == 1 ? "refused" : "left undecided";
  INFO(found << (is_false ? "false" : "true") << ", and " << checked << " by the checker");
  CHECK((!is_false && report.verified()));
}

inline std::vector<Claim> claims_of(const sim::RunConfig& config, const std::vector<ClaimAndTruth>& known) {
  std::vector<Claim> claims;
  for (const auto& one : known) claims.push_back(proofs::parse_claim("claim", one.claim, config));
  return claims;
}

/// What `benign prove` does with these claims, with at most so many bits.
inline void prove_and_check(const sim::RunConfig& config, const std::vector<ClaimAndTruth>& known,
                            long most_bits = 400) {
  hand_over(proofs::prove(config, claims_of(config, known), {}, most_bits, [](long, long, long) {}), known);
}

/// A proof of the working precision whose values come from elsewhere: an attempt with other Taylor steps.
inline Proof proof_from(const sim::RunConfig& config, const std::vector<ClaimAndTruth>& known,
                        const std::function<Enclosure(const Claim&)>& value) {
  Proof proof{config, WorkingPrecision::bits(), 19, {}, {}, sim::Json::array(), {}};
  for (const auto& claim : claims_of(config, known)) {
    proof.decisions.emplace_back().claim = claim;
    proofs::decide(proof.decisions.back(), value(claim), 20);
  }
  return proof;
}

/// Of the end of a run in 100 digits.
struct RunEnd {
  explicit RunEnd(const sim::RunConfig& config) : run(config) {
    state = config.flow ? sim::flow_to(run.route(), sim::horizon<mp100>(config), 1e-45)
                        : sim::descend_to(run, config.parameters.steps);
    outputs =
        theory::outputs(run.frame().samples, theory::attention(run.frame().samples, run.route().read(state).logits));
  }
  mp100 margin(Index i) const { return run.frame().samples.labels[static_cast<std::size_t>(i)] * outputs[i]; }
  mp100 loss() const { return theory::loss(run.frame().samples, outputs); }

  sim::Run<mp100> run;
  Vector<mp100> state, outputs;
};

}  // namespace benign::tests

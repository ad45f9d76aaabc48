// What a proof takes of memory is said before it is begun, so that one that does not fit is refused and ends no machine;
// and what it finds is printed to the digits that it was found with.

#include "proofs_check/certificates/proof.hpp"
#include "tests/support/peak_memory.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace benign;

TEST_CASE("a proof takes the memory that was said, and a third of it at least", "[proof]") {
  for (const auto& [d, claim] : {std::pair{1500L, "train_loss<1"}, {2500L, "q_norm2<1"}}) {
    sim::RunConfig config;
    config.parameters.d = d, config.parameters.steps = 2;
    const std::vector<proofs::Claim> claims{proofs::parse_claim("claim", claim, config)};
    const tests::PeakMemory peak;
    const proofs::Proof proof = proofs::prove(config, claims, {}, 400, [](long, long, long) {});
    REQUIRE(proof.decisions[0].verdict == theory::Verdict::proved);
    const double taken = peak.bytes(), said = proofs::proof_bytes(config, proof.bits);
    INFO("d = " << d << ", " << claim << ": " << taken << " of " << said);
    CHECK(taken < said);
    CHECK(taken > said / 3);
  }
}

TEST_CASE("an interval is printed to all digits of the working precision, and one more", "[proof]") {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 20, p.steps = 5;
  const std::vector<proofs::Claim> claims{proofs::parse_claim("claim", "train_loss<1", config)};
  const proofs::Proof proof = proofs::prove(config, claims, {}, 400, [](long, long, long) {});
  const std::string upper = proof.decisions[0].upper.value();  // d.ddd…e±dd
  CHECK(std::count_if(upper.begin(), upper.begin() + static_cast<long>(upper.find('e')),
                      [](char c) { return c >= '0' && c <= '9'; }) == proof.digits + 1);
  CHECK(proof.digits == static_cast<long>(static_cast<double>(proof.bits) * 0.30103));
}

// Claims about plain descent say nothing of other methods; those that look at no training do not see the method.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/report/asked_checks.hpp"
#include "tests/support/small_laboratory.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::proofs;

TEST_CASE("checks: with momentum a claim about descent is vacuous, and no other changes", "[registry][methods]") {
  Laboratory plain = tests::small_laboratory(), momentum = tests::small_laboratory();
  momentum.config.method = sim::parse_method("momentum:0.9").value();
  long of_any = 0;
  for (const Check& check : registry()) {
    INFO(check.id);
    const Finding found = evaluate(check, momentum);
    if (!check.any_method) {
      CHECK(verdict_of(found) == theory::Verdict::vacuous);
      REQUIRE(!found.hypotheses.empty());
      CHECK(found.hypotheses.front().statement.find("plain gradient descent") != std::string::npos);
      continue;
    }
    ++of_any;
    CHECK(kind_of(check.id) != CheckKind::law);
    CHECK(kind_of(check.id) != CheckKind::numerics);
    const Finding same = evaluate(check, plain);
    CHECK(found.margin.value == same.margin.value);
    CHECK(verdict_of(found) == verdict_of(same));
    CHECK(momentum.own_run() == nullptr);  // nobody has asked for a run
  }
  CHECK(of_any >= 18);
}

TEST_CASE("checks: what looks at no training is not expected to take the time of a run", "[registry]") {
  Laboratory laboratory = tests::small_laboratory();
  laboratory.config.parameters.d = 1'000'000, laboratory.config.parameters.steps = 1'000'000;
  // 10¹² entries of W₀ are drawn for inner products, in an hour at least; tokens in a second.
  CHECK(expected_seconds(find_check("CHECK", "theorem.existence"), laboratory) < 10);
  CHECK(expected_seconds(find_check("CHECK", "theorem.existence"), laboratory) > 0);
  CHECK(expected_seconds(find_check("CHECK", "event.norms"), laboratory) > 2500);
  laboratory.config.data = sim::DataKind::gram, laboratory.config.parameters.init = theory::Init::gaussian;
  const double drawn = expected_seconds(find_check("CHECK", "event.norms"), laboratory);
  CHECK(drawn < 1);
  CHECK(expected_seconds(find_check("CHECK", "descent.monotone"), laboratory) > drawn + 1);
}

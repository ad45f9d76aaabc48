// Claims about plain descent say nothing of other methods; those that look at no training do not see the method.

#include "proofs_check/framework/check.hpp"
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

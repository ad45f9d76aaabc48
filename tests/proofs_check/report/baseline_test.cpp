// Baselines: what counts as worse, and what is refused as no baseline.

#include "proofs_check/report/baseline.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace benign;
using namespace benign::proofs;
using theory::Margin;
using theory::Verdict;
using Kind = Regression::Kind;

namespace {

const Check claim{.id = "test.claim"};
const Check refuted{.id = "test.refuted", .expected = Verdict::violated};

Judgement outcome_of(const Check& check, Verdict verdict, Margin margin) {
  return {.check = &check, .finding = {.margin = margin}, .verdict = verdict};
}

/// What became of one check that was `before` and is `now`.
std::vector<Regression> change(const Check& check, std::pair<Verdict, Margin> before, std::pair<Verdict, Margin> now) {
  return compare({{check.id, before.first, before.second}}, {outcome_of(check, now.first, now.second)}).regressions;
}

/// Whether `now` counts as worse than `before`, the margins being equal.
bool worse(const Check& check, Verdict before, Verdict now) {
  const Margin same{1, 0.1};
  const auto regressions = change(check, {before, same}, {now, same});
  CHECK((regressions.empty() || regressions.front().kind == Kind::verdict));
  return !regressions.empty();
}

const std::string good =
    R"({"config": {"n": 4}, "seeds": 3, "delta": 0.01, "constants": {"test.claim": 2},
        "checks": [{"id": "test.claim", "verdict": "holds", "expected": "holds", "margin": 1, "error": null}]})";

}  // namespace

TEST_CASE("verdicts have a rank, and claims that are expected to be violated the other one", "[baseline]") {
  const Verdict falling[] = {Verdict::proved, Verdict::holds, Verdict::undecided, Verdict::vacuous, Verdict::violated};
  for (int i = 0; i < 5; ++i)
    for (int k = 0; k < 5; ++k) CHECK(worse(claim, falling[i], falling[k]) == (i < k));

  const Verdict of_refuted[] = {Verdict::violated, Verdict::undecided, Verdict::vacuous, Verdict::holds};
  for (int i = 0; i < 4; ++i)
    for (int k = 0; k < 4; ++k) CHECK(worse(refuted, of_refuted[i], of_refuted[k]) == (i < k));
}

TEST_CASE("a margin is worse where it lost more than both errors", "[baseline]") {
  const auto loses = [](const Check& check, Verdict verdict, Margin before, Margin now) {
    const auto regressions = change(check, {verdict, before}, {verdict, now});
    CHECK((regressions.empty() || regressions.front().kind == Kind::margin));
    return !regressions.empty();
  };
  CHECK(loses(claim, Verdict::holds, {1, 0.1}, {0.75, 0.1}));
  CHECK_FALSE(loses(claim, Verdict::holds, {1, 0.1}, {0.85, 0.1}));
  CHECK_FALSE(loses(claim, Verdict::holds, {1, 0.1}, {2, 0.1}));
  CHECK(loses(refuted, Verdict::violated, {-1, 0.1}, {-0.75, 0.1}));  // a counterexample that grew weaker
  CHECK_FALSE(loses(refuted, Verdict::violated, {-1, 0.1}, {-2, 0.1}));

  const double unknown = std::numeric_limits<double>::infinity();
  CHECK_FALSE(loses(claim, Verdict::undecided, {1, unknown}, {-5, 0.1}));
  CHECK_FALSE(loses(claim, Verdict::undecided, {1, 0.1}, {-5, unknown}));
  CHECK_FALSE(loses(claim, Verdict::vacuous, {std::nan(""), 0.1}, {-5, 0.1}));
}

TEST_CASE("a check that is gone is a regression, a new one is named", "[baseline]") {
  const Comparison comparison =
      compare({{"test.gone", Verdict::holds, {1, 0}}, {"test.claim", Verdict::holds, {1, 0}}},
              {outcome_of(claim, Verdict::holds, {1, 0}), outcome_of(refuted, Verdict::violated, {-1, 0})});
  REQUIRE(comparison.regressions.size() == 1);
  CHECK(comparison.regressions[0].kind == Kind::gone);
  CHECK(comparison.regressions[0].before.id == "test.gone");
  CHECK(comparison.not_in_baseline == std::vector<std::string>{"test.refuted"});
  CHECK(comparison_text(comparison) ==
        "worse than the baseline: test.gone is gone, was holds\nNot in the baseline: test.refuted\n");
  const auto json = comparison_json(comparison);
  CHECK(json["regressions"].dump() == R"([{"id":"test.gone","what":"gone","before":"holds"}])");
  CHECK(json["not_in_baseline"].dump() == R"(["test.refuted"])");
}

TEST_CASE("what is written is read again to the bit, a check on a line", "[baseline]") {
  Laboratory laboratory;
  laboratory.seeds = 7, laboratory.delta = 0.1, laboratory.set_constant("test.claim", "0.1");
  laboratory.set_constant("test.other", "0.333333333333333333333333");
  const std::vector<Judgement> judgements = {
      outcome_of(claim, Verdict::proved, {1.0 / 3, 1e-17}),
      outcome_of(refuted, Verdict::undecided, {std::nan(""), std::numeric_limits<double>::infinity()})};
  const std::string text = baseline_text(judgements, laboratory);
  CHECK(text.find("\n    {\"id\":\"test.refuted\",\"verdict\":\"undecided\",\"expected\":\"violated\",\"margin\":null,"
                  "\"error\":null}\n") != std::string::npos);
  const Baseline baseline = parse_baseline("test", text);
  CHECK(baseline.seeds == 7);
  CHECK(baseline.delta == 0.1);
  CHECK(baseline.constants == laboratory.constants);
  REQUIRE(baseline.checks.size() == 2);
  CHECK(baseline.checks[0].id == "test.claim");
  CHECK(baseline.checks[0].verdict == Verdict::proved);
  CHECK(baseline.checks[0].margin.value == 1.0 / 3);
  CHECK(baseline.checks[0].margin.error == 1e-17);
  CHECK(std::isnan(baseline.checks[1].margin.value));
  CHECK(std::isinf(baseline.checks[1].margin.error));
  CHECK(compare(baseline.checks, judgements).regressions.empty());
}

TEST_CASE("what is no baseline is refused", "[baseline]") {
  CHECK_NOTHROW(parse_baseline("test", good));
  const auto with = [](const std::string& part, const std::string& other) {
    std::string text = good;
    return text.replace(text.find(part), part.size(), other);
  };
  for (const std::string& text :
       {std::string("{"),
        std::string("[]"),
        std::string("3"),
        with(R"("config": {"n": 4}, )", ""),
        with(R"({"n": 4})", "4"),
        with("\"seeds\": 3", "\"seeds\": 0"),
        with("\"seeds\": 3", "\"seeds\": 1.5"),
        with("\"seeds\": 3", "\"seeds\": \"3\""),
        with("0.01", "1"),
        with("0.01", "null"),
        with("0.01", "1e999"),
        with(": 2}", ": -2}"),
        with(R"({"test.claim": 2})", "[]"),
        with(R"("id": "test.claim")", R"("id": 5)"),
        with(R"("verdict": "holds")", R"("verdict": "good")"),
        with(R"("verdict": "holds", )", ""),
        with(R"("margin": 1, )", ""),
        with(R"("margin": 1)", R"("margin": "1")"),
        with("null", "-1"),
        with("null", "[]"),
        with("null}", R"(null}, {"id": "test.claim", "verdict": "holds", "margin": 1, "error": 0})"),
        with(R"([{"id")", R"([3, {"id")")}) {
    INFO(text);
    CHECK_THROWS_AS(parse_baseline("test", text), UsageError);
  }
}

// The registry, the verdicts' way to a decision, exit statuses, and a planted fault and a vacuous case for a check.

#include "proofs_check/framework/check.hpp"
#include "tests/support/small_laboratory.hpp"
#include "theory/numbers/confidence.hpp"
#include "proofs_check/report/report.hpp"
#include "proofs_check/framework/student.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace benign;
using namespace benign::proofs;
using tests::small_laboratory;
using theory::Decimal;
using theory::Verdict;

namespace {

Check check_with(Remedy remedy, std::function<theory::Margin(const Laboratory&)> margin) {
  return {.id = "test", .remedy = remedy, .evaluate = [margin](const Laboratory& laboratory, double) {
            return Finding{.margin = margin(laboratory)};
          }};
}

}  // namespace

TEST_CASE("checks are registered in the order of the argument, each once", "[checks]") {
  std::set<std::string> ids;
  int order = 0;
  for (const Check& check : registry()) {
    CHECK(ids.insert(check.id).second);
    CHECK(check.order >= order);
    order = check.order;
    CHECK_FALSE(check.statement.empty());
    CHECK_FALSE(check.source.empty());
    INFO(check.id << " does not say what its errors are");
    CHECK(check.error_kind != theory::ErrorKind::unstated);
  }
  CHECK(ids.size() >= 50);
}

TEST_CASE("an undecided verdict raises the precision until it is decided", "[checks]") {
  // A margin of 1e-30 that is known to the precision's roundoff: 32 digits see it, 16 do not.
  const Check check = check_with(Remedy::precision, [](const Laboratory& laboratory) {
    return theory::Margin{
        1e-30, laboratory.in_precision([]<class Real>(std::type_identity<Real>) { return unit_roundoff<Real>(); })};
  });
  const Judgement judgement = judge(check, small_laboratory());
  CHECK(judgement.verdict == Verdict::holds);
  CHECK(judgement.precision == Precision::pairs);
}

TEST_CASE("an undecided verdict raises the seeds, and gives up at sixteen times as many", "[checks]") {
  const auto margin_from = [](long enough) {
    return [enough](const Laboratory& laboratory) {
      return theory::Margin{-1.0, laboratory.seeds >= enough ? 0.0 : 2.0};
    };
  };
  const Judgement decided = judge(check_with(Remedy::seeds, margin_from(10)), small_laboratory());
  CHECK(decided.verdict == Verdict::violated);
  CHECK(decided.seeds == 12);
  const Judgement never = judge(check_with(Remedy::seeds, margin_from(1000)), small_laboratory());
  CHECK(never.verdict == Verdict::undecided);
  CHECK(never.seeds == 48);
}

TEST_CASE("exit statuses follow the judgements", "[checks]") {
  const Check claim = check_with(Remedy::none, {});
  Check refuted = claim;
  refuted.expected = Verdict::violated;
  const auto status = [](std::vector<std::pair<const Check*, Verdict>> list) {
    std::vector<Judgement> judgements;
    for (const auto& [check, verdict] : list) judgements.push_back({check, {}, verdict, Precision::binary64, 1});
    return exit_status(judgements);
  };
  CHECK(status({{&claim, Verdict::holds}}) == 0);
  CHECK(status({{&claim, Verdict::holds}, {&claim, Verdict::vacuous}}) == 0);
  CHECK(status({{&claim, Verdict::violated}}) == 1);
  CHECK(status({{&refuted, Verdict::violated}}) == 0);
  CHECK(status({{&refuted, Verdict::holds}}) == 1);
  CHECK(status({{&claim, Verdict::vacuous}}) == 3);
  CHECK(status({{&claim, Verdict::holds}, {&claim, Verdict::undecided}}) == 3);
  CHECK(status({{&claim, Verdict::undecided}, {&claim, Verdict::violated}}) == 1);
  CHECK(status({}) == 3);
}

TEST_CASE("means carry Student's interval", "[checks]") {
  // 1, 2, 3, 4, 5: mean 3, deviation √2.5, t_{0.999}(4) = 7.1732 (tables): half-width 7.1732 √(2.5/5) = 5.0722.
  const Mean mean = mean_of({1, 2, 3, 4, 5});
  CHECK(mean.value == Approx(3));
  CHECK(mean.half_width == Approx(5.0722).epsilon(1e-4));
  CHECK(std::isinf(mean_of({1}).half_width));
}

TEST_CASE("shares keep the uncertainty of what was not seen", "[checks]") {
  // 0.001^{1/10} = 0.501187: a value that ten equal ones missed may have a probability of 0.4988, and lie 1/n away.
  CHECK(mean_of_shares(std::vector<double>(10, 1.0), 20).half_width == Approx(0.498813 / 20).epsilon(1e-5));
}

TEST_CASE("Clopper and Pearson's intervals", "[checks]") {
  // Tables at 95%: 0 of 10 → [0, 0.3085], 5 of 10 → [0.1871, 0.8129], 10 of 10 → [0.6915, 1].
  CHECK(benign::theory::clopper_pearson(0, 10, 0.05).first == 0);
  CHECK(benign::theory::clopper_pearson(0, 10, 0.05).second == Approx(0.3085).epsilon(1e-3));
  CHECK(benign::theory::clopper_pearson(5, 10, 0.05).first == Approx(0.1871).epsilon(1e-3));
  CHECK(benign::theory::clopper_pearson(5, 10, 0.05).second == Approx(0.8129).epsilon(1e-3));
  CHECK(benign::theory::clopper_pearson(10, 10, 0.05).first == Approx(0.6915).epsilon(1e-3));
  CHECK(benign::theory::clopper_pearson(10, 10, 0.05).second == 1);
}

TEST_CASE("a study has the same bits whether it is asked for at once or in pieces", "[checks]") {
  Laboratory piecewise = small_laboratory(), whole = small_laboratory();
  piecewise.study(piecewise.config);
  piecewise.seeds = whole.seeds = 7;
  const auto a = piecewise.study(piecewise.config);
  const auto b = whole.study(whole.config);
  REQUIRE(a.size() == b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    CHECK(a[k].last.train_loss == b[k].last.train_loss);
    CHECK(a[k].last.test->loss == b[k].last.test->loss);
  }
}

// Theorems for almost every draw: what they say, against the limit's own events.

#include "sim/theorem/theorem.hpp"

#include <catch2/catch.hpp>

using namespace benign;

namespace {

sim::TheoremQuestion narrow_question(sim::TheoremKind kind, const char* d_min) {
  sim::TheoremQuestion question;
  question.kind = kind, question.parameters.init = theory::Init::gaussian;
  question.low = theory::Decimal("0.0999"), question.high = theory::Decimal("0.1001");
  question.d_min = theory::Decimal(d_min);
  return question;
}

}  // namespace

TEST_CASE("a theorem's times are those of the limit, and later than its fit", "[theorem]") {
  // The limit at n SNR² = 0.1 is fitted at log s = 4.7116473769 and its test gap opens at 64.52904064 (THEORY 5.12).
  const auto near = sim::prove_theorem(narrow_question(sim::TheoremKind::overfits_first, "1e16"));
  REQUIRE(near.verdict == theory::Verdict::proved);
  const double log_s = representative(sim::log_s_at(near.fitted));
  CHECK(log_s > 4.7116);
  CHECK(log_s < 4.75);
  const auto far = sim::prove_theorem(narrow_question(sim::TheoremKind::overfits_first, "1e12"));
  REQUIRE(far.verdict == theory::Verdict::proved);
  CHECK(far.fitted >= near.fitted);
  CHECK(far.off > near.off);
  CHECK(far.loss_fitted < 0.6499);  // the loss at q = 0 is log(1 + e^{−γ/8}) = 0.64992
  const auto none = sim::prove_theorem(narrow_question(sim::TheoremKind::overfits_first, "1e7"));
  CHECK(none.verdict == theory::Verdict::undecided);
  CHECK(none.statement.empty());
}

TEST_CASE("benign overfitting of almost every draw around one n SNR²", "[theorem]") {
  const auto found = sim::prove_theorem(narrow_question(sim::TheoremKind::benign, "1e13"));
  REQUIRE(found.verdict == theory::Verdict::proved);
  CHECK(found.fitted < found.early);
  CHECK(found.early < found.late);
  CHECK(found.late < 64.6);  // measured at d = 10⁸: a loss of 0.528 at log s = 64
  CHECK(found.late > 62);
  CHECK(found.loss_late <= 0.53);
  for (const auto& margin : found.margins) CHECK(margin.margin() > 0);
}

TEST_CASE("no flipped label is fitted beyond the turning point", "[theorem]") {
  auto question = narrow_question(sim::TheoremKind::not_overfitting, "1e14");
  question.low = theory::Decimal("9.995"), question.high = theory::Decimal("10.005");
  question.late = theory::Decimal("0.6");
  const auto found = sim::prove_theorem(question);
  REQUIRE(found.verdict == theory::Verdict::proved);
  CHECK(found.late < found.fitted);
  question.parameters.eta = theory::Decimal("0.15");  // three flipped labels: the classes differ
  CHECK_THROWS_AS(sim::prove_theorem(question), std::domain_error);
}

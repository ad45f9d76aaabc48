// The regime that decided claims tell: every combination, against the sentences themselves.

#include "tests/support/compare.hpp"
#include "proofs_check/certificates/regime.hpp"

#include <set>

using namespace benign;
using theory::Verdict;

TEST_CASE("a regime is told only where every way to decide what is open tells it", "[proofs]") {
  const sim::RunConfig config;
  std::vector<proofs::Claim> claims;
  for (const std::string& text : proofs::regime_claims())
    claims.push_back(proofs::parse_claim("--prove", text, config));
  const auto told = [](bool fitted, bool none, bool small) -> std::string {
    if (fitted) return small ? "benign" : "harmful";
    return none && small ? "not_overfitting" : "neither";
  };
  constexpr Verdict all[] = {Verdict::proved, Verdict::violated, Verdict::undecided};
  const auto allowed = [](Verdict verdict) {
    return verdict == Verdict::undecided ? std::vector<bool>{true, false}
                                         : std::vector<bool>{verdict == Verdict::proved};
  };
  for (const Verdict fitted : all)
    for (const Verdict none : all)
      for (const Verdict small : all) {
        std::set<std::string> possible;
        for (const bool f : allowed(fitted))
          for (const bool n : allowed(none))
            for (const bool s : allowed(small))
              if (!(f && n)) possible.insert(told(f, n, s));  // flipped labels are there
        const std::string found = proofs::regime_of(claims, {fitted, none, small});
        if (possible.empty()) continue;
        CAPTURE(theory::name(fitted), theory::name(none), theory::name(small), found);
        if (found != "undecided") CHECK(possible == std::set<std::string>{found});
        if (possible.size() > 1) CHECK(found == "undecided");
      }
}

TEST_CASE("a regime needs a claim about each of its parts", "[proofs]") {
  const sim::RunConfig config;
  const auto regime = [&](const std::vector<std::string>& texts, const std::vector<Verdict>& verdicts) {
    std::vector<proofs::Claim> claims;
    for (const std::string& text : texts) claims.push_back(proofs::parse_claim("--prove", text, config));
    return proofs::regime_of(claims, verdicts);
  };
  CHECK(regime({"train_accuracy>=1", "test_error<0.05"}, {Verdict::proved, Verdict::proved}).empty());
  CHECK(regime({"train_accuracy>=0.9", "margin_noisy_max<0", "test_error<0.05"},
               {Verdict::proved, Verdict::violated, Verdict::proved})
            .empty());
  // A claim about another step says nothing of the last.
  CHECK(regime({"train_accuracy>=1@1", "margin_noisy_max<=0", "test_error<0.05", "train_accuracy>=1"},
               {Verdict::violated, Verdict::violated, Verdict::violated, Verdict::proved}) == "harmful");
  // A test error above the level is a claim about the same.
  CHECK(regime({"least_margin>0", "margin_noisy_max<0", "test_error<0.05", "test_error>0.05"},
               {Verdict::proved, Verdict::violated, Verdict::undecided, Verdict::proved}) == "harmful");
}

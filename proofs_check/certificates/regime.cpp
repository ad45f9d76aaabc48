#include "proofs_check/certificates/regime.hpp"

#include <algorithm>

namespace benign::proofs {
namespace {

using theory::Verdict;

enum class Known { no, unknown, yes };
Known both(Known x, Known y) { return std::min(x, y); }
Known negated(Known x) { return x == Known::yes ? Known::no : x == Known::no ? Known::yes : x; }

/// What the claims say of L, N and E; whether any is about each.
struct Sentence {
  Known fitted = Known::unknown, none = Known::unknown, small = Known::unknown;
  bool about_fitted = false, about_none = false, about_test = false;
};

Sentence sentence_of(const std::vector<Claim>& claims, const std::vector<Verdict>& verdicts) {
  Sentence told;
  long last = 0;  // a regime is told of one time
  for (const Claim& claim : claims) last = std::max(last, claim.step);
  const Claim* of_test = nullptr;
  for (std::size_t k = 0; k < claims.size(); ++k) {
    const Claim& claim = claims[k];
    if (claim.trend != Trend::none || claim.step != last) continue;
    const Known holds = verdicts[k] == Verdict::undecided ? Known::unknown
                        : verdicts[k] == Verdict::proved  ? Known::yes
                                                          : Known::no;
    const auto see = [](Known& known, bool& about, Known is) {
      about = true;
      if (known == Known::unknown) known = is;
    };
    const auto bound = claim.bound.exact();
    if ((claim.quantity == "train_accuracy" && !claim.below && !claim.strict && bound == 1) ||
        (claim.quantity == "least_margin" && !claim.below && claim.strict && bound == 0))
      see(told.fitted, told.about_fitted, holds);
    if (claim.quantity == "margin_noisy_max" && claim.below && bound == 0) see(told.none, told.about_none, holds);
    if (claim.quantity != "test_error" || (of_test && of_test->bound.exact() != bound)) continue;
    of_test = &claim;
    see(told.small, told.about_test, claim.below ? holds : negated(holds));
  }
  return told;
}

}  // namespace

std::vector<std::string> regime_claims() { return {"train_accuracy>=1", "margin_noisy_max<=0", "test_error<0.05"}; }

std::string regime_of(const std::vector<Claim>& claims, const std::vector<Verdict>& verdicts) {
  const Sentence told = sentence_of(claims, verdicts);
  if (!told.about_fitted || !told.about_none || !told.about_test) return "";
  const Known benign = both(told.fitted, told.small), harmful = both(told.fitted, negated(told.small)),
              not_overfitting = both(told.none, told.small),
              neither = both(negated(told.fitted), negated(not_overfitting));
  if (benign == Known::yes) return "benign";
  if (harmful == Known::yes) return "harmful";
  if (not_overfitting == Known::yes) return "not_overfitting";
  return neither == Known::yes ? "neither" : "undecided";
}

}  // namespace benign::proofs

#include "proofs_check/checker/compare.hpp"

namespace benign::checker {

Found compare(const Interval& mine, const Stated& stated) {
  const auto order = [](mpfr_srcptr x, const Rational& y) { return mpfr_cmp_q(x, y.backend().data()); };
  const bool over_lower = !stated.lower || order(mine.low(), *stated.lower) >= 0;
  const bool under_upper = !stated.upper || order(mine.high(), *stated.upper) <= 0;
  if (over_lower && under_upper) return Found::verified;
  if ((stated.lower && order(mine.high(), *stated.lower) < 0) || (stated.upper && order(mine.low(), *stated.upper) > 0))
    return Found::wrong;
  return Found::undecided;
}

Found decide(const Stated& stated, const Interval& mine) {
  const Claim& claim = stated.claim;
  const int low = mpfr_cmp_q(mine.low(), claim.bound.backend().data());
  const int high = mpfr_cmp_q(mine.high(), claim.bound.backend().data());
  const bool true_for_all = claim.below ? (claim.strict ? high < 0 : high <= 0) : (claim.strict ? low > 0 : low >= 0);
  const bool false_for_all = claim.below ? (claim.strict ? low >= 0 : low > 0) : (claim.strict ? high <= 0 : high < 0);
  if (!true_for_all && !false_for_all) return Found::undecided;
  return true_for_all == (stated.verdict == Verdict::proved) ? Found::verified : Found::wrong;
}

}  // namespace benign::checker

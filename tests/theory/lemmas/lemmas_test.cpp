// The lemmas: proven over their whole domain at C = 1, refuted by a counterexample above their sharp constant, and each
// margin's sign against the claim itself, evaluated at points from its own words.

#include "tests/support/compare.hpp"
#include "theory/numbers/branch_and_bound.hpp"
#include "theory/lemmas/growth.hpp"
#include "theory/lemmas/lemmas.hpp"

#include <algorithm>
#include <array>
#include <random>

using namespace benign;
using namespace benign::theory;

namespace {

const Lemma& lemma(const std::string& id) {
  for (const auto& candidate : lemmas())
    if (candidate.id == id) return candidate;
  throw std::out_of_range(id);
}

/// At C = 1 + excess, for every T unless one is given.
Minimum smallest_margin(const Lemma& lemma, const Interval& excess, const Interval& t = every_T()) {
  return minimum([&](const Interval& z) { return lemma.margin(z, t, excess); }, interval(0, 1), 1e-12, 20'000);
}

/// Random points: the margin has the sign of the claim's own slack, where neither is too small to tell. C is drawn from
/// both sides of 1. `point` draws a point of the domain and returns (z, slack of the claim at C).
template <class Point>
void check_against_claim(const Lemma& lemma, Point point) {
  std::mt19937_64 draw(11);
  int held = 0, failed = 0;
  for (int i = 0; i < 3000; ++i) {
    const long T = std::array{3L, 8L, 100L}[i % 3];
    const mp50 off = std::exp2(std::uniform_real_distribution(-14.0, 0.0)(draw));
    const mp50 e = i % 5 == 0 ? mp50(0) : i % 2 == 0 ? mp50(2 * off) : mp50(-off * 0.999);
    const auto [z, slack] = point(draw, T, mp50(1 + e));
    const Interval margin = lemma.margin(interval(z, z), ratio<Interval>(1, T), interval(e, e));
    INFO("T = " << T << ", C - 1 = " << tests::digits(e) << ", z = " << tests::digits(z) << ", slack "
                << representative(slack) << ", margin [" << lower(margin) << ", " << upper(margin) << "]");
    REQUIRE(sign_of(margin) == sign_of(slack));
    if (e <= 0) REQUIRE(slack > 0);
    (slack > 0 ? held : failed) += 1;
  }
  CHECK(held > 200);
  CHECK(failed > 200);
}

/// A number of either sign, from 1e-3 to 60.
mp50 draw_number(std::mt19937_64& draw) {
  const double size = std::exp(std::uniform_real_distribution(std::log(1e-3), std::log(60.0))(draw));
  return draw() % 2 ? size : -size;
}

}  // namespace

TEST_CASE("every lemma is proven over its whole domain and for every T", "[lemmas]") {
  REQUIRE(lemmas().size() == 5);
  for (const auto& lemma : lemmas()) {
    const auto found = smallest_margin(lemma, Interval(0));
    INFO(lemma.id << ": [" << found.lower << ", " << found.upper << "], " << found.boxes << " boxes");
    CHECK(found.lower > 0);
    CHECK(found.upper - found.lower <= 1e-12);
  }
}

TEST_CASE("the smallest margins at C = 1 are those found by hand", "[lemmas]") {
  const auto at = [](const char* id) { return smallest_margin(lemma(id), Interval(0)).upper; };
  CHECK(at("lemma.growth") == Approx(0.25));
  CHECK(at("lemma.inverse") == Approx(1));      // w → 0, from below: 1/2 + K(1)
  CHECK(at("lemma.two_growths") == Approx(1));  // nothing but the factor that vanishes
  CHECK(at("lemma.attention") == Approx(2));    // |y| → ∞, from above
  CHECK(at("lemma.loss_derivative") == Approx(1));
}

TEST_CASE("a constant that weakens a lemma leaves it proven, one that sharpens it has a counterexample", "[lemmas]") {
  for (const auto& lemma : lemmas()) {
    for (const char* C : {"0.001", "0.1", "0.5", "0.9", "0.99", "0.999999", "0.99999999999999999999", "1", "1.0"}) {
      const auto found = smallest_margin(lemma, excess(Decimal(C)));
      INFO(lemma.id << ", C = " << C << ": [" << found.lower << ", " << found.upper << "], " << found.boxes);
      CHECK(found.lower > 0);
    }
    for (const char* C : {"1.00000000000000000001", "1.000001", "1.01", "1.5", "2", "3", "100"}) {
      const auto found = smallest_margin(lemma, excess(Decimal(C)));
      INFO(lemma.id << ", C = " << C << ": [" << found.lower << ", " << found.upper << "] at [" << lower(found.where)
                    << ", " << upper(found.where) << "], " << found.boxes);
      CHECK(found.upper < 0);
      CHECK(upper(lemma.margin(found.where, every_T(), excess(Decimal(C)))) < 0);
    }
  }
}

TEST_CASE("a lemma's constant is its decimal", "[lemmas]") {
  // Next to 1 by less than a double can tell, and further from it than fifty digits can hold.
  CHECK(sign_of(excess(Decimal("1.00000000000000000001"))) == Sign::positive);
  CHECK(sign_of(excess(Decimal("0.99999999999999999999"))) == Sign::negative);
  CHECK(sign_of(excess(Decimal("1.0000000000000000000000000000000000000000000000000000000000001"))) == Sign::positive);
  CHECK(sign_of(excess(Decimal("1.000"))) == Sign::zero);
  const Interval tenth = excess(Decimal("0.1")) + 1;
  CHECK(contains(tenth, ratio<Interval>(1, 10)));
  CHECK(width(tenth) < 1e-48);
  CHECK_FALSE(contains(tenth, 0.1));  // the double
}

TEST_CASE("the difference of the two inverses is bounded for every T at once", "[lemmas]") {
  const auto& claim = lemma("lemma.two_growths");
  for (const long T : {3L, 4L, 8L, 100L, 1'000'000L}) {
    const Interval t = ratio<Interval>(1, T);
    CHECK(contains(every_T(), t));
    // At C = 1 ± 1/10 the margin of all T together is no larger than that of one.
    for (const char* C : {"0.9", "1.1"}) {
      const Interval e = excess(Decimal(C));
      for (const double z : {0.0, 0.25, 0.5, 1.0})
        CHECK(lower(claim.margin(interval(z, z), every_T(), e)) <= lower(claim.margin(interval(z, z), t, e)));
    }
  }
  // From below 1/2 is the best factor for all T only: at T = 3, y in the middle, 2D/δ = 2 − 4U(δ/2)/δ = 1.000854…, and
  // the claim at C = 1.0008 holds there, while as T → ∞ it does not.
  const Interval e = excess(Decimal("1.0008"));
  CHECK(lower(claim.margin(Interval(1), ratio<Interval>(1, 3), e)) > 0);
  CHECK(upper(claim.margin(Interval(1), ratio<Interval>(1, 1000), e)) < 0);
  CHECK(upper(claim.margin(Interval(1), ratio<Interval>(1, 3), excess(Decimal("1.0009")))) < 0);
}

TEST_CASE("margins are those of the claims", "[lemmas]") {
  check_against_claim(lemma("lemma.growth"), [](auto& draw, long T, const mp50& C) {
    const mp50 y = draw_number(draw), x = y + log(mp50(T - 1));  // y ≠ 0: no equality
    return std::pair<mp50, mp50>(exp(-abs(y)), growth_slope(x, T - 1) - 4 * C);
  });
  check_against_claim(lemma("lemma.inverse"), [](auto& draw, long T, const mp50& C) {
    const mp50 log_m = log(mp50(T - 1)), x = log_m + draw_number(draw), y = growth(x, T - 1);
    const mp50 w = abs(mp50(y / 2 - log_m)), u = abs(mp50(growth_inverse(y, T - 1) - log_m));
    return std::pair<mp50, mp50>(exp(-u),
                                 std::min<mp50>(mp50(u - log1p(mp50(C * w / 2))), mp50(log1p(mp50(2 * w / C)) - u)));
  });
  check_against_claim(lemma("lemma.two_growths"), [](auto& draw, long T, const mp50& C) {
    const mp50 log_m = log(mp50(T - 1)), log_T = log(mp50(T)), delta = log_T - log_m;
    const mp50 y = growth(mp50(log_m + draw_number(draw)), T - 1);
    const mp50 x_m = growth_inverse(y, T - 1), x_T = growth_inverse(y, T), D = x_T - x_m;
    return std::pair<mp50, mp50>(1 / cosh(mp50((x_m - log_m + x_T - log_T) / 2)),
                                 std::min<mp50>(mp50(D - C * delta / 2), mp50(delta / C - D)));
  });
  check_against_claim(lemma("lemma.attention"), [](auto& draw, long T, const mp50& C) {
    const mp50 y = draw_number(draw), gap = y + log(mp50(T - 1));
    const mp50 s = exp(gap) / (exp(gap) + (T - 1)), not_s = (T - 1) / (exp(gap) + (T - 1));
    return std::pair<mp50, mp50>(
        exp(-abs(y)), std::min<mp50>(mp50(s * not_s - C * exp(-abs(y)) / 4), mp50(exp(-abs(y)) / C - s * not_s)));
  });
  check_against_claim(lemma("lemma.loss_derivative"), [](auto& draw, long, const mp50& C) {
    const mp50 V = abs(draw_number(draw)), z = exp(-V);
    mp50 slack = 1;
    for (const int percent : {-100, -99, -50, 0, 30, 100}) {
      const mp50 f = V * percent / 100, sigma = 1 / (1 + exp(f));
      slack = std::min<mp50>(slack, std::min<mp50>(mp50(sigma - C * z / 2), mp50(1 - C * z / 2 - sigma)));
    }
    return std::pair<mp50, mp50>(z, slack);
  });
}

TEST_CASE("the smallest difference of the two inverses is log(T/(T−1)) − 2U(log(T/(T−1))/2)", "[lemmas]") {
  for (const long T : {3L, 8L, 100L}) {
    const mp50 log_m = log(mp50(T - 1)), log_T = log(mp50(T)), delta = log_T - log_m;
    const mp50 smallest = delta - 2 * growth_root(mp50(delta / 2));
    const auto difference = [&](const mp50& y) { return mp50(growth_inverse(y, T) - growth_inverse(y, T - 1)); };
    tests::require_close<mp50>(difference(mp50(log_m + log_T)), smallest, 1e-46);
    for (const double step : {-30.0, -1.0, -1e-3, 1e-3, 1.0, 30.0}) CHECK(difference(log_m + log_T + step) > smallest);
    // δ/2 + δ³/384 to leading order: the factor 1/2 is the best one for all T.
    CHECK(representative<mp50>((smallest - delta / 2) / (delta * delta * delta)) == Approx(1 / 384.0).epsilon(0.01));
  }
}

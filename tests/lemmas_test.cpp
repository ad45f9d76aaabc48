// The lemmas: proven over their whole domain at C = 1, refuted by a counterexample above their sharp constant, and each
// margin's sign against the claim itself, evaluated at points from its own words.

#include "compare.hpp"
#include "theory/branch_and_bound.hpp"
#include "theory/growth.hpp"
#include "theory/lemmas.hpp"

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

Minimum smallest_margin(const Lemma& lemma, long T, const Interval& C) {
  return minimum([&](const Interval& z) { return lemma.margin(z, T, C); }, interval(0, 1), 1e-12, 20'000);
}

/// Random points: the margin has the sign of the claim's own slack, where neither is too small to tell. Every outcome
/// must have come up. `point` draws a point of the domain and returns (z, slack of the claim at C).
template <class Point>
void check_against_claim(const Lemma& lemma, Point point) {
  std::mt19937_64 draw(11);
  int held = 0, failed = 0;
  for (int i = 0; i < 3000; ++i) {
    const long T = std::array{3L, 8L, 100L}[i % 3];
    const mp50 C =
        i % 5 == 0 ? mp50(1) : mp50(1 + lemma.sharp * std::exp2(std::uniform_real_distribution(-14.0, 1.0)(draw)));
    const auto [z, slack] = point(draw, T, C);
    const Interval margin = lemma.margin(interval(z, z), T, interval(C, C));
    INFO("T = " << T << ", C = " << tests::digits(C) << ", z = " << tests::digits(z) << ", slack "
                << representative(slack) << ", margin [" << lower(margin) << ", " << upper(margin) << "]");
    REQUIRE(sign_of(margin) == sign_of(slack));
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

TEST_CASE("every lemma is proven over its whole domain", "[lemmas]") {
  REQUIRE(lemmas().size() == 5);
  for (const auto& lemma : lemmas())
    for (const long T : {3L, 4L, 8L, 100L, 1'000'000L}) {
      const auto found = smallest_margin(lemma, T, Interval(1));
      INFO(lemma.id << ", T = " << T << ": [" << found.lower << ", " << found.upper << "], " << found.boxes
                    << " boxes");
      CHECK(found.lower > 0);
      CHECK(found.upper - found.lower <= 1e-12);
    }
}

TEST_CASE("the smallest margins at C = 1 are those found by hand", "[lemmas]") {
  const auto at = [](const char* id, long T) { return smallest_margin(lemma(id), T, Interval(1)).upper; };
  CHECK(at("lemma.growth", 8) == Approx(0.25));  // |y| → ∞
  CHECK(at("lemma.inverse", 8) == Approx(1));    // w → 0, from below: 1/2 + K(1)
  CHECK(at("lemma.attention", 8) == Approx(2));  // |y| → ∞, from above
  CHECK(at("lemma.loss_derivative", 8) == Approx(1));
  for (const long T : {3L, 100L}) {  // y in the middle, from below: sinh(δ/4)/(δ/4) − 1
    const double quarter = std::log1p(1.0 / static_cast<double>(T - 1)) / 4;
    CHECK(at("lemma.two_growths", T) == Approx(quarter * quarter / 6).epsilon(1e-3));
  }
}

TEST_CASE("above its sharp constant every lemma has a counterexample", "[lemmas]") {
  for (const auto& lemma : lemmas())
    for (const long T : {3L, 8L, 100L})
      for (const char* factor : {"1.01", "1.000001", "1.5"}) {
        const Interval C = Interval(lemma.sharp) * Interval(factor);
        const auto found = smallest_margin(lemma, T, C);
        INFO(lemma.id << ", T = " << T << ", C = " << representative(C) << ": [" << found.lower << ", " << found.upper
                      << "] at [" << lower(found.where) << ", " << upper(found.where) << "], " << found.boxes);
        CHECK(found.upper < 0);
        CHECK(upper(lemma.margin(found.where, T, C)) < 0);
      }
  CHECK(smallest_margin(lemma("lemma.growth"), 8, Interval("1.999")).lower > 0);
}

TEST_CASE("margins are those of the claims", "[lemmas]") {
  check_against_claim(lemma("lemma.growth"), [](auto& draw, long T, const mp50& C) {
    const mp50 y = draw_number(draw), x = y + log(mp50(T - 1));
    return std::pair<mp50, mp50>(exp(-abs(y)), growth_slope(x, T - 1) - 4 * (C - 1));
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

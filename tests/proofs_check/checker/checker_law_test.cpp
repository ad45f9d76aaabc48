// The checker's own sums of the test inputs' law: against closed forms, and beside the prover's, which share no code.

#include "proofs_check/checker/arithmetic/sum_line.hpp"
#include "proofs_check/checker/test_error.hpp"
#include "sim/generalisation/enclosed_test.hpp"
#include "tests/support/random_input.hpp"
#include "tests/support/turned_transforms.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace benign;
using namespace benign::checker;

namespace {

Interval at_a_point(double x) { return Interval::exactly(x); }

bool holds(const Interval& x, double value) {
  return mpfr_cmp_d(x.low(), value) <= 0 && mpfr_cmp_d(x.high(), value) >= 0;
}

}  // namespace

TEST_CASE("checker: the law of a sum with one share is a normal variable's", "[checker]") {
  const WorkingBits bits(96);
  for (const auto& [m, b, a, c] : {std::tuple{0.5, 1.5, 0.5, 0.25},
                                   {-1.0, 0.25, 2.0, -0.5},
                                   {0.0, -1.0, 0.25, 0.75},
                                   {0.25, 2.0, 0x1p-7, -0.25},
                                   {-0.5, 1.0, 0x1p-20, 0.375}}) {
    const SumLaw law{
        {{at_a_point(m), at_a_point(b), 1}}, at_a_point(a), at_a_point(c), sqrt(Interval(1) - square(at_a_point(c)))};
    const auto found = negative_sum(law);
    REQUIRE(found);
    INFO("b " << b << ", a " << a << ": " << found->lower_text(12) << ", " << found->upper_text(12));
    CHECK(holds(*found, std::erfc(b / std::sqrt(2.0)) / 2));
    CHECK(found->width() < 1e-5);
    constexpr double xi = 0.25;
    double re = 0, im = 0;
    for (double z = -9; z <= 9; z += 0x1p-5) {
      const double x = xi * (b + z), weight = 0x1p-5 * std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
      re += weight * std::log1p(x * x) / 2, im += weight * std::atan(x);
    }
    const auto logs = quotient_logs(law, {at_a_point(xi)});
    REQUIRE(logs);
    CHECK(holds((*logs)[0].re, re));
    CHECK(holds((*logs)[0].im, im));
    CHECK((*logs)[0].re.width() < 2e-7);
  }
}

TEST_CASE("checker: the transforms off the real line are within the bounds of a turned A", "[checker]") {
  const WorkingBits bits(96);
  tests::RandomInput draw(21);
  int looked_at = 0;
  for (int k = 0; k < 12; ++k) {
    const sim::Ray ray = k % 2 ? sim::Ray{1, draw.between(0.01, 0.3)} : sim::Ray{0, 1};
    const double a = std::exp(draw.between(-7, 0)), c = draw.between(-0.6, 0.6), eta = draw.between(0.05, 0.65);
    sim::ShareLaw drawn{{}, a, c};
    SumLaw law{{}, at_a_point(a), at_a_point(c), sqrt(Interval(1) - square(at_a_point(c)))};
    for (long kind = draw.whole(1, 3); kind > 0; --kind) {
      drawn.kinds.push_back({draw.between(-2, 2), draw.between(-3, 3), draw.whole(1, 3)});
      const auto& last = drawn.kinds.back();
      law.shares.push_back({at_a_point(last.m), at_a_point(last.b), last.count});
    }
    const SumLine line(law, ray.kappa, at_a_point(ray.xi), 1e-5);
    const Interval bound = line.with_A_turned(-3, 1, at_a_point(eta));
    if (!std::isfinite(bound.above())) continue;
    ++looked_at;
    INFO("kappa " << ray.kappa << ", xi " << ray.xi << ", a " << a << ", c " << c << ", eta " << eta);
    for (const double height : {eta, -eta, eta / 2}) {
      const double far_left = tests::integral(-25, -3, [&](double u) {
        return std::abs(tests::transforms(drawn, ray, {u, height}) - 1.0);
      });
      const double rest = tests::integral(-3, 7, [&](double u) {
        return std::abs(tests::transforms(drawn, ray, {u, height}));
      });
      CHECK(far_left + rest <= bound.above());
    }
  }
  CHECK(looked_at >= 8);
  // With c = 0 one share is at most e^{b² sin²η/(2 cos 2η)}, of which the bound is the square, or more by sin η ≤ η.
  for (const double eta : {0.2, 0.5}) {
    const SumLaw law{{{at_a_point(0), at_a_point(2), 1}}, at_a_point(0x1p-8), at_a_point(0), at_a_point(1)};
    const double largest = std::exp(4 * std::sin(eta) * std::sin(eta) / (2 * std::cos(2 * eta)));
    const Interval bound = SumLine(law, 0, at_a_point(1), 1e-5).with_A_turned(-40, 40, at_a_point(eta));
    CHECK(bound.above() >= 80 * largest * largest);
    CHECK(bound.above() <= 80 * largest * largest * std::exp(4 * eta * eta));
  }
}

TEST_CASE("checker: the test error and loss lie where the prover has them", "[checker]") {
  const WorkingPrecision precision(128);
  for (const auto& [T, mu, plus, minus, norm2] : {std::tuple{8L, "5", 0.226, 0.31, 0.309},
                                                  {3L, "3", 1.0, -1.0, 1.0},
                                                  {5L, "20", 0.5, 0.75, 4.0},
                                                  {4L, "3", -0.004, 0.0067, 9.2e-5}}) {
    theory::Parameters p;
    p.T = T, p.mu = theory::Decimal(mu);
    const Interval error = test_error(p, at_a_point(plus), at_a_point(minus), at_a_point(norm2));
    const Interval loss = test_loss(p, at_a_point(plus), at_a_point(minus), at_a_point(norm2));
    const sim::EnclosedScalars q{Enclosure(plus), Enclosure(minus), Enclosure(norm2)};
    const Enclosure sharp = sim::enclosed_test_error(p, q, [](const Enclosure& x) { return width(x) < 1e-9; });
    INFO("mu " << mu << ": error " << error.lower_text(12) << ", " << error.upper_text(12) << " and " << lower(sharp)
               << ", " << upper(sharp) << ", loss " << loss.lower_text(12) << ", " << loss.upper_text(12));
    CHECK((holds(error, lower(sharp)) && holds(error, upper(sharp))));
    CHECK(error.width() < 1e-5);
    const Enclosure prover_loss = sim::enclosed_test_loss(p, q);
    CHECK((mpfr_cmp_d(loss.low(), upper(prover_loss)) <= 0 && mpfr_cmp_d(loss.high(), lower(prover_loss)) >= 0));
    CHECK(loss.width() < 2e-4);
  }
}

// The checker's own sums of the test inputs' law: against closed forms, and beside the prover's, which share no code.

#include "proofs_check/checker/arithmetic/sum_law.hpp"
#include "proofs_check/checker/test_error.hpp"
#include "sim/generalisation/enclosed_test.hpp"

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
  for (const auto& [m, b, a, c] : {std::tuple{0.5, 1.5, 0.5, 0.25}, {-1.0, 0.25, 2.0, -0.5}, {0.0, -1.0, 0.25, 0.75}}) {
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

TEST_CASE("checker: the test error and loss lie where the prover has them", "[checker]") {
  const WorkingPrecision precision(128);
  for (const auto& [T, mu, plus, minus, norm2] :
       {std::tuple{8L, "5", 0.226, 0.31, 0.309}, {3L, "3", 1.0, -1.0, 1.0}, {5L, "20", 0.5, 0.75, 4.0}}) {
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

// The proven minimum on functions whose minimum is known.

#include "tests/support/compare.hpp"
#include "theory/numbers/branch_and_bound.hpp"

using namespace benign;
using namespace benign::theory;

namespace {

void check_minimum(const std::function<Interval(const Interval&)>& f, const Interval& domain, double expected,
                   double at) {
  const auto found = minimum(f, domain, 1e-6, 100'000);
  INFO("[" << found.lower << ", " << found.upper << "] after " << found.boxes << " boxes");
  CHECK(found.lower <= expected);
  CHECK(found.upper >= expected);
  CHECK(found.upper - found.lower <= 1e-6 * std::max(1.0, std::abs(expected)) * (1 + 1e-5));
  CHECK(contains(found.where, at));
}

}  // namespace

TEST_CASE("known minima are enclosed", "[branch_and_bound]") {
  check_minimum([](const Interval& x) { return Interval(x * x - x); }, interval(0, 1), -0.25, 0.5);
  check_minimum([](const Interval& x) { return Interval(cosh(x)); }, interval(-3, 2), 1, 0);
  // At either end of the domain.
  check_minimum([](const Interval& x) { return Interval(exp(x)); }, interval(0, 2), 1, 0);
  check_minimum([](const Interval& x) { return Interval(-x * x * x); }, interval(-1, 2), -8, 2);
  // A constant, and a domain of one point.
  check_minimum([](const Interval&) { return Interval(7); }, interval(0, 2), 7, 1);
  check_minimum([](const Interval& x) { return Interval(x * x); }, interval(3, 3), 9, 3);
}

TEST_CASE("a function that is negative on a tiny interval only comes back with it", "[branch_and_bound]") {
  // (x − 1/3)² < 10⁻¹⁸ exactly for |x − 1/3| < 10⁻⁹.
  const auto f = [](const Interval& x) {
    const Interval y = x - ratio<Interval>(1, 3);
    return Interval(y * y - Interval("1e-18"));
  };
  const auto found = minimum(f, interval(0, 1), 1e-19, 100'000);
  CHECK(found.upper < 0);
  CHECK(found.lower <= -1e-18);
  CHECK(found.lower > -1.2e-18);
  CHECK(upper(f(found.where)) < 0);
  CHECK(width(found.where) > 0);
  CHECK(contains(ratio<Interval>(1, 3) + interval(-1e-9, 1e-9), found.where));
}

TEST_CASE("infinite values and values that do not exist", "[branch_and_bound]") {
  // x − log x ≥ 1, +∞ at 0.
  check_minimum([](const Interval& x) { return Interval(x - log(x)); }, interval(0, 4), 1, 1);
  // Nothing is known: no bound, and no claim of one.
  const auto nothing = minimum([](const Interval& x) { return Interval(log(-1 - x)); }, interval(0, 1), 1e-9, 1000);
  CHECK(nothing.lower == -std::numeric_limits<double>::infinity());
  CHECK(nothing.upper == std::numeric_limits<double>::infinity());
  CHECK(nothing.boxes >= 1000);
  // Unbounded below: the bound from above goes on falling, that from below says so.
  const auto unbounded = minimum([](const Interval& x) { return Interval(log(x)); }, interval(0, 1), 1e-9, 200);
  CHECK(unbounded.lower == -std::numeric_limits<double>::infinity());
  CHECK(unbounded.upper < -50);
  CHECK(upper(log(unbounded.where)) < 0);
}

TEST_CASE("a bound on the boxes is kept, and the enclosure still holds", "[branch_and_bound]") {
  const auto found = minimum([](const Interval& x) { return Interval(x * x - x); }, interval(0.125, 1), 1e-30, 51);
  CHECK(found.boxes <= 52);
  CHECK(found.lower < -0.25);
  CHECK(found.upper >= -0.25);
}

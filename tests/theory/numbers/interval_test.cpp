// Interval arithmetic against 100 digits: every result contains the exact one, and is no wider than rounding makes it.

#include "tests/support/compare.hpp"
#include "theory/numbers/interval.hpp"
#include "theory/model/model.hpp"

#include <functional>
#include <random>

using namespace benign;

namespace {

/// A number with 50 random digits, |x| = 2^e with e uniform on [lowest, highest].
mp50 random_number(std::mt19937_64& draw, double lowest, double highest) {
  mp50 x = 1;
  for (int part = 0; part < 3; ++part) x += ldexp(mp50(draw()), -64 * (part + 1));
  const int exponent = static_cast<int>(std::uniform_real_distribution(lowest, highest)(draw));
  return ldexp(draw() % 2 ? x : mp50(-x), exponent);
}

struct Operation {
  const char* name;
  std::function<Interval(const Interval&, const Interval&)> on_intervals;
  std::function<mp100(const mp100&, const mp100&)> exact;
  double highest;  ///< largest exponent of the arguments
  int sign = 0;    ///< +1: positive arguments only, −1: first argument above −1 only
};

#define BENIGN_OPERATION(name, expression, ...)                                                          \
  Operation {                                                                                            \
    name, [](const Interval& x, [[maybe_unused]] const Interval& y) -> Interval { return expression; },  \
        [](const mp100& x, [[maybe_unused]] const mp100& y) -> mp100 { return expression; }, __VA_ARGS__ \
  }

const std::vector<Operation>& operations() {
  static const std::vector<Operation> list{
      BENIGN_OPERATION("+", x + y, 60),
      BENIGN_OPERATION("-", x - y, 60),
      BENIGN_OPERATION("*", x * y, 60),
      BENIGN_OPERATION("/", x / y, 60),
      BENIGN_OPERATION("exp", exp(x), 12),
      BENIGN_OPERATION("log", log(x), 60, +1),
      BENIGN_OPERATION("log1p", log1p(x), 60, -1),
      BENIGN_OPERATION("expm1", expm1(x), 12),
      BENIGN_OPERATION("sinh", sinh(x), 12),
      BENIGN_OPERATION("cosh", cosh(x), 12),
      BENIGN_OPERATION("sqrt", sqrt(x), 60, +1),
      BENIGN_OPERATION("asinh", asinh(x), 60),
  };
  return list;
}

/// Points: the result contains the exact one and is at most two units in the last place wide. Intervals of any width:
/// the result contains the exact results at both ends and in the middle.
void check_containment(const Operation& operation, int count) {
  INFO(operation.name);
  std::mt19937_64 draw(7);
  const double ulp = unit_roundoff<Interval>();
  long outside = 0, wide = 0, outside_of_wide = 0;
  const auto argument = [&] {
    mp50 x = random_number(draw, -60, operation.highest);
    if (operation.sign == +1 || (operation.sign == -1 && x <= -1)) x = abs(x);
    return x;
  };
  for (int i = 0; i < count; ++i) {
    const mp50 x = argument(), y = random_number(draw, -60, 60);
    const Interval at_point = operation.on_intervals(interval(x, x), interval(y, y));
    const mp100 exact = operation.exact(mp100(x), mp100(y));
    outside += !contains(at_point, exact);
    wide += !(mp100(upper_end(at_point)) - mp100(lower_end(at_point)) <= 2 * ulp * abs(exact));

    const mp50 other = argument(), a = std::min(x, other), b = std::max(x, other);
    const Interval over_interval = operation.on_intervals(interval(a, b), interval(y, y));
    for (const mp100& point : {mp100(a), mp100(b), mp100((mp100(a) + mp100(b)) / 2)})
      outside_of_wide += !contains(over_interval, mp100(operation.exact(point, mp100(y))));
  }
  CHECK(outside == 0);
  CHECK(wide == 0);
  CHECK(outside_of_wide == 0);
}

}  // namespace

TEST_CASE("intervals contain the exact results of all operations", "[interval]") {
  for (const auto& operation : operations()) check_containment(operation, 2000);
}

TEST_CASE("intervals contain the exact results at 100,000 arguments", "[interval][long]") {
  for (const auto& operation : operations()) check_containment(operation, 100'000);
}

TEST_CASE("without outward rounding nothing would be contained", "[interval]") {
  std::mt19937_64 draw(8);
  int contained = 0;
  for (int i = 0; i < 1000; ++i) {
    const mp50 x = random_number(draw, -10, 8), nearest = exp(x);
    contained += contains(interval(nearest, nearest), mp100(exp(mp100(x))));
  }
  CHECK(contained == 0);
}

TEST_CASE("constants are enclosed, not rounded", "[interval]") {
  CHECK(contains(ratio<Interval>(1, 10), mp100(mp100(1) / 10)));
  CHECK(contains(ratio<Interval>(-2, 3), mp100(mp100(-2) / 3)));
  CHECK(contains(ratio<Interval>(2, -3), mp100(mp100(-2) / 3)));
  CHECK(width(ratio<Interval>(1, 10)) > 0);
  CHECK(width(ratio<Interval>(1, 10)) <= unit_roundoff<Interval>() / 8);
  CHECK(width(ratio<Interval>(3, 4)) == 0);
  CHECK(contains(Interval("0.1"), mp100(mp100(1) / 10)));
  CHECK_FALSE(contains(Interval(0.1), mp100(mp100(1) / 10)));
  CHECK(unit_roundoff<Interval>() == unit_roundoff<mp50>());
}

TEST_CASE("signs, ends and order of intervals", "[interval]") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Interval nan = log(interval(-1, 1));
  CHECK(sign_of(interval(1, 2)) == Sign::positive);
  CHECK(sign_of(interval(-2, -1)) == Sign::negative);
  CHECK(sign_of(Interval(0)) == Sign::zero);
  CHECK(sign_of(interval(-1, 2)) == Sign::unknown);
  CHECK(sign_of(interval(0, 2)) == Sign::unknown);
  CHECK(sign_of(interval(-1, 0)) == Sign::unknown);
  CHECK(is_nan(nan));
  CHECK(sign_of(nan) == Sign::unknown);
  CHECK(std::isnan(lower(nan)));
  CHECK(std::isnan(upper(nan)));
  CHECK(std::isnan(width(nan)));
  CHECK(representative(interval(1, 2)) == 1.5);

  // What does not exist stays so, whatever it meets.
  const Interval zero(0), positive = interval(1, 2), unbounded = interval(0, infinity);
  for (const Interval& with_nan :
       {Interval(nan + 1),        Interval(1 - nan),         Interval(nan * zero),      Interval(zero * nan),
        Interval(nan * positive), Interval(nan / positive),  Interval(positive / nan),  Interval(nan * nan),
        Interval(-nan),           Interval(hull(nan, zero)), Interval(hull(zero, nan)), Interval(exp(nan)),
        Interval(cosh(nan)),      Interval(sinh(nan)),       Interval(expm1(nan)),      Interval(log1p(nan)),
        Interval(sqrt(nan)),      Interval(asinh(nan)),      Interval(nan * 2),         Interval(nan / 2L)})
    CHECK(is_nan(with_nan));
  // ∞ − ∞ and 0 · ∞ at the ends never leave numbers out.
  for (const Interval& all : {Interval(unbounded - unbounded), Interval(unbounded / unbounded)})
    CHECK((is_nan(all) || contains(all, unbounded)));
  CHECK((is_nan(zero * unbounded) || contains(zero * unbounded, 0.0)));
  CHECK((is_nan(zero / interval(0, 1)) || contains(zero / interval(0, 1), 0.0)));
  CHECK((is_nan(positive / zero) || upper(positive / zero) == infinity));

  // Ends as doubles go outward, also where they leave the doubles.
  CHECK(lower(Interval("0.1")) < 0.1);
  CHECK(upper(Interval("0.1")) == 0.1);
  CHECK(lower(exp(Interval(1000))) == std::numeric_limits<double>::max());
  CHECK(upper(exp(Interval(1000))) == infinity);
  CHECK(lower(exp(Interval(-1000))) == 0);
  CHECK(upper(exp(Interval(-1000))) == std::numeric_limits<double>::denorm_min());
  CHECK(width(interval(-1, 2)) == 3);
  CHECK(midpoint(interval(-1, 2)) == 0.5);
  const auto [left, right] = halves(interval(0, 1));
  CHECK(upper_end(left) == 0.5);
  CHECK(lower_end(right) == 0.5);

  CHECK(certainly_less(interval(0, 1), interval(2, 3)));
  CHECK_FALSE(certainly_less(interval(0, 1), interval(1, 3)));
  CHECK_FALSE(certainly_less(interval(0, 2), interval(1, 3)));
  CHECK_FALSE(certainly_less(nan, interval(1, 3)));
  CHECK(intersects(interval(0, 1), interval(1, 3)));
  CHECK_FALSE(intersects(interval(0, 1), interval(2, 3)));
  CHECK_FALSE(intersects(nan, nan));
  CHECK(contains(interval(0, 2), interval(1, 2)));
  CHECK_FALSE(contains(interval(0, 2), interval(1, 3)));
  CHECK(contains(interval(0, 2), 2.0));
  CHECK_FALSE(contains(nan, 0.0));
  CHECK(contains(hull(interval(0, 1), interval(2, 3)), 1.5));
  CHECK(lower(lesser(interval(0, 4), interval(1, 2))) == 0);
  CHECK(upper(lesser(interval(0, 4), interval(1, 2))) == 2);
  CHECK(is_nan(lesser(nan, Interval(1))));
  CHECK(is_nan(lesser(Interval(1), nan)));

  CHECK(upper(1 / interval(0, 1)) == infinity);
  CHECK(lower(1 / interval(0, 1)) == 1);
  CHECK(upper(exp(interval(-infinity, 0))) == 1);
  CHECK(lower(exp(interval(-infinity, 0))) == 0);
}

TEST_CASE("model code takes intervals", "[interval]") {
  CHECK(contains(theory::head_scale<Interval>(), theory::head_scale<mp100>()));
  CHECK(contains(theory::loss_floor<Interval>(), theory::loss_floor<mp100>()));
  CHECK(width(theory::loss_floor<Interval>()) < 8 * unit_roundoff<Interval>());
}

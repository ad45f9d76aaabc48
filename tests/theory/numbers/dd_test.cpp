// Pairs of doubles against MPFR, which shares nothing with them.

#include "theory/numbers/real.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <sstream>

using namespace benign;

namespace {

using Wide = Mpfr<700>;

class Draw {
 public:
  double uniform(double from, double to) { return from + (to - from) * static_cast<double>(engine_() >> 11) * 0x1p-53; }
  dd pair(double from, double to) {
    const double head = uniform(from, to);
    return dd::sum(head, head * uniform(-0.5, 0.5) * 0x1p-53);
  }
  /// ± a size between 2^from and 2^to, evenly in its logarithm.
  dd sized(double from, double to, bool negative_too = true) {
    const dd size = pair(1, 2) * dd(std::exp2(uniform(from, to)));
    return negative_too && (engine_() & 1) != 0 ? -size : size;
  }

 private:
  std::mt19937_64 engine_{11};
};

/// The largest relative error in units of 2^−106, with the argument.
struct Worst {
  double units = 0;
  dd at;
};
template <class Arguments, class Computed, class Exact>
Worst worst_of(long count, const Arguments& arguments, const Computed& computed, const Exact& exact) {
  Worst worst;
  for (long k = 0; k < count; ++k) {
    const dd x = arguments();
    const Wide expected = exact(Wide(x)), off = abs(Wide(Wide(computed(x)) - expected));
    const double units =
        expected == 0 ? (off == 0 ? 0 : HUGE_VAL) : static_cast<double>(ldexp(Wide(off / abs(expected)), 106));
    if (!(units <= worst.units)) worst = {units, x};
  }
  return worst;
}

#define CHECK_FUNCTION(count, function, limit, arguments)                                                      \
  {                                                                                                            \
    const Worst worst = worst_of(                                                                              \
        count, arguments, [](const dd& x) { return function(x); }, [](const Wide& x) { return function(x); }); \
    INFO(#function ": " << worst.units << " units at " << worst.at.str(34));                                   \
    CHECK(worst.units <= limit);                                                                               \
  }

void check_functions(long count) {
  Draw draw;
  // Everywhere; near 0, near 1 and near −1, where they cancel; where e^x is about to overflow, or to lose digits.
  CHECK_FUNCTION(count, exp, 4, [&] { return draw.pair(-660, 709.78); });
  CHECK_FUNCTION(count, exp, 4, [&] { return draw.sized(-110, 5); });
  CHECK_FUNCTION(count, expm1, 4, [&] { return draw.sized(-400, 1); });
  CHECK_FUNCTION(count, expm1, 4, [&] { return draw.pair(-100, 709.78); });
  CHECK_FUNCTION(count, log, 4, [&] { return draw.sized(-950, 1020, false); });
  CHECK_FUNCTION(count, log, 4, [&] { return draw.pair(0.5, 2); });
  CHECK_FUNCTION(count, log, 4, [&] { return dd(1) + draw.sized(-100, -2); });
  CHECK_FUNCTION(count, log1p, 4, [&] { return draw.sized(-400, -1); });
  CHECK_FUNCTION(count, log1p, 4, [&] { return draw.sized(-30, 1020, false); });
  CHECK_FUNCTION(count, log1p, 4, [&] { return dd(-1) + draw.sized(-90, -1, false); });
  CHECK_FUNCTION(count, sqrt, 4, [&] { return draw.sized(-950, 1020, false); });
  CHECK_FUNCTION(count / 100 + 1, erfc, 1, [&] { return draw.pair(-6, 25); });
}

}  // namespace

TEST_CASE("functions of pairs against MPFR, near their zeros and at their ends", "[dd]") { check_functions(10'000); }
TEST_CASE("functions of pairs against MPFR on 10^6 arguments", "[dd][long]") { check_functions(1'000'000); }

TEST_CASE("sums, products and quotients of pairs against MPFR", "[dd]") {
  Draw draw;
  for (const double spread : {1.0, 60.0, 200.0})
    for (int k = 0; k < 20'000; ++k) {
      const dd x = draw.sized(-spread, spread), y = draw.sized(-spread, spread);
      const Wide a(x), b(y);
      const auto units = [](const dd& computed, const Wide& exact) {
        return exact == 0 ? 0.0 : static_cast<double>(ldexp(Wide(abs(Wide(Wide(computed) - exact)) / abs(exact)), 106));
      };
      REQUIRE(units(x + y, a + b) <= 3.01);
      REQUIRE(units(x - y, a - b) <= 3.01);
      REQUIRE(units(x * y, a * b) <= 5.01);
      REQUIRE(units(x / y, a / b) <= 10.01);
      REQUIRE((x < y) == (a < b));
    }
}

TEST_CASE("pairs at the ends of the range", "[dd]") {
  const dd infinity = std::numeric_limits<dd>::infinity(), nan = std::numeric_limits<dd>::quiet_NaN();
  const dd huge(1e300), tiny(1e-300);
  CHECK(huge * huge == infinity);
  CHECK(-huge * huge == -infinity);
  CHECK(huge + huge == dd(2e300));
  CHECK(dd(1.7e308) + dd(1.7e308) == infinity);
  CHECK(tiny * tiny == dd(0));
  CHECK((huge * tiny).head() == Approx(1));
  CHECK(dd(1) / dd(0) == infinity);
  CHECK(dd(1) / infinity == dd(0));
  CHECK(isnan(dd(0) / dd(0)));
  CHECK(isnan(infinity - infinity));
  CHECK_FALSE(nan == nan);
  CHECK_FALSE(nan < dd(1));
  CHECK(exp(dd(710)) == infinity);
  CHECK(exp(dd(-750)) == dd(0));
  CHECK(exp(-infinity) == dd(0));
  CHECK(isnan(exp(nan)));
  CHECK(expm1(-infinity) == dd(-1));
  CHECK(log(dd(0)) == -infinity);
  CHECK(isnan(log(dd(-1))));
  CHECK(log(infinity) == infinity);
  CHECK(log1p(dd(-1)) == -infinity);
  CHECK(isnan(log1p(dd(-2))));
  CHECK(isnan(log1p(nan)));
  CHECK(exp(dd(0)) == dd(1));
  CHECK(expm1(dd(0)) == dd(0));
  CHECK(log(dd(1)) == dd(0));
  CHECK(log1p(dd(0)) == dd(0));
  for (double x = -745; x < -640; x += 0.25) {  // where the result is no normal number: the last bit that there is
    INFO("e^" << x);
    CHECK(std::abs(exp(dd(x)).head() - std::exp(x)) <= 5e-324 + std::exp(x) * 0x1p-52);
  }
}

TEST_CASE("pairs from and to decimals, whole numbers and other precisions", "[dd]") {
  CHECK(dd("0.1").str(30, std::ios_base::scientific) == "1.000000000000000000000000000000e-01");
  CHECK(abs(Wide(Wide(dd("0.1")) * 10 - 1)) <= ldexp(Wide(1), -107));
  CHECK(dd("-12.5").str(5) == "-12.5");
  CHECK(isnan(dd("12x")));
  CHECK((dd(-1).str(), std::numeric_limits<dd>::infinity().str()) == "inf");
  std::ostringstream text;
  text.precision(25);
  text << dd(1) / dd(3);
  CHECK(text.str() == "0.3333333333333333333333333");
  Draw draw;
  for (int k = 0; k < 1000; ++k) {
    const dd x = draw.sized(-800, 900);
    const dd read(x.str(std::numeric_limits<dd>::max_digits10, std::ios_base::scientific));
    REQUIRE(abs(Wide(Wide(read) - Wide(x))) <= ldexp(abs(Wide(x)), -106));
    REQUIRE(dd(mp100(x)) == x);
    REQUIRE(abs(Wide(Wide(dd(mp100(x) / 3)) * 3 - Wide(x))) <= ldexp(abs(Wide(x)), -106));
  }
  for (const long whole : {0L, 1L, -1L, 1L << 53, (1L << 53) + 1, -(1L << 53) - 1, std::numeric_limits<long>::max(),
                           std::numeric_limits<long>::min(), 16777215L, -16777217L}) {
    CHECK(static_cast<long>(dd(whole)) == whole);
    CHECK(Wide(dd(whole)) == Wide(whole));
  }
  CHECK(static_cast<long>(dd(2.75)) == 2);
  CHECK(static_cast<long>(dd(-2.75)) == -2);
  CHECK(static_cast<long>(dd(3) - dd(1e-20)) == 2);
  CHECK(floor(dd(3) - dd(1e-20)) == dd(2));
}

// e^x by limbs against MPFR's at more digits.

#include "theory/numbers/exponentials.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace benign;

TEMPLATE_TEST_CASE("exponentials of 50 and 100 digits against MPFR", "[exponentials][mp50]", mp50, mp100) {
  using Wide = Mpfr<150>;
  std::mt19937_64 engine(3);
  const auto number = [&] {  // all bits random
    TestType x(0);
    for (int k = 0; k < 7; ++k) x = ldexp(TestType(x + TestType(engine() >> 1)), -63);
    return x;
  };
  const TestType log_2 = log(TestType(2));
  double worst = 0;
  for (int k = 0; k < 20'000; ++k) {
    TestType x = number();
    switch (k % 5) {
      case 0: x *= -40; break;
      case 1: x = ldexp(x, -(k % 900)); break;
      case 2: x = -ldexp(x, k % 29); break;
      case 3:
        x = log_2 * (k % 100 - 50) + ldexp(TestType(x - TestType(1) / 2), -(k % 400));
        break;                                                                              // r near 0 or log 2
      default: x = TestType(k) / 65536 + ldexp(TestType(x - TestType(1) / 2), -(k % 300));  // next to a table's entry
    }
    TestType y;
    elementary::exp(1, &x, &y);
    const Wide exact = exp(Wide(x)), off = abs(Wide(Wide(y) - exact));
    const int place = static_cast<int>(y.backend().data()->_mpfr_exp) - std::numeric_limits<TestType>::digits;
    worst = std::max(worst, static_cast<double>(ldexp(off, -place)));
  }
  CHECK(worst <= 0.51);  // of a unit in the last place

  const TestType infinity = std::numeric_limits<TestType>::infinity();
  for (const TestType& x : {TestType(0), infinity, TestType(-infinity), TestType(1e12), TestType(-1e30), log_2}) {
    TestType y;
    elementary::exp(1, &x, &y);
    CHECK(y == exp(x));
  }
  TestType x = std::numeric_limits<TestType>::quiet_NaN();
  elementary::exp(1, &x, &x);
  CHECK(isnan(x));
}

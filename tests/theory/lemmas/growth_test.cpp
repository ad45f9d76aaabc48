// The growth function and its inverse: values worked out by hand, two routes, every precision.

#include "tests/support/compare.hpp"
#include "theory/lemmas/growth.hpp"
#include "theory/model/model.hpp"

#include <rapidcheck.h>

#include <random>

using namespace benign;
using namespace benign::theory;
using benign::tests::require_close;

namespace {

/// Arguments over the whole range of a double, both signs: denormal, moderate, beyond 1/ε, and the largest.
std::vector<double> arguments() {
  std::vector<double> w{5e-324, 1e-310, 1e-300, 1e-20, 1e-8, 0.1, 1, 2, 30, 1e8, 4.5e15, 4.6e15, 1e30, 1e300, 1.7e308};
  std::mt19937_64 draw(3);
  for (int i = 0; i < 200; ++i) w.push_back(std::exp2(std::uniform_real_distribution(-40.0, 70.0)(draw)));
  for (std::size_t i = w.size(); i-- > 0;) w.push_back(-w[i]);
  return w;
}

}  // namespace

TEMPLATE_TEST_CASE("growth at arguments known by hand", "[growth]", double, dd, mp50, mp100) {
  using Real = TestType;
  using std::log;
  using std::sinh;
  const double tolerance = 4 * unit_roundoff<Real>();
  // sinh log 2 = 3/4, cosh log 2 = 5/4.
  const Real log_2 = log(Real(2));
  CHECK(growth_root(Real(0)) == 0);
  require_close(growth_root<Real>(log_2 + ratio<Real>(3, 4)), log_2, tolerance);
  require_close(growth_root<Real>(-log_2 - ratio<Real>(3, 4)), Real(-log_2), tolerance);
  require_close(growth_root<Real>(1 + sinh(Real(1))), Real(1), tolerance);
  // u = w/2 − w³/96 + … near 0, u = log(2w) − log(2w)/w + … far out.
  require_close(growth_root<Real>(Real(1e-120)), Real(Real(1e-120) / 2), tolerance);
  for (const long m : {1L, 2L, 7L, 99L}) {
    const Real log_m = log(Real(m));
    require_close(growth(log_m, m), Real(2 * log_m), tolerance, 1);
    require_close(growth(Real(log_m + log_2), m), Real(2 * log_m + 2 * log_2 + ratio<Real>(3, 2)), tolerance);
    require_close(growth_slope(log_m, m), Real(4), tolerance);
    require_close(growth_slope(Real(log_m - log_2), m), ratio<Real>(9, 2), 2 * tolerance);
    require_close(growth_inverse(Real(2 * log_m + 2 * log_2 + ratio<Real>(3, 2)), m), Real(log_m + log_2), tolerance);
    require_close(growth_inverse(Real(2 * log_m), m), log_m, tolerance, 1);
  }
}

TEMPLATE_TEST_CASE("the root solves its equation to rounding", "[growth]", double, dd, mp50, mp100) {
  using Real = TestType;
  using std::cosh;
  using std::sinh;
  for (const double argument : arguments()) {
    if (std::abs(argument) < 1e-300) continue;
    const Real w(argument), u = growth_root(w);
    const Real error = (u + sinh(u) - w) / ((1 + cosh(u)) * u);  // relative, of u
    INFO("w = " << argument << ", u = " << tests::digits(u) << ", relative error " << representative(error));
    CHECK(std::abs(representative(error)) <= 4 * unit_roundoff<Real>());
    CHECK(growth_root<Real>(-w) == -u);
  }
}

TEMPLATE_TEST_CASE("the inverse in every precision against 100 digits", "[growth]", double, dd, mp50) {
  using Real = TestType;
  for (const double y : arguments())
    for (const long m : {2L, 7L, 1'000'000L}) {
      INFO("y = " << y << ", m = " << m);
      const double scale = std::log(static_cast<double>(m)) + std::abs(y) * (std::abs(y) < 1);
      require_close<mp100>(mp100(growth_inverse(Real(y), m)), growth_inverse(mp100(y), m), 4 * unit_roundoff<Real>(),
                           scale);
    }
  for (const double w : arguments()) {
    if (std::abs(w) < 1e-300) continue;  // denormal
    INFO("w = " << w);
    require_close<mp100>(mp100(growth_root(Real(w))), growth_root(mp100(w)), 4 * unit_roundoff<Real>());
  }
}

TEST_CASE("the inverse undoes the growth", "[growth][property]") {
  CHECK(rc::check([] {
    const long m = *rc::gen::inRange(1L, 100'000L);
    // As far as g is a double: it grows like e^{|x − log m|}, and e^709 is nearly the largest.
    const double x = std::log(static_cast<double>(m)) + *rc::gen::inRange(-709'000, 709'000) * 1e-3;
    const double scale = std::max(std::abs(x), std::log(static_cast<double>(m)));
    RC_ASSERT(std::abs(growth_inverse(growth(x, m), m) - x) <= 8 * unit_roundoff<double>() * scale);
  }));
}

TEST_CASE("the slope is 1/(s(1 − s)) of one token against m equal others", "[growth]") {
  for (const long m : {2L, 7L, 99L})
    for (const double gap : {-3.0, 0.0, 0.5, 4.0, 20.0}) {
      Samples<mp50> samples;
      samples.n = 1;
      samples.T = m + 1;
      Vector<mp50> logits = Vector<mp50>::Zero(m + 1);
      logits[0] = gap;
      const mp50 s = attention(samples, logits)[0];
      require_close<mp50>(1 / growth_slope(mp50(gap), m), s * (1 - s), 1e-40);
    }
}

TEST_CASE("the growths of T and T − 1 differ by e^x/(T(T−1)) + e^{−x}", "[growth]") {
  for (const long T : {3L, 8L, 100L})
    for (const double x : {-5.0, 0.0, 0.3, 2.0, 40.0})
      require_close<mp100>(growth(mp100(x), T) - growth(mp100(x), T - 1),
                           -exp(mp100(x)) / (T * (T - 1)) - exp(mp100(-x)), 1e-95);
}

TEST_CASE("intervals enclose the growth, its slope and its inverse", "[growth][interval]") {
  for (const double y : arguments()) {
    INFO("argument " << y);
    const Interval root = growth_root(Interval(y)), inverse = growth_inverse(Interval(y), 7);
    CHECK(contains(root, growth_root(mp100(y))));
    CHECK(upper_end(root) - lower_end(root) <= 8 * unit_roundoff<Interval>() * abs(midpoint(root)));
    CHECK(contains(inverse, growth_inverse(mp100(y), 7)));
    if (std::abs(y) > 700) continue;
    CHECK(contains(growth(Interval(y), 7), growth(mp100(y), 7)));
    CHECK(contains(growth_slope(Interval(y), 7), growth_slope(mp100(y), 7)));
  }
  CHECK(contains(growth_root(interval(-1, 5)), growth_root(mp100(-1))));
  CHECK(contains(growth_root(interval(-1, 5)), growth_root(mp100(5))));
  CHECK(growth_root(Interval(0)) == 0);
}

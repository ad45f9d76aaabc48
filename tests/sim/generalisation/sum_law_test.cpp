// The law of an input's sum between bounds: against closed forms (one token's sum has the sign of a normal variable, and
// its quotient is one), and each part of the bounds against the number that it bounds, computed by itself.

#include "sim/generalisation/frequency_line.hpp"
#include "sim/generalisation/sum_law.hpp"
#include "sim/generalisation/unit_circle.hpp"

#include <boost/math/constants/constants.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <complex>
#include <random>

using namespace benign;
using namespace benign::sim;

namespace {

mp50 normal_above(const mp50& x) { return boost::math::erfc(mp50(x / sqrt(mp50(2)))) / 2; }
mp50 exact_pair(const dd& x) { return mp50(x.head()) + mp50(x.tail()); }

using ComplexMp = std::pair<mp50, mp50>;

/// The transform at u by the trapezoidal rule of 50 digits, a step of 1/60 (of 1/150 for large a) and 12 deviations on either
/// side: its own error is below 1e-22 for the laws looked at.
ComplexMp transform_in_50_digits(const ShareLaw& law, const ShareKind& kind, const Ray& ray, double u) {
  const int n = law.a > 2 ? 150 : 60;
  const mp50 r2 = (1 - mp50(law.c)) * (1 + mp50(law.c)), h = mp50(1) / n;
  ComplexMp sum{0, 0};
  for (int k = -12 * n; k <= 12 * n; ++k) {
    const mp50 z = k * h, A = exp(mp50(u) + kind.m + law.a * z), phase = ray.xi * A * (kind.b + law.c * z);
    const mp50 size = exp(-z * z / 2 - ray.kappa * A - mp50(ray.xi) * ray.xi * r2 * A * A / 2);
    sum.first += size * cos(phase), sum.second -= size * sin(phase);
  }
  const mp50 scale = h / sqrt(2 * boost::math::constants::pi<mp50>());
  return {sum.first * scale, sum.second * scale};
}

/// ∫ |integrand| along Im z = δ.
double along_strip(const ShareLaw& law, const ShareKind& kind, const Ray& ray, double u, double delta) {
  double sum = 0;
  constexpr double h = 4e-3;
  for (double x = -12; x <= 12; x += h) {
    const std::complex<double> z(x, delta), i(0, 1), A = std::exp(u + kind.m + law.a * z);
    const std::complex<double> W = -A * (double(ray.kappa) + i * ray.xi * (kind.b + law.c * z)) -
                                   ray.xi * ray.xi * (1 - law.c * law.c) * A * A / 2.0;
    sum += h * std::exp((-z * z / 2.0 + W).real());
  }
  return sum / std::sqrt(2 * std::acos(-1.0));
}

const ShareLaw one_token_laws[] = {
    {{{0.5, 4, 1}}, 0.6, 0.2},         {{{-1, 9, 1}}, 0.3, -0.5}, {{{0, -0.25, 1}}, 1.5, 0.1},
    {{{0.25, 0, 1}}, 0.75, 0.8},       {{{2, 1.5, 1}}, 4, 0},     {{{0.25, 2, 1}}, 0x1p-7, 0.25},
    {{{-0.5, -1, 1}}, 0x1p-20, -0.375}};

}  // namespace

TEST_CASE("points of the circle are within the error that is stated", "[enclosure]") {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(-20, 20);
  for (int k = 0; k < 2000; ++k) {
    const double size = std::exp2(exponent(random));
    const dd angle = dd::sum(k % 2 ? size : -size, size * 0x1p-55);
    if (std::abs(angle.head()) > furthest_angle) continue;
    const CirclePoint found = unit_circle(angle);
    const mp50 error = mp50(std::exp2(-100)) * (1 + abs(exact_pair(angle)));
    INFO("angle " << angle.head());
    CHECK(abs(exact_pair(found.cosine) - cos(exact_pair(angle))) <= error);
    CHECK(abs(exact_pair(found.sine) - sin(exact_pair(angle))) <= error);
  }
  CHECK(exact_pair(unit_circle(dd(0)).sine) == 0);
}

TEST_CASE("a token's transform is within its bound", "[enclosure]") {
  const WorkingPrecision precision(128);
  constexpr double furthest = 9;
  for (const ShareLaw& law : one_token_laws)
    for (const Ray& ray : {Ray{0, 1}, Ray{1, 0}, Ray{1, 0.125}})
      for (const double tolerance : {1e-2, 1e-6, 1e-20}) {
        const TokenIntegral phi(law, law.kinds[0], ray, furthest, tolerance);
        REQUIRE(phi.usable());
        CHECK(phi.error() < 2 * tolerance);
        for (const double u : {-8.0, -2.5, -0.5, 0.25, 3.0}) {
          const ComplexPair found = phi(u);
          const ComplexMp truth = transform_in_50_digits(law, law.kinds[0], ray, u);
          const mp50 re = exact_pair(found.re) - truth.first, im = exact_pair(found.im) - truth.second;
          INFO("a " << law.a << ", kappa " << ray.kappa << ", xi " << ray.xi << ", tolerance " << tolerance << ", u "
                    << u << ": off by " << sqrt(mp50(re * re + im * im)) << " of " << phi.error());
          CHECK(sqrt(mp50(re * re + im * im)) <= phi.error());
        }
      }
}

TEST_CASE("each part of a transform's bound is no less than what it bounds", "[enclosure]") {
  const WorkingPrecision precision(128);
  for (const ShareLaw& law : one_token_laws)
    for (const Ray& ray : {Ray{0, 1}, Ray{1, 0}, Ray{1, 0.125}, Ray{1, 2}})
      for (const double tolerance : {1e-2, 1e-8}) {
        const TokenIntegral phi(law, law.kinds[0], ray, 9, tolerance);
        const auto parts = phi.parts(9);
        double most = 0;
        for (double u = -9; u <= 9; u += 0.5)
          for (const double side : {-1, 1})
            most = std::max(most, along_strip(law, law.kinds[0], ray, u, side * phi.strip()));
        const double turns = std::expm1(2 * std::acos(-1.0) * phi.strip() / phi.step());
        INFO("a " << law.a << ", kappa " << ray.kappa << ", xi " << ray.xi << ", tolerance " << tolerance << ": "
                  << lower(parts.rule) << " for " << 2 * most / turns);
        CHECK(lower(parts.rule) >= 2 * most / turns * (1 - 1e-9));
        CHECK(upper(parts.rule) <= tolerance / 4 * 1.01);
        CHECK(lower(parts.beyond) >=
              std::erfc(static_cast<double>(phi.nodes()) * phi.step() / std::sqrt(2.0)) * (1 - 1e-9));
        CHECK(lower(parts.rounding) > 0);
        // Far to the left everything is replaced by 1, far to the right by 0.
        CHECK(lower(parts.replaced) >= tolerance / 8);
      }
}

TEST_CASE("what a line of nodes leaves out is no more than its bounds", "[enclosure]") {
  const WorkingPrecision precision(128);
  for (const ShareLaw& law : one_token_laws)
    for (const double tolerance : {1e-2, 1e-5}) {
      const Ray ray{0, 1};
      const FrequencyLine line(law, ray, tolerance);
      REQUIRE(line.usable());
      const auto parts = line.parts();
      const double reach = line.furthest() + 60;
      const TokenIntegral phi(law, law.kinds[0], ray, reach, 1e-20);
      double left = 0, right = 0;
      dd sum = 0;
      const long beyond = static_cast<long>(40 / line.step());
      for (long k = -beyond; k < line.nodes() + beyond; ++k) {
        const dd im = phi(line.node(k)).im;
        const double size = std::abs(im.head()) * line.step();
        if (k < 0)
          left += size;
        else if (k >= line.nodes())
          right += size;
        sum += im * dd(line.step());
      }
      const mp50 truth = (normal_above(law.kinds[0].b) - mp50(1) / 2) * boost::math::constants::pi<mp50>();
      const double rule = static_cast<double>(abs(exact_pair(sum) - truth));
      INFO("a " << law.a << ", b " << law.kinds[0].b << ", tolerance " << tolerance << ": rule " << rule << " of "
                << lower(parts.rule) << ", left " << left << " of " << lower(parts.left) << ", right " << right
                << " of " << lower(parts.right));
      CHECK(rule <= lower(parts.rule) + 1e-17);
      CHECK(left <= lower(parts.left));
      CHECK(right <= lower(parts.right));
      CHECK(left > 0);
      CHECK(upper(line.error()) <= tolerance);
    }
}

TEST_CASE("one token's sum has the sign of a normal variable", "[enclosure]") {
  // S = e^{m + az} times a normal variable of mean b and variance 1, whatever a and c are.
  for (const ShareLaw& law : one_token_laws)
    for (const double tolerance : {1e-3, 1e-9, 1e-22}) {
      const auto found = negative_probability(law, tolerance);
      REQUIRE(found);
      INFO("a " << law.a << ", c " << law.c << ": " << lower_text(*found, 25) << ", " << upper_text(*found, 25));
      CHECK(contains(*found, normal_above(law.kinds[0].b)));
      CHECK(width(*found) <= 2 * tolerance);
    }
}

TEST_CASE("tokens with opposite means leave the sign of a sum open", "[enclosure]") {
  for (const double a : {1e-9, 0.05, 0.5, 3.0, 20.0}) {
    const ShareLaw law{{{1, 2, 1}, {1, -2, 1}, {0, 0, 3}}, a, 0};
    const auto found = negative_probability(law, 1e-12);
    REQUIRE(found);
    CHECK(contains(*found, mp50(1) / 2));
    CHECK(width(*found) < 2e-12);
  }
}

TEST_CASE("one token's quotient is a normal variable", "[enclosure]") {
  for (const ShareLaw& law : one_token_laws) {
    const std::vector<double> xi{0.25, 0.03125};
    const auto found = quotient_logarithms(law, xi, 1e-12);
    REQUIRE(found);
    for (std::size_t k = 0; k < xi.size(); ++k) {
      mp50 re = 0, im = 0;
      const mp50 h = mp50(1) / 50, scale = h / sqrt(2 * boost::math::constants::pi<mp50>());
      for (int j = -14 * 50; j <= 14 * 50; ++j) {
        const mp50 z = j * h, x = xi[k] * (law.kinds[0].b + z), weight = scale * exp(-z * z / 2);
        re += weight * log(1 + x * x) / 2, im += weight * atan(x);
      }
      INFO("a " << law.a << ", c " << law.c << ", xi " << xi[k] << ": " << re << " in "
                << lower_text((*found)[k].re, 15) << ", " << upper_text((*found)[k].re, 15) << ", and " << im);
      CHECK(contains((*found)[k].re, re));
      CHECK(contains((*found)[k].im, im));
      CHECK((width((*found)[k].re) < 1e-11 && width((*found)[k].im) < 1e-11));
    }
  }
}

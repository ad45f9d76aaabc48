// The elementary functions against MPFR, in units in the last place of the exact value.

#include "theory/numbers/elementary.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <mpfr.h>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace {

namespace own = benign::elementary;

constexpr double unbounded = std::numeric_limits<double>::infinity();

using OfDouble = double (*)(double);
using OfMpfr = int (*)(mpfr_t, mpfr_srcptr, mpfr_rnd_t);

struct ElementaryCase {
  const char* name;
  OfDouble function;
  OfMpfr exact;
  double low, high;  // arguments are even there, and another half of them even in log |x|
};

const std::vector<ElementaryCase>& elementary_cases() {
  static const std::vector<ElementaryCase> all = {
      {"exp", own::exp, mpfr_exp, -746, 710},
      {"expm1", own::expm1, mpfr_expm1, -45, 710},
      {"log", own::log, mpfr_log, 0, 4},
      {"log1p", own::log1p, mpfr_log1p, -1, 4},
      {"sin", own::sin, mpfr_sin, -1e5, 1e5},
      {"cos", own::cos, mpfr_cos, -1e5, 1e5},
      {"erfc", own::erfc, mpfr_erfc, -6, 27.3},
      {"sinh", own::sinh, mpfr_sinh, -711, 711},
      {"cosh", own::cosh, mpfr_cosh, -711, 711},
      {"atan", own::atan, mpfr_atan, -3, 3},
      {"asinh", own::asinh, mpfr_asinh, -10, 10},
      {"log2", own::log2, mpfr_log2, 0, 4},
      {"log10", own::log10, mpfr_log10, 0, 4},
      {"expm1 near", own::expm1, mpfr_expm1, -1, 1},
      {"exp near", own::exp, mpfr_exp, -1, 1},
      {"log near", own::log, mpfr_log, 0.5, 2},
      {"log1p near", own::log1p, mpfr_log1p, -0.6, 1},
      {"sin near", own::sin, mpfr_sin, -7, 7},
      {"cos near", own::cos, mpfr_cos, -7, 7},
      {"sinh near", own::sinh, mpfr_sinh, -2, 2},
  };
  return all;
}

/// Multiples of half a turn and of log 2, ends of ranges, neighbours of zero, of one, and of where methods change.
std::vector<double> hard_arguments() {
  std::vector<double> seeds = {0,
                               1,
                               0x1.6ac5b262ca1ffp+849,  // next to a multiple of π/2 like no other double
                               0x1.921fb54442d18p+20,
                               0x1p20,
                               0x1p53,
                               0x1p-54,
                               0x1p-1022,
                               0x1p-1074,
                               0x1.fffffffffffffp1023,
                               709.782712893384,
                               745.133219101941,
                               708.396418532264,
                               37.42994775023705,
                               40,
                               45,
                               27.25,
                               27.226017111108366,
                               0.4,
                               std::numbers::sqrt2,
                               1 / std::numbers::sqrt2};
  for (int k = 1; k < 40; ++k)
    seeds.insert(seeds.end(), {k * std::numbers::pi / 2, k * std::numbers::ln2 / 2, k / 16.0, k / 32.0});
  std::vector<double> all;
  for (const double seed : seeds)
    for (const double sign : {1.0, -1.0}) {
      double up = sign * seed, down = up;
      for (int k = 0; k < 3; ++k) {
        all.push_back(up), all.push_back(down);
        up = std::nextafter(up, unbounded), down = std::nextafter(down, -unbounded);
      }
    }
  return all;
}

/// How far `got` is from exact(x), in units in the last place of that; 0 where both are the same infinity or none.
double units_away(double got, const ElementaryCase& one, double x) {
  mpfr_t value, at;
  mpfr_init2(value, 128), mpfr_init2(at, 53);
  mpfr_set_d(at, x, MPFR_RNDN);
  one.exact(value, at, MPFR_RNDN);
  double units = HUGE_VAL;
  const double nearest = mpfr_get_d(value, MPFR_RNDN);
  if (!std::isfinite(got) || !std::isfinite(nearest)) {
    units = got == nearest || (std::isnan(got) && std::isnan(nearest)) ? 0 : HUGE_VAL;
  } else {
    const long exponent = mpfr_zero_p(value) ? -1074 : std::max<long>(mpfr_get_exp(value) - 53, -1074);
    mpfr_sub_d(value, value, got, MPFR_RNDN);
    mpfr_mul_2si(value, value, -exponent, MPFR_RNDN);
    units = std::abs(mpfr_get_d(value, MPFR_RNDN));
  }
  mpfr_clear(value), mpfr_clear(at);
  return units;
}

void compare_elementary(long count) {
  for (const ElementaryCase& one : elementary_cases()) {
    std::mt19937_64 random(20);
    std::uniform_real_distribution<double> even(one.low, one.high), exponent(-60, std::log2(one.high));
    std::vector<double> arguments = hard_arguments();
    // MPFR's own, rounded correctly, takes longer and has less to show.
    const bool slow = std::string(one.name).starts_with("log2") || std::string(one.name).starts_with("log10");
    for (long k = 0; k < (slow ? count / 10 : count); ++k)
      arguments.push_back(k % 2 ? even(random) : std::exp2(exponent(random)) * (one.low < 0 && k % 4 ? -1 : 1));
    double worst = 0, at = 0;
    for (const double x : arguments)
      if (const double units = units_away(one.function(x), one, x); !(units <= worst)) worst = units, at = x;
    INFO(one.name << " at " << at << ": " << worst << " units in the last place");
    CHECK(worst < 1);
  }
}

}  // namespace

TEST_CASE("elementary functions are within one unit in the last place", "[elementary]") { compare_elementary(10'000); }

TEST_CASE("elementary functions are within one unit in the last place, of a million arguments each",
          "[elementary][long]") {
  compare_elementary(1'000'000);
}

TEST_CASE("elementary functions of two numbers, of complex numbers, and quantiles", "[elementary]") {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> even(-8, 8), exponent(-300, 300), part(0, 1);
  mpfr_t y, x, angle;
  mpfr_init2(y, 53), mpfr_init2(x, 53), mpfr_init2(angle, 300);
  double worst = 0, worst_power = 0;
  for (int k = 0; k < 10'000; ++k) {
    const double a = k % 2 ? even(random) : std::copysign(std::exp2(exponent(random)), even(random)), b = even(random);
    mpfr_set_d(y, a, MPFR_RNDN), mpfr_set_d(x, b, MPFR_RNDN);
    mpfr_atan2(angle, y, x, MPFR_RNDN);
    const long unit = mpfr_get_exp(angle) - 53;
    mpfr_sub_d(angle, angle, own::atan2(a, b), MPFR_RNDN);
    worst = std::max(worst, std::abs(mpfr_get_d(angle, MPFR_RNDN)) * std::exp2(-unit));
    const long n = k % 9 - 4;
    worst_power = std::max(worst_power, std::abs(own::power(b, n) / std::pow(b, n) - 1));
    const own::Complex z(b, even(random));
    CHECK(std::abs(own::exp(own::log(z)) - z) < 1e-14 * std::abs(z));
    CHECK(std::abs(own::power(z, n) * own::power(z, -n) - 1.0) < 1e-14);
    CHECK(std::abs(own::abs(z) / std::abs(z) - 1) < 3e-16);
    const double p = k % 2 ? part(random) : std::exp2(-900 * part(random) - 1), quantile = own::normal_quantile(p);
    // Φ(z + δ) − Φ(z) ≈ φ(z) δ for the error δ of a quantile z.
    const double density = own::exp(-quantile * quantile / 2) / std::sqrt(2 * std::numbers::pi);
    if (p < 0.5)
      CHECK(std::abs(own::erfc(-quantile / std::numbers::sqrt2) / 2 - p) <
            3e-15 * std::abs(quantile) * density + 2e-16 * p);
    if (p > 0.001 && p < 0.5) CHECK(own::normal_quantile(1 - p) == Approx(-quantile).margin(1e-12));
  }
  CHECK(worst < 1);
  CHECK(worst_power < 2e-15);
  for (const auto& [a, b] :
       {std::pair{0.0, -1.0}, {-0.0, -1.0}, {1.0, 0.0}, {0.0, 0.0}, {unbounded, -unbounded}, {1e-310, 1e300}})
    CHECK(own::atan2(a, b) == std::atan2(a, b));
  CHECK(own::normal_quantile(0) == -unbounded);
  CHECK(own::normal_quantile(1) == unbounded);
  for (const double p : {-0.5, 1.5, -unbounded, unbounded, std::nan("")}) CHECK(std::isnan(own::normal_quantile(p)));
  mpfr_clear(y), mpfr_clear(x), mpfr_clear(angle);
}

TEST_CASE("exponentials in vectors have the bits of exponentials one at a time", "[elementary]") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> even(-760, 720);
  for (std::size_t size = 0; size < 70; ++size) {
    std::vector<double> x(size), y(size);
    for (double& one : x) one = even(random);
    if (size > 3) x[1] = -unbounded, x[2] = unbounded, x[3] = std::nan("");
    own::exp(size, x.data(), y.data());
    for (std::size_t k = 0; k < size; ++k) CHECK((y[k] == own::exp(x[k]) || (std::isnan(x[k]) && std::isnan(y[k]))));
  }
}

TEST_CASE("exponentials in vectors are as fast as the library's", "[elementary][long]") {
  std::vector<double> x(1 << 12), y(x.size());
  std::mt19937_64 random(3);
  for (double& one : x) one = std::uniform_real_distribution<double>(-30, 0)(random);
  const auto seconds = [&](const auto& all) {
    double least = HUGE_VAL;
    for (int k = 0; k < 300; ++k) {
      const auto begin = std::chrono::steady_clock::now();
      all();
      least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return least;
  };
  volatile double sink = 0;
  const double library = seconds([&] {
    for (std::size_t k = 0; k < x.size(); ++k) y[k] = std::exp(x[k]);
    sink = y[17];
  });
  const double vectors = seconds([&] {
    own::exp(x.size(), x.data(), y.data());
    sink = y[17];
  });
  const double few = seconds([&] {
    for (std::size_t k = 0; k < x.size(); k += 8) own::exp(8, x.data() + k, y.data() + k);
    sink = y[17];
  });
  INFO("library " << library << " s, vectors " << vectors << " s, eight at a time " << few << " s");
  CHECK(vectors < library);
  CHECK(few < library);
}

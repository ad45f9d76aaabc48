// Both bounds of the test error by order statistics against the same formulas in double, and against a sample.

#include "proofs_check/checker/test_error.hpp"

#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace benign;
using namespace benign::checker;

TEST_CASE("checker: both bounds of the test error, in double and against a sample", "[checker]") {
  const boost::math::normal normal;
  const auto tail = [&](double x) { return cdf(complement(normal, x)); };
  std::mt19937_64 draw(4);
  const auto uniform = [&](double a, double b) { return std::uniform_real_distribution(a, b)(draw); };
  const WorkingBits bits(96);
  for (int k = 0; k < 5; ++k) {
    const long T = 3 + static_cast<long>(draw() % 6), m = T - 1;
    const double rho = uniform(0, 0.4), own = uniform(-1, 6), other = uniform(-1, 6), noise = uniform(0.05, 1.2);
    const double clear = uniform(0.5, 6), c = uniform(0, 0.6), across = std::sqrt(1 - c * c);
    const auto I = [](double x) { return Interval::exactly(x); };
    const TestInput input{m, I(rho), I(own), I(other), I(noise), I(clear), I(c), I(across)};
    const auto length = [&](double x) { return std::sqrt(double(T) + 2 * std::sqrt(double(T) * x) + 2 * x); };
    for (const double share : {0.2, 1e-2, 1e-4}) {
      const double b0 = quantile(complement(normal, share)), best = std::max({0.0, rho * own, rho * other});
      double given_up = share + share, squares = 1, first = 0, subsets = 1;  // quantiles are exact here
      for (long j = 1; j <= m; ++j) {
        subsets *= static_cast<double>(m - j + 1) / static_cast<double>(j);
        const double p = std::pow(share / subsets, 1.0 / static_cast<double>(j)), b = quantile(complement(normal, p));
        given_up += share;
        const double ratio = std::exp(best - own + noise * (b0 + b));
        if (j == 1) first = ratio;
        squares += ratio * ratio;
      }
      const double answer = clear * (1 - rho * first);
      const double above =
          answer > 0 ? given_up + tail((answer / std::sqrt(squares) - c * length(-std::log(share))) / across) : 1;
      CHECK(input.from_above(share).middle() == Approx(above).epsilon(1e-9));
    }
    double below = -std::exp(-9.0);
    for (int i = 0; i < 48; ++i)
      for (int j = 0; j < 48; ++j) {
        const double a = -4 + i / 6.0, b = -4 + j / 6.0;
        const double R = double(m) * std::exp(2 * (rho * (own + other) / double(m) + noise * b / std::sqrt(double(m)) -
                                                   own - noise * (a + 1 / 6.0)));
        below += (tail(a) - tail(a + 1 / 6.0)) * (tail(b) - tail(b + 1 / 6.0)) *
                 tail((clear * (1 / std::sqrt(1 + R) + rho) + c * length(9)) / across);
      }
    CHECK(input.from_below().middle() == Approx(below).epsilon(1e-8).margin(1e-12));

    // The error itself: the mean of Phibar(A) over a sample of z, with either sign of c.
    std::normal_distribution<double> z;
    constexpr int size = 20000;
    double sum = 0;
    for (int i = 0; i < size; ++i) {
      double squares = 0, along = 0, answer = 0;
      for (long t = 0; t < T; ++t) {
        const double mean = t == 0   ? own
                            : t == 1 ? rho * own
                            : t == 2 ? rho * other
                                     : 0,
                     zt = z(draw), e = std::exp(mean + noise * zt);
        squares += e * e, along += e * zt, answer += (t == 0 ? 1 : t == 1 ? rho : t == 2 ? -rho : 0) * e;
      }
      sum += tail((clear * answer + (k % 2 ? c : -c) * along) / (across * std::sqrt(squares)));
    }
    const double error = sum / size, four_deviations = 4 * 0.5 / std::sqrt(double(size));
    double above = 1;
    for (double share = 0.4; share > 1e-8; share /= 2) above = std::min(above, input.from_above(share).middle());
    CHECK(above >= error - four_deviations);
    CHECK(input.from_below().middle() <= error + four_deviations);
  }
}

TEST_CASE("checker: the test error is bounded above for any number of tokens", "[checker]") {
  // T + 1 events of about the same probability are given up, and nothing is left beside them. From T = 1040 on the
  // numbers of subsets are beyond a double.
  const WorkingBits bits(96);
  const auto I = [](double x) { return Interval::exactly(x); };
  for (const long T : {8L, 500L, 1040L, 3000L}) {
    const TestInput input{T - 1, I(0.1), I(30), I(29), I(0.7), I(42), I(0.02), I(std::sqrt(1 - 0.0004))};
    for (const double share : {1e-4, 1e-20, 1e-50})
      CHECK(input.from_above(share).middle() / share == Approx(static_cast<double>(T) + 1).epsilon(1e-6));
  }
}

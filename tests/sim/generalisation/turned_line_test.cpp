// What bounds the transforms where A turns, against sums by the definition, and against closed forms: with c = 0 the one
// token's transform is at most e^{b² sin²η/(2 cos 2η)}, and for small η and far to the left it is 1 − Aib.

#include "sim/generalisation/frequency_line.hpp"
#include "sim/generalisation/sum_law.hpp"
#include "tests/support/random_input.hpp"
#include "tests/support/turned_transforms.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace benign;
using namespace benign::sim;

TEST_CASE("transforms off the real line are within the bounds of a turned line", "[enclosure]") {
  const WorkingPrecision precision(128);
  tests::RandomInput draw(20);
  int looked_at = 0;
  for (int k = 0; k < 16; ++k) {
    const Ray ray = k % 2 ? Ray{1, draw.between(0.01, 0.3)} : Ray{0, 1};
    ShareLaw law{{}, std::exp(draw.between(-7, 0)), draw.between(-0.6, 0.6)};
    for (long kind = draw.whole(1, 3); kind > 0; --kind)
      law.kinds.push_back({draw.between(-2, 2), draw.between(-3, 3), draw.whole(1, 3)});
    const double eta = draw.between(0.05, 0.7);
    const TurnedLine line(law, ray, eta);
    if (!line.usable()) continue;
    ++looked_at;
    INFO("kappa " << ray.kappa << ", xi " << ray.xi << ", a " << law.a << ", c " << law.c << ", eta " << eta);
    for (const double height : {eta, -eta, eta / 2}) {
      const auto size = [&](double u) { return std::abs(tests::transforms(law, ray, {u, height})); };
      for (double u = -8; u <= 5; u += 0.25) CHECK(size(u) <= upper(line.growth()) * (1 + 1e-9));
      for (const double U : {-6.0, -2.0})
        CHECK(tests::integral(U - 25, U, [&](double u) {
                return std::abs(tests::transforms(law, ray, {u, height}) - 1.0);
              }) <= upper(line.left(U)));
      for (const double U : {0.0, 2.0}) CHECK(tests::integral(U, U + 6, size) <= upper(line.right(U)));
    }
  }
  CHECK(looked_at >= 10);
}

TEST_CASE("a turned line's bounds are near what they bound where that is known", "[enclosure]") {
  const WorkingPrecision precision(128);
  for (const double eta : {0.1, 0.4, 0.7})
    for (const double b : {0.5, 2.0, -3.0}) {
      const ShareLaw law{{{0.25, b, 1}}, 0x1p-8, 0};
      const TurnedLine line(law, {0, 1}, eta);
      REQUIRE(line.usable());
      // The largest value over all A, of which the bound is the square.
      const double largest = std::exp(b * b * std::sin(eta) * std::sin(eta) / (2 * std::cos(2 * eta)));
      CHECK(upper(line.growth()) == Approx(largest * largest).epsilon(1e-9));
    }
  for (const double b : {0.5, 2.0, -3.0}) {
    const ShareLaw law{{{0.25, b, 1}}, 0x1p-8, 0};
    const double far = std::exp(-12 + 0.25) * std::abs(b);  // ∫ |Aib|
    CHECK(upper(TurnedLine(law, {0, 1}, 0x1p-6).left(-12)) == Approx(far).epsilon(5e-3));
  }
  // For the loss the size of the values costs nothing, and without a correlation there is no growth at all.
  const TurnedLine loss({{{0.25, 100, 4}}, 0x1p-8, 0}, {1, 0.002}, 0.7);
  REQUIRE(loss.usable());
  CHECK(upper(loss.growth()) < 1 + 1e-9);
  // A phase that outdoes the decay, or a correlation too near 1, has no bound.
  CHECK_FALSE(TurnedLine({{{0.25, 100, 4}}, 0x1p-8, 0}, {1, 0.02}, 0.7).usable());
  CHECK_FALSE(TurnedLine({{{0.25, 1, 4}}, 0x1p-8, 0.75}, {0, 1}, 0.7).usable());
}

TEST_CASE("the step of a line does not fall with a", "[enclosure]") {
  const WorkingPrecision precision(128);
  long nodes = 0;
  for (const double a : {0x1p-3, 0x1p-7, 0x1p-12, 0x1p-30}) {
    const FrequencyLine line({{{0.5, 2, 1}, {0, 0, 3}}, a, 0.1}, {1, 0.1}, 1e-9);
    REQUIRE(line.usable());
    CHECK(upper(line.error()) <= 1e-9);
    if (nodes > 0) CHECK(line.nodes() == Approx(nodes).epsilon(0.05));
    nodes = line.nodes();
  }
  CHECK(nodes < 500);
}

TEST_CASE("a line that is usable has the error that was asked for", "[enclosure]") {
  const WorkingPrecision precision(128);
  int usable = 0;
  for (const long T : {4L, 4000L})
    for (const double a : {0.003, 0.1, 2.0, 10.0})
      for (const double b : {3.0, 120.0})
        for (const Ray& ray : {Ray{0, 1}, Ray{1, 0.225 / b}}) {
          const FrequencyLine line({{{0.5, b, 1}, {0, -b / 2, 1}, {0, 0, T - 2}}, a, 0.1}, ray, 1e-5);
          if (!line.usable()) continue;
          ++usable;
          INFO("T " << T << ", a " << a << ", b " << b << ", kappa " << ray.kappa << ", " << line.nodes() << " nodes");
          CHECK(upper(line.error()) <= 1e-5);
        }
  CHECK(usable >= 28);
}

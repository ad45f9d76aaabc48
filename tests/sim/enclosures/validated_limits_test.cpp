// Validated limits of any number of tokens, and where they stop.

#include "sim/enclosures/enclosed_limit.hpp"

#include <catch2/catch.hpp>

using namespace benign;

TEST_CASE("the limit's run stops where a clean label may be wrong", "[validated]") {
  // Long first steps of first order, whose ranges hold clean outputs of either sign: no fit may come of them.
  theory::Parameters p;
  p.d = 2'000'000, p.mu = theory::Decimal("100");
  const WorkingPrecision precision(80);
  int stopped = 0;
  for (const long T : {8, 50, 400, 3000})
    for (const double first : {0.125, 0.5, 2.0}) {
      p.T = T;
      const auto found = sim::enclose_limit_flow(p, theory::Decimal("0.5"), {}, {1e6, 1, first});
      if (found.stopped.find("a clean label may be wrong") == std::string::npos) continue;
      ++stopped;
      CHECK(!found.fit.log_s);
    }
  CHECK(stopped > 0);
}

TEST_CASE("the limit is followed for any number of tokens", "[validated]") {
  // Clean outputs are positive for certain by their series, where the order-zero range of a step is not.
  for (const long T : {17, 24, 1000}) {
    theory::Parameters p;
    p.d = 2'000'000, p.mu = theory::Decimal("100"), p.T = T;
    const WorkingPrecision precision(64);
    const auto found = sim::enclose_limit_flow(p, theory::Decimal("1"), {}, {0, 12, 0});
    CHECK(found.stopped.empty());
  }
}

// The pieces of validated flows, each held to what is known from outside: exact clocks, events within a step, integrals
// of products with remainders, and Φ̂ while it moves within a step.

#include "tests/support/random_input.hpp"
#include "sim/integrators/exact_clock.hpp"
#include "sim/integrators/first_time.hpp"
#include "sim/enclosures/flow/flow_expansion.hpp"
#include "sim/integrators/step_event.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using sim::StepSeries;

namespace {

sim::Column column(std::initializer_list<Enclosure> entries) {
  sim::Column x(static_cast<Index>(entries.size()));
  Index k = 0;
  for (const auto& entry : entries) x[k++] = entry;
  return x;
}

}  // namespace

TEST_CASE("a clock is exact or refuses", "[validated]") {
  sim::ExactClock clock(4);
  CHECK(clock.whole(0.7) == 0.6875);
  CHECK(clock.whole(0.06) == 0);
  clock.advance(0.6875), clock.advance(8);
  CHECK(clock.time() == 8.6875);
  CHECK_THROWS_AS(clock.advance(0.7), std::domain_error);
  CHECK_THROWS_AS(clock.advance(-1), std::domain_error);
  CHECK_THROWS_AS(clock.advance(NAN), std::domain_error);
  CHECK_THROWS_AS(clock.advance(0x1p49), std::domain_error);
  CHECK(clock.time() == 8.6875);
}

TEST_CASE("an event within a step is the first one, or it stays open", "[validated]") {
  const WorkingPrecision precision(80);
  const auto series = [](std::initializer_list<double> terms, const Enclosure& remainder) {
    return StepSeries{sim::Series(terms.begin(), terms.end()), terms.size(), remainder};
  };
  const Enclosure zero(0);
  // −1 + 2t over [0, 1] crosses 0 at 1/2.
  const auto rising = sim::first_reach(series({-1, 2}, zero), 1, zero);
  REQUIRE(rising.after);
  CHECK(contains(*rising.after, Enclosure(0.5)));
  CHECK(width(*rising.after) < 1e-15);
  CHECK(rising.unknown.empty());
  // With a remainder of ±1/16 t² it does so somewhere in [0.49243, 0.50806]: (−2 + √(4 ± 1/4))/(±1/8).
  const auto loose = sim::first_reach(series({-1, 2}, enclosure(-0.0625, 0.0625)), 1, zero);
  REQUIRE(loose.after);
  CHECK(contains(*loose.after, enclosure(0.4925, 0.508)));
  CHECK(lower(*loose.after) > 0.48);
  CHECK(upper(*loose.after) < 0.52);
  // Before it, beyond it, at the end of the step, and where the function turns: 1 − 4(t − ½)² touches 1 at ½.
  const auto before = sim::first_reach(series({-1, 2}, zero), 0.25, zero);
  CHECK((!before.after && before.unknown.empty()));
  CHECK(!sim::first_reach(series({-1, 2}, zero), 0.5, zero).unknown.empty());
  CHECK(!sim::first_reach(series({0, 2}, zero), 0.5, zero).unknown.empty());
  const auto touch = sim::first_reach(series({0, 4, -4}, zero), 1, Enclosure(1));
  CHECK((!touch.after && !touch.unknown.empty()));
  // It rises by its terms alone and may fall by its remainder: nothing is said.
  CHECK(!sim::first_reach(series({-1, 2}, enclosure(-1.5, 0)), 1, Enclosure(0.25)).unknown.empty());
}

TEST_CASE("the integral of an outer product with remainders contains exact integrals", "[validated]") {
  const WorkingPrecision precision(120);
  SECTION("t^2 (2/3 - t) over [0, 1], to first order: -1/36, as a mean value outside of the integral misses") {
    const Enclosure none(0);
    Matrix<Enclosure> Phi = Matrix<Enclosure>::Zero(1, 1);
    const sim::Columns g{column({none}), column({enclosure(0, 1)})};
    const sim::Columns a{column({ratio<Enclosure>(2, 3)}), column({Enclosure(-1)})};
    sim::subtract_outer_integral(Phi, a, g, 1, Enclosure(1));
    CHECK(contains(Phi(0, 0), mp100(mp100(1) / 36)));
  }
  SECTION("polynomials cut off at every order, across their zeros") {
    tests::RandomInput draw(5);
    constexpr std::size_t terms = 7;
    long outside = 0;
    double loosest = 0;
    for (int trial = 0; trial < 300; ++trial) {
      const double h = draw.dyadic(0.1, 1.5);
      std::vector<double> g(terms), a(terms);
      for (auto* x : {&g, &a})
        for (double& c : *x) c = draw.dyadic(-2, 2);
      mp100 exact = 0;  // −∫₀ʰ g a
      for (std::size_t i = 0; i < terms; ++i)
        for (std::size_t j = 0; j < terms; ++j)
          exact -=
              mp100(g[i]) * mp100(a[j]) * pow(mp100(h), static_cast<int>(i + j + 1)) / static_cast<long>(i + j + 1);
      const std::size_t p = static_cast<std::size_t>(draw.whole(1, terms - 1));
      const auto cut = [&](const std::vector<double>& x) {
        sim::Columns columns;
        for (std::size_t k = 0; k < p; ++k) columns.push_back(column({Enclosure(x[k])}));
        Enclosure rest(0);  // Σ_{k≥p} x_k t^{k−p} over [0, h]
        for (std::size_t k = terms; k-- > p;) rest = rest * enclosure(0, h) + Enclosure(x[k]);
        columns.push_back(column({rest}));
        return columns;
      };
      Matrix<Enclosure> Phi = Matrix<Enclosure>::Zero(1, 1);
      sim::subtract_outer_integral(Phi, cut(a), cut(g), p, Enclosure(h));
      outside += !contains(Phi(0, 0), exact);
      loosest = std::max(loosest, width(Phi(0, 0)));
    }
    CHECK(outside == 0);
    CHECK(loosest > 1e-3);
  }
}

TEST_CASE("the weights over a step contain what constant rates make of them", "[validated]") {
  const WorkingPrecision precision(80);
  tests::RandomInput draw(9);
  constexpr Index N = 3;
  const double h = 0.75;
  for (int trial = 0; trial < 50; ++trial) {
    Matrix<Enclosure> Phi(N, N);
    sim::StepRange range{sim::Column(N), sim::Column(N), enclosure(0, h)};
    Vector<double> g(N), a(N), x(N);
    Matrix<double> start(N, N);
    for (Index i = 0; i < N; ++i) {
      g[i] = draw.dyadic(-1, 1), a[i] = draw.dyadic(-1, 1), x[i] = draw.dyadic(-1, 1);
      range.g[i] = Enclosure(g[i]) + enclosure(-0.125, 0.125), range.a[i] = Enclosure(a[i]) + enclosure(-0.125, 0.125);
      for (Index j = 0; j < N; ++j) start(i, j) = draw.dyadic(-1, 1), Phi(i, j) = Enclosure(start(i, j));
    }
    sim::Column point(N);
    for (Index i = 0; i < N; ++i) point[i] = Enclosure(x[i]);
    const sim::FlowMatrix matrix(Phi);
    const sim::Weights weights{matrix, &range};
    const sim::Column along = weights.times(point), across = weights.transposed_times(point);
    for (const double t : {0.0, 0.25, h}) {
      const Matrix<double> at = start - t * g * a.transpose();
      const Vector<double> expected = at * x, transposed = at.transpose() * x;
      for (Index i = 0; i < N; ++i) {
        CHECK(contains(along[i] + enclosure(-1e-12, 1e-12), Enclosure(expected[i])));
        CHECK(contains(across[i] + enclosure(-1e-12, 1e-12), Enclosure(transposed[i])));
      }
    }
  }
}

namespace {

/// Σ_k c_k tᵏ in a step with no remainder.
sim::StepSeries polynomial(const std::vector<double>& c) {
  sim::StepSeries series{{}, c.size(), Enclosure(0)};
  for (const double one : c) series.terms.emplace_back(one);
  return series;
}

sim::FirstTime first_time(const sim::AllAbove& condition, double from) {
  sim::FirstTime first;
  first.look(condition, Enclosure(1), Enclosure(from));
  return first;
}

constexpr double next_to = 1e-12;

}  // namespace

TEST_CASE("the first time within a step is found though it is over by its end", "[validated]") {
  const WorkingPrecision precision(100);
  const Enclosure none(0);
  // (t − 1/4)(3/4 − t) is above 0 between these; 1 − 2t before 1/2, and 2t − 1 after.
  const sim::StepSeries hump = polynomial({-0.1875, 1, -1}), falls = polynomial({1, -2}), rises = polynomial({-1, 2});
  const auto time_of = [](const sim::FirstTime& first, double expected) {
    REQUIRE(first.event().log_s);
    CHECK(contains(*first.event().log_s + enclosure(-next_to, next_to), log(Enclosure(expected))));
    CHECK(width(*first.event().log_s) < next_to);
  };
  time_of(first_time({{hump}, {none}, Enclosure(0)}, 2), 2.25);
  time_of(first_time({{hump, falls}, {none, none}, Enclosure(0)}, 0), 0.25);
  time_of(first_time({{hump, rises}, {none, none}, Enclosure(0)}, 0), 0.5);
  time_of(first_time({{falls, rises}, {none, none}, Enclosure(-0x1p-30)}, 0), 0.5 - 0x1p-31);  // for a moment
  CHECK(first_time({{falls, rises}, {none, none}, Enclosure(0.01)}, 0).excluded());
  CHECK(first_time({{hump}, {none}, Enclosure(0.26)}, 0).excluded());
  CHECK(first_time({{falls}, {none}, Enclosure(0)}, 0).from_the_start());
  CHECK(!first_time({{falls}, {none}, Enclosure(0)}, 1).from_the_start());

  // A step that may have no length is not looked at, and excludes nothing.
  sim::FirstTime none_known;
  none_known.look(sim::AllAbove({rises}, {none}, Enclosure(-2)), enclosure(-0.5, 0.5), Enclosure(2));
  CHECK(!none_known.seen());
  CHECK(!none_known.excluded());

  // As far as a flow may be from the known one, either way.
  const Enclosure off = enclosure(-0.125, 0.125);
  const sim::FirstTime wide = first_time({{rises}, {off}, Enclosure(0)}, 0);
  REQUIRE(wide.event().log_s);
  for (const double end : {0.4375, 0.5625})
    CHECK(contains(*wide.event().log_s + enclosure(-next_to, next_to), log(Enclosure(end))));
  CHECK(!first_time({{rises}, {off}, Enclosure(0.95)}, 0).excluded());
  CHECK(!first_time({{rises}, {off}, Enclosure(0.95)}, 0).seen());
  CHECK(!first_time({{falls}, {enclosure(-1.5, 1.5)}, Enclosure(0)}, 0).from_the_start());
}

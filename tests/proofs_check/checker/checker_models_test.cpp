// Taylor models of low degree, where the remainder is most of what is claimed, against equations with a known solution.

#include "tests/support/compare.hpp"
#include "proofs_check/checker/taylor_model.hpp"

#include <functional>

using namespace benign;
using namespace benign::checker;

namespace {

using Node = TaylorEquation::Node;

struct Known {
  const char* name;
  std::function<void(TaylorEquation&)> make;  ///< the first unknown is the one that is looked at
  std::vector<long> start;
  std::function<mp50(mp50)> solution;
};

void one(TaylorEquation& e, const std::function<Node(Node)>& rate) {
  const Node x = e.unknown();
  e.derivative(x, rate(x));
}

std::vector<Known> equations() {
  return {
      {"x' = x",
       [](auto& e) { one(e, [&](Node x) {
                       return e.sum({{Interval(1), x}});
                     }); },
       {1},
       [](mp50 t) { return mp50(exp(t)); }},
      {"x' = -3x + 1",
       [](auto& e) { one(e, [&](Node x) {
                       return e.sum({{Interval(-3), x}}, Interval(1));
                     }); },
       {2},
       [](mp50 t) { return mp50(mp50(1) / 3 + mp50(5) / 3 * exp(-3 * t)); }},
      {"x' = x^2",
       [](auto& e) { one(e, [&](Node x) { return e.product(x, x); }); },
       {1},
       [](mp50 t) { return mp50(1 / (1 - t)); }},
      {"x' = x^2 - x^3 x^-1 + 1/x",
       [](auto& e) {
         one(e, [&](Node x) {
           const Node x2 = e.product(x, x), over = e.inverse(x), minus = e.sum({{Interval(-1), e.product(x2, x)}});
           return e.products({{x, x}, {minus, over}, {over, e.product(x, over)}});
         });
       },
       {1},
       [](mp50 t) { return mp50(sqrt(1 + 2 * t)); }},
      {"x' = 1/x",
       [](auto& e) { one(e, [&](Node x) { return e.inverse(x); }); },
       {1},
       [](mp50 t) { return mp50(sqrt(1 + 2 * t)); }},
      {"x' = e^-x",
       [](auto& e) { one(e, [&](Node x) {
                       return e.exp(e.sum({{Interval(-1), x}}));
                     }); },
       {0},
       [](mp50 t) { return mp50(log1p(t)); }},
      {"x' = e^x",
       [](auto& e) { one(e, [&](Node x) { return e.exp(x); }); },
       {0},
       [](mp50 t) { return mp50(-log1p(-t)); }},
      {"x'' = -x",
       [](auto& e) {
         const Node x = e.unknown(), y = e.unknown();
         e.derivative(x, e.sum({{Interval(1), y}})), e.derivative(y, e.sum({{Interval(-1), x}}));
       },
       {0, 1},
       [](mp50 t) { return mp50(sin(t)); }},
      {"x' = t x",
       [](auto& e) { one(e, [&](Node x) { return e.product(e.time(), x); }); },
       {1},
       [](mp50 t) { return mp50(exp(t * t / 2)); }},
      {"x' = e^t",
       [](auto& e) { one(e, [&](Node) { return e.exp(e.time()); }); },
       {1},
       [](mp50 t) { return mp50(exp(t)); }},
  };
}

mp50 mp50_of(mpfr_srcptr x) {
  mp50 y;
  mpfr_set(y.backend().data(), x, MPFR_RNDN);
  return y;
}

}  // namespace

TEST_CASE("checker: Taylor models of low degree contain known solutions", "[checker]") {
  const WorkingBits bits(120);
  for (const Known& known : equations())
    for (const std::size_t degree : {2u, 3u, 4u, 7u, 12u})
      for (const double h : {0.5, 0.25, 0.125, 0.0625, 0.0078125}) {
        TaylorEquation e(degree);
        known.make(e);
        Intervals start;
        for (const long x : known.start) start.push_back(Interval(x));
        e.expand(start, Interval(0));
        double slack = 0;
        const bool holds = e.holds(h, &slack);
        INFO(known.name << ", degree " << degree << ", h = " << h);
        CHECK((holds || h > 0.1));
        if (!holds) continue;
        for (const double part : {0.0, 0.3, 0.6, 0.9, 1.0}) {
          const double t = part * h;
          const Interval x = e.at(0, Interval::exactly(t));
          const mp50 exact = known.solution(mp50(t));
          CHECK(mp50_of(x.low()) <= exact);
          CHECK(mp50_of(x.high()) >= exact);
          const Interval range = e.range(0);
          CHECK(mp50_of(range.low()) <= exact);
          CHECK(mp50_of(range.high()) >= exact);
        }
      }
}

TEST_CASE("checker: every node of a Taylor model contains what it is of", "[checker]") {
  // x' = x with everything that is made of it: e^x, 1/x, x e^x, 1/(1 + e^x).
  const WorkingBits bits(120);
  for (const std::size_t degree : {2u, 3u, 5u})
    for (const double h : {0.25, 0.125, 0.03125}) {
      TaylorEquation e(degree);
      const Node x = e.unknown();
      e.derivative(x, e.sum({{Interval(1), x}}));
      const Node y = e.exp(x), z = e.inverse(x), xy = e.product(x, y),
                 s = e.inverse(e.sum({{Interval(1), y}}, Interval(1)));
      const Node zz = e.products({{z, z}, {s, y}});
      const Node t1 = e.time(), over = e.inverse(t1), power = e.exp(t1),
                 both = e.product(over, power);  // exact but for what is cut
      e.expand({Interval(1)}, Interval(1));
      double slack = 0;
      REQUIRE(e.holds(h, &slack));
      for (const double part : {0.25, 0.5, 1.0}) {
        const double t = part * h;
        const mp50 X = exp(mp50(t)), Y = exp(X);
        const auto see = [&](Node node, const mp50& exact) {
          const Interval found = e.at(node, Interval::exactly(t));
          CHECK(mp50_of(found.low()) <= exact);
          CHECK(mp50_of(found.high()) >= exact);
        };
        see(x, X), see(y, Y), see(z, 1 / X), see(xy, X * Y), see(s, 1 / (1 + Y)), see(zz, 1 / (X * X) + Y / (1 + Y));
        const mp50 now = 1 + mp50(t);
        see(over, 1 / now), see(power, exp(now)), see(both, exp(now) / now);
      }
    }
}

TEST_CASE("checker: no model holds a solution that ends before the step does", "[checker]") {
  const WorkingBits bits(120);
  for (const std::size_t degree : {2u, 5u, 20u})
    for (const double h : {1.0, 1.5, 4.0}) {
      TaylorEquation e(degree);
      one(e, [&](Node x) { return e.product(x, x); });
      e.expand({Interval(1)}, Interval(0));
      double slack = 0;
      CHECK_FALSE(e.holds(h, &slack));
    }
  TaylorEquation e(6);  // 1/x of what may be 0
  one(e, [&](Node x) { return e.inverse(x); });
  e.expand({Interval::between(Interval(-1), Interval(1))}, Interval(0));
  double slack = 0;
  CHECK_FALSE(e.holds(0.001, &slack));
}

TEST_CASE("checker: remainders fall as h^(p+1)", "[checker]") {
  const WorkingBits bits(200);
  for (const std::size_t degree : {4u, 8u}) {
    std::vector<double> size;
    for (const double h : {0.0625, 0.03125}) {
      TaylorEquation e(degree);
      one(e, [&](Node x) { return e.exp(e.sum({{Interval(-1), x}})); });
      e.expand({Interval(0)}, Interval(0));
      double slack = 0;
      REQUIRE(e.holds(h, &slack));
      size.push_back(e.at(0, Interval::exactly(h)).width());
    }
    CHECK(std::log2(size[0] / size[1]) == Approx(static_cast<double>(degree + 1)).margin(0.7));
  }
}

TEST_CASE("checker: the exponential's remainder is its Taylor remainder, and little more", "[checker]") {
  // e^t beyond degree 2 is at most e^h h³/6 there; what is cut of t x' comes to h³ e^h/2, over 3.
  const WorkingBits bits(120);
  TaylorEquation e(2);
  const Node x = e.unknown(), y = e.exp(e.time());
  e.derivative(x, e.sum({{Interval(0), x}}, Interval(1)));
  e.expand({Interval(0)}, Interval(0));
  const double h = 1.0 / 64;
  double slack = 0;
  REQUIRE(e.holds(h, &slack));
  CHECK(e.at(y, Interval::exactly(h)).width() / 2 < 1.1 * std::exp(h) * h * h * h / 6);
}

TEST_CASE("checker: whether the borders rise", "[checker]") {
  const WorkingBits bits(100);
  TaylorEquation e(8);
  const Node x = e.unknown(), y = e.unknown();
  e.derivative(x, e.sum({{Interval(1), y}})), e.derivative(y, e.sum({{Interval(-1), x}}));
  e.expand({Interval(0), Interval(1)}, Interval(0));
  double slack = 0;
  REQUIRE(e.holds(0.5, &slack));
  CHECK(e.borders_rise(x));        // sin
  CHECK_FALSE(e.borders_rise(y));  // cos

  // x = 0.3 t − t²/2 falls from t = 0.3 on, by its term of the highest degree.
  TaylorEquation parabola(2);
  const Node place = parabola.unknown(), speed = parabola.unknown();
  parabola.derivative(place, parabola.sum({{Interval(1), speed}}));
  parabola.derivative(speed, parabola.sum({{Interval(0), place}}, Interval(-1)));
  parabola.expand({Interval(0), Interval::decimal("0.3")}, Interval(0));
  REQUIRE(parabola.holds(0.25, &slack));
  CHECK(parabola.borders_rise(place));
  REQUIRE(parabola.holds(0.5, &slack));
  CHECK_FALSE(parabola.borders_rise(place));
}

TEST_CASE("checker: the first time within a step that is over by its end", "[checker]") {
  TaylorEquation e(6);  // x' = 1 − 2t from x = −3/16 on: (t − 1/4)(3/4 − t)
  const Node x = e.unknown();
  e.derivative(x, e.sum({{Interval(-2), e.time()}}, Interval(1)));
  e.expand({Interval::exactly(-0.1875)}, Interval(0));
  double slack = 0;
  REQUIRE(e.holds(1, &slack));
  FirstTime first, never;
  first.look(e, {x}, Interval(0), Interval(2), Interval(1));
  REQUIRE(first.seen());
  CHECK(first.time().middle() == 2.25);
  CHECK(first.time().width() < 1e-12);
  never.look(e, {x}, Interval::exactly(0.0703125), Interval(2), Interval(1));  // above the largest, 1/16
  CHECK((never.excluded() && !never.seen()));
}

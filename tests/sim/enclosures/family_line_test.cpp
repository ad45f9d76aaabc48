// A family of runs to first order in the parameter that moves: data, answers, products and states along the line against
// members of the family.

#include "sim/enclosures/orbit.hpp"
#include "sim/runs/simulate.hpp"
#include "tests/support/random_input.hpp"
#include "tests/support/unstable_run.hpp"

#include <catch2/catch.hpp>
#include <tuple>

using namespace benign;
using namespace benign::sim;
using tests::orbit_test_bits;
using tests::unstable;
using theory::Decimal;

namespace {

using Ranged = Decimal theory::Parameters::*;

RunConfig family_on_a_line(Ranged parameter, const char* low, const char* high) {
  RunConfig family = unstable("5", "0.2", "0.3");
  family.parameters.*parameter = Decimal::between(Decimal(low), Decimal(high));
  return family;
}

bool meets(const Enclosure& x, const Enclosure& y) { return !certainly_less(x, y) && !certainly_less(y, x); }

mp100 squared_distance(const Vector<mp50>& x, const Ball<mp50>& line, const mp50& t) {
  mp100 sum = 0;
  for (Index k = 0; k < x.size(); ++k) {
    const mp100 off = mp100(x[k]) - mp100(line.middle[k]) - (line.moves() ? mp100(t) * mp100(line.slope[k]) : mp100(0));
    sum += off * off;
  }
  return sum;
}

}  // namespace

TEST_CASE("the data of every member of a family are on its line", "[family]") {
  const WorkingPrecision precision(orbit_test_bits);
  bool second_order_counts[2] = {};
  // A member at t = (2 place − 1) of the range; α moves the step alone.
  for (const auto& [parameter, low, high, members] :
       {std::tuple{&theory::Parameters::mu, "4", "6", std::array{"4.25", "5", "5.5", "6"}},
        std::tuple{&theory::Parameters::rho, "0", "0.8", std::array{"0.1", "0.4", "0.6", "0.8"}},
        std::tuple{&theory::Parameters::lr, "0.1", "0.5", std::array{"0.15", "0.3", "0.4", "0.5"}}}) {
    const ExactInstance exact(family_on_a_line(parameter, low, high));
    const FamilyLine line = family_line(exact, exact.exact.frame());
    const double places[] = {-0.75, 0, 0.5, 1};
    for (std::size_t k = 0; k < members.size(); ++k) {
      RunConfig config = exact.config;
      config.parameters.*parameter = Decimal(members[k]);
      const Run<mp50> member(config, QNorm::not_needed);
      const Frame<mp50>& frame = member.frame();
      const Enclosure t(places[k]);
      const auto on_the_line = [&](const Enclosure& at, const Enclosure& slope, const mp50& x) {
        const Enclosure near = at + t * slope,
                        there = exactly(x) + enclosure(-1e-13, 1e-13);  // the frame's last digits
        CHECK(meets(near, there));
        return !meets(Enclosure(representative(at)) + t * slope + enclosure(-1e-9, 1e-9), there);
      };
      const Index N = frame.tokens();
      for (Index i = 0; i < N; ++i) {
        second_order_counts[0] |= on_the_line(line.at.values[i], line.slope.values[i], frame.samples.values[i]);
        for (Index j = 0; j < N; ++j) {
          second_order_counts[1] |= on_the_line(line.at.K(i, j), line.slope.K(i, j), frame.K(i, j));
          on_the_line(line.at.H(i, j), line.slope.H(i, j), frame.H(i, j));
        }
      }
      on_the_line(line.at.step, line.slope.step, frame.scales.step);
    }
  }
  CHECK(second_order_counts[0]);
  CHECK(second_order_counts[1]);
}

TEST_CASE("what a sample answers along a line is what its Taylor polynomial holds", "[family]") {
  const WorkingPrecision precision(orbit_test_bits);
  tests::RandomInput draw(81);
  int beyond_first_order = 0;
  for (int repetition = 0; repetition < 200; ++repetition) {
    const Index T = draw.whole(2, 6);
    const double size = draw.log_between(1e-3, 1);
    const auto random = [&](double most) {
      return Vector<Enclosure>(Vector<Enclosure>::NullaryExpr(T, [&] { return Enclosure(draw.between(-most, most)); }));
    };
    const Line values{random(1), random(size)}, logits{random(3), random(size)};
    const int label = draw.one_in(2) ? 1 : -1;
    const GradientAlong along = gradient_along(label, values, logits);
    for (const double place : {-1.0, draw.between(-1, 1), 1.0}) {
      const Enclosure t(place);
      const auto there = [&](const Line& line) { return Vector<Enclosure>(line.at + t * line.slope); };
      const Response exact = LoneSample({1, T, there(values), {label}, {}, {}}).respond(there(logits));
      const Ball<mp50> all = ball<mp50>(along.at, along.slope, along.rest);
      Vector<mp50> g(T);
      for (Index k = 0; k < T; ++k) {
        const Enclosure first = along.at[k] + t * along.slope[k];
        CHECK(meets(first + t * t * along.rest[k], exact.gradient[k]));
        beyond_first_order += !meets(first, exact.gradient[k]);
        mpfi_mid(g[k].backend().data(), exact.gradient[k].data());
      }
      CHECK(sqrt(squared_distance(g, all, mp50(place))) <= all.radius.value());
    }
  }
  CHECK(beyond_first_order > 1000);
}

TEST_CASE("products along a line hold those of every member", "[family]") {
  const WorkingPrecision precision(orbit_test_bits);
  tests::RandomInput draw(82);
  const auto random = [&](Index rows, Index cols) {
    return Matrix<mp50>(Matrix<mp50>::NullaryExpr(rows, cols, [&] { return mp50(draw.between(-1, 1)) / 3; }));
  };
  const auto enclosed = [](const Matrix<mp50>& A) {
    return A.unaryExpr([](const mp50& x) { return exactly(x); }).eval();
  };
  double nearest[2] = {};
  for (int repetition = 0; repetition < 60; ++repetition) {
    const Index N = 5;
    const auto symmetric = [&] {
      const Matrix<mp50> A = random(N, N);
      return Matrix<mp50>(A + A.transpose());
    };
    const Matrix<mp50> A = symmetric(), B = symmetric();
    const FamilyMatrix<mp50> matrix(enclosed(A), enclosed(B), Upward(1e3));
    const Ball<mp50> x{random(N, 1), Upward(1e-20), random(N, 1)}, u{random(N, 1), {}, random(N, 1)};
    FamilyMatrix<mp50> moved(N, N, true);
    const Upward missed = moved.add_outer(x, u);
    for (const double place : {-1.0, draw.between(-1, 1), 1.0}) {
      const mp50 t(place);
      const Vector<mp50> x_t = x.middle + t * x.slope, u_t = u.middle + t * u.slope;
      const Ball<mp50> product = matrix.times(x);
      const mp100 off = sqrt(squared_distance((A + t * B) * x_t, product, t));
      CHECK(off <= product.radius.value());
      nearest[0] = std::max(nearest[0], off.convert_to<double>() / product.radius.value());
      const Vector<Enclosure> everywhere = enclosures(product);
      const Vector<mp50> exact = (A + t * B) * x_t;
      for (Index k = 0; k < N; ++k) CHECK(meets(everywhere[k], exactly(exact[k])));
      // x uᵀ of the slopes is missed. Read by products with unit vectors, whose own radius is far below.
      mp100 squares = 0;
      for (Index j = 0; j < N; ++j) {
        const Ball<mp50> column = moved.times({Vector<mp50>::Unit(N, j), {}});
        squares += squared_distance(x_t * u_t[j], column, t);
      }
      CHECK(sqrt(squares) <= missed.value());
      nearest[1] = std::max(nearest[1], sqrt(squares).convert_to<double>() / missed.value());
    }
  }
  CHECK(nearest[0] > 0.4);
  CHECK(nearest[1] > 0.9);
}

TEST_CASE("an orbit along a family is near each member, to second order", "[orbit][family]") {
  const WorkingPrecision precision(orbit_test_bits);
  for (const char* sigma_p : {"0", "0.3"})
    for (const auto& [parameter, middle, width] :
         {std::tuple{&theory::Parameters::mu, "5", 1e-3}, std::tuple{&theory::Parameters::rho, "0.1", 1e-4},
          std::tuple{&theory::Parameters::lr, "0.05", 1e-5}}) {
      double radius[2];
      for (const int half : {0, 1}) {
        RunConfig family = unstable("5", "0.05", sigma_p);
        const double at = Decimal(middle).as<double>(), r = width / (1 << half);
        const auto decimal = [&](double t) { return Decimal(std::to_string(at + t * r)); };
        family.parameters.*parameter = Decimal::between(Decimal(middle), decimal(2));
        const ExactInstance exact(family);
        const Frame<Enclosure> frame = exact.exact.frame();
        Orbit<mp50> orbit(exact, frame);
        for (int step = 0; step < 5; ++step) orbit.advance(step);
        const Ball<mp50> line = orbit.logits();
        radius[half] = line.radius.value();
        for (const double t : {-1.0, 0.0, 1.0}) {
          RunConfig config = family;
          config.parameters.*parameter = decimal(1 + t);
          const Run<mp50> member(config, QNorm::not_needed);
          Vector<mp50> state = member.route().start();
          for (int step = 0; step < 5; ++step) member.route().descend(state, member.frame().scales.step);
          const Vector<mp50> logits = member.route().read(state).logits.head(frame.tokens());
          INFO("sigma-p " << sigma_p << ", t = " << t);
          CHECK(sqrt(squared_distance(logits, line, mp50(t))) <= line.radius.value());
        }
      }
      CHECK(radius[1] < 0.3 * radius[0]);  // a quarter, and more where what the members round counts
    }
}

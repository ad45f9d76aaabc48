// The growth of a step for all runs of a family at once, against that of each.

#include "sim/enclosures/orbit.hpp"
#include "sim/runs/method.hpp"
#include "tests/support/dense_hessian.hpp"
#include "tests/support/random_input.hpp"
#include "tests/support/unstable_run.hpp"

#include <catch2/catch.hpp>
#include <list>

using namespace benign;
using namespace benign::sim;
using tests::orbit_test_bits;
using tests::unstable;
using theory::Decimal;

namespace {

/// The middle of each entry, and of one the interval to a number of either sign from it.
Matrix<Enclosure> widened_by(const Matrix<double>& middle, const Matrix<double>& to) {
  Matrix<Enclosure> wide(middle.rows(), middle.cols());
  for (Index k = 0; k < wide.size(); ++k)
    wide.data()[k] = Enclosure(middle.data()[k]) + enclosure(-std::abs(to.data()[k]), std::abs(to.data()[k]));
  return wide;
}

}  // namespace

TEST_CASE("no step of any run of a family drives two states further apart than is said", "[orbit][family]") {
  const WorkingPrecision precision(orbit_test_bits);
  RunConfig family = unstable("5", "0.02", "0.5");
  family.parameters.mu = Decimal::between(Decimal("5"), Decimal("5.0001"));
  const ExactInstance exact(family);
  const Frame<Enclosure> frame = exact.exact.frame();
  Orbit<mp50> orbit(exact, frame);
  std::list<tests::TwoRuns> members;
  for (const char* mu : {"5", "5.00004", "5.0001"}) members.emplace_back(unstable(mu, "0.02", "0.5"));
  int known = 0;
  for (int step = 0; step <= 6; ++step, ++known) {
    const double found = orbit.growth().value();
    if (!std::isfinite(found)) break;  // the range has grown too wide
    for (auto& member : members) {
      const double largest = (1 - member.step() * member.eigenvalues().array()).abs().maxCoeff();
      CHECK(found >= largest * (1 - 1e-8));
      member.advance(step);
    }
    orbit.advance(step);
  }
  CHECK(known >= 3);
}

TEST_CASE("the growth of a step knows how wide the inner products are", "[orbit][family]") {
  // Of the same state and answers, the bound for all inner products of an interval is at least that for those at its ends,
  // which the middle's alone is not: W and p learn by K and H in either direction.
  const WorkingPrecision precision(orbit_test_bits);
  tests::RandomInput draw(71);
  int middle_is_less = 0;
  for (int repetition = 0; repetition < 12; ++repetition) {
    const Run<double> run(unstable("5", "0.5", "0"));
    const ExactInstance exact(run.config());
    const Frame<Enclosure> frame = exact.exact.frame();
    const Index N = frame.tokens();
    const Matrix<double> K = run.frame().K.topRows(N), H = run.frame().H.topRows(N);
    const Matrix<double> J = Matrix<double>::NullaryExpr(N, N, [&] { return draw.between(-1, 1); });
    const Matrix<double> off = 0.05 * J * J.transpose();  // positive, so that both ends are inner products
    StateInDouble state;
    state.Phi = Matrix<double>::NullaryExpr(N, N, [&] { return draw.between(-1, 1); });
    state.Phi *= draw.between(0.1, 1) / (representative(frame.scales.epsilon) * (K * state.Phi).norm());
    state.Phi_norm = Upward(state.Phi.norm() * (1 + 1e-12)), state.r = Upward(draw.between(0.1, 3));
    for (Index i = 0; i < 4; ++i)
      state.responses.push_back(LoneSample(frame.samples, i).respond(Vector<Enclosure>::NullaryExpr(3, [&] {
        return Enclosure(draw.between(-2, 2));
      })));
    for (const double h : {0.01, 3.0})
      for (const bool of_K : {true, false}) {
        const auto growth = [&](const Matrix<Enclosure>& of, const Matrix<Enclosure>& other) {
          return DescentGrowth(of_K ? of : other, of_K ? other : of, frame.scales.epsilon, Enclosure(h), Train::W_and_p)
              .bound(state, Upward(0))
              .value();
        };
        const Matrix<double>& moved = of_K ? K : H;
        const Matrix<double> none = Matrix<double>::Zero(N, N);
        const Matrix<Enclosure> still = widened_by(of_K ? H : K, none);
        const double wide = growth(widened_by(moved, off), still), at_middle = growth(widened_by(moved, none), still),
                     at_end = growth(widened_by(moved + off, none), still);
        CHECK(wide >= at_end * (1 - 1e-9));
        middle_is_less += at_middle < at_end * (1 - 1e-6);
      }
  }
  CHECK(middle_is_less > 0);
}

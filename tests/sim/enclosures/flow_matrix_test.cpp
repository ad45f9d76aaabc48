// Products of a flow's matrices with narrow and with wide vectors hold the sums of any numbers in them.

#include "tests/support/random_input.hpp"
#include "sim/enclosures/flow/flow_matrix.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace benign;

namespace {

constexpr long many_bits = 3000;

/// One end of an interval, drawn, at the working precision, which holds it exactly.
Enclosure an_end(const Enclosure& x, tests::RandomInput& draw) {
  Enclosure end;
  mpfi_set_fr(end.data(), draw.one_in(2) ? x.left() : x.right());
  return end;
}

/// A number of `bits` bits about 2^exponent, as wide as that share of it.
Enclosure around(double share, long exponent, tests::RandomInput& draw) {
  Enclosure x = Enclosure(draw.between(-1, 1)) / 3 * (1 + enclosure(-share, share));
  mpfi_mul_2si(x.data(), x.data(), exponent);
  return x;
}

}  // namespace

TEST_CASE("a flow's products hold the sums of all numbers in their intervals", "[flow_distance]") {
  tests::RandomInput draw(91);
  constexpr Index rows = 9, cols = 12;
  long missed = 0;
  for (const long bits : {64, 100, 150, 300, 400})
    for (const double share : {0.0, 0x1p-70, 0x1p-39, 0x1p-20, 0.25})
      for (const long exponent : {-2000, -300, 0, 900}) {
        const WorkingPrecision precision(bits);
        Matrix<Enclosure> A(rows, cols);
        for (Index k = 0; k < A.size(); ++k) A.data()[k] = around(0, draw.whole(-30, 3), draw);
        Vector<Enclosure> x(cols), y(rows);
        for (Enclosure& one : x) one = around(share, exponent - draw.whole(0, 40), draw);
        for (Enclosure& one : y) one = around(share, exponent - draw.whole(0, 40), draw);
        const sim::FlowMatrix matrix(A);
        const Vector<Enclosure> Ax = matrix.times(x), Ay = matrix.transposed_times(y);
        const WorkingPrecision many(many_bits);
        const auto check = [&](const Vector<Enclosure>& product, const Matrix<Enclosure>& of,
                               const Vector<Enclosure>& with) {
          const Vector<Enclosure> one = with.unaryExpr([&](const Enclosure& all) { return an_end(all, draw); });
          for (Index i = 0; i < of.rows(); ++i) {
            Enclosure sum(0);
            for (Index j = 0; j < of.cols(); ++j) sum += an_end(of(i, j), draw) * one[j];
            missed += !contains(product[i], sum);
          }
        };
        check(Ax, A, x), check(Ay, A.transpose(), y);
      }
  CHECK(missed == 0);
}

TEST_CASE("a wide entry of a vector widens what it is multiplied into, and nothing else", "[flow_distance]") {
  const WorkingPrecision precision(100);
  Matrix<Enclosure> A = Matrix<Enclosure>::Zero(4, 4);
  A(0, 0) = A(1, 1) = Enclosure(2), A(2, 2) = A(3, 3) = Enclosure(1) / 3, A(2, 3) = Enclosure(1);
  Vector<Enclosure> x = Vector<Enclosure>::Constant(4, Enclosure(1));
  x[0] = enclosure(0.5, 1.5);
  const Vector<Enclosure> y = sim::FlowMatrix(A).times(x);
  CHECK(width(y[0]) == Approx(2).epsilon(1e-12));
  for (Index k = 1; k < 4; ++k) CHECK(width(y[k]) < 1e-14);
  x[0] = Enclosure(1) / 3;  // a narrow vector keeps more digits than doubles have
  CHECK(width(sim::FlowMatrix(A).times(x)[0]) < 1e-28);
}

TEST_CASE("a vector that is not finite makes no product", "[flow_distance]") {
  const WorkingPrecision precision(100);
  Vector<Enclosure> x = Vector<Enclosure>::Constant(2, Enclosure(1));
  mpfr_set_inf(&x[1].data()->right, 1);
  for (const Enclosure& one : sim::FlowMatrix(Matrix<Enclosure>::Identity(2, 2)).times(x)) CHECK(is_nan(one));
}

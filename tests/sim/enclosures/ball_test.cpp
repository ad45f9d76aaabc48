// Balls: what their products, sums and outer products miss, against exact ones.

#include "sim/enclosures/ball.hpp"
#include "tests/support/random_input.hpp"
#include "theory/numbers/limbs.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::sim;

namespace {

constexpr long bits = limbs::bits_of<mp50> + 16;

/// ‖x‖² in numbers that round far below what is looked at.
mp100 square_norm(const Vector<mp100>& x) { return x.dot(x); }

Vector<mp100> widened(const Vector<mp50>& x) {
  return x.unaryExpr([](const mp50& one) { return mp100(one); });
}

/// The matrix of the first product, of numbers with all their digits and of every size.
Matrix<mp50> of_many_sizes(Index rows, Index cols, tests::RandomInput& draw, int sizes) {
  Matrix<mp50> A(rows, cols);
  const auto z = [&] { return mp50(draw.between(-2, 2)); };
  for (Index k = 0; k < A.size(); ++k) {
    A.data()[k] = z() / 3 + ldexp(z(), -80) / 7 + ldexp(z(), -150) / 11;
    A.data()[k] = ldexp(A.data()[k], static_cast<int>(draw.whole(-sizes, 0)));
  }
  return A;
}

Matrix<Enclosure> points(const Matrix<mp50>& A) {
  return A.unaryExpr([](const mp50& x) { return exactly(x); });
}

}  // namespace

TEST_CASE("balls hold the exact products and sums", "[orbit]") {
  const WorkingPrecision precision(bits);
  tests::RandomInput draw(71);
  for (int sizes : {0, 30, 120})
    for (int repetition = 0; repetition < 8; ++repetition) {
      const Matrix<mp50> A = of_many_sizes(9, 7, draw, sizes), X = of_many_sizes(7, 1, draw, sizes),
                         Y = of_many_sizes(9, 1, draw, sizes);
      const BallMatrix<mp50> matrix(points(A));
      const Matrix<mp100> exact_A = A.unaryExpr([](const mp50& x) { return mp100(x); });
      const Ball<mp50> x{X.col(0), Upward(1e-47)}, y{Y.col(0), {}};
      const Vector<mp100> off = Vector<mp100>::Constant(7, mp100(1e-47 * 0.377));  // within the radius
      const auto held = [](const Ball<mp50>& ball, const Vector<mp100>& exact) {
        CHECK(sqrt(square_norm(exact - widened(ball.middle))) <= ball.radius.value());
        CHECK(ball.radius.value() < 1e-44);
      };
      held(matrix.times(x), exact_A * (widened(x.middle) + off));
      held(matrix.transposed_times(y), exact_A.transpose() * widened(y.middle));
      held(sum(x, matrix.transposed_times(y)), widened(x.middle) + off + exact_A.transpose() * widened(y.middle));
      held(scaled(Enclosure(1) / 3, x), (widened(x.middle) + off) / 3);
      held(ball<mp50>(enclosures(x)), widened(x.middle) - off);
    }
}

TEST_CASE("balls of pairs hold the exact products, and are no wider than pairs are", "[orbit]") {
  const WorkingPrecision precision(bits);
  tests::RandomInput draw(73);
  const auto in_pairs = [](const Matrix<mp50>& x) {
    return Matrix<dd>(x.unaryExpr([](const mp50& one) { return dd(one); }));
  };
  const auto exact = [](const auto& x) { return Matrix<mp100>(x.unaryExpr([](const dd& one) { return mp100(one); })); };
  double worst = 0;
  for (const Index half : {2, 40}) {  // the second half of a sum nearly cancels the first
    Matrix<dd> A(half, 2 * half), x(2 * half, 1);
    A.leftCols(half) = in_pairs(of_many_sizes(half, half, draw, 2)), A.rightCols(half) = -A.leftCols(half);
    x.topRows(half) = in_pairs(of_many_sizes(half, 1, draw, 2)), x.bottomRows(half) = dd(1 + 0x1p-45) * x.topRows(half);
    const BallMatrix<dd> matrix(Matrix<Enclosure>(A.unaryExpr([](const dd& one) { return exactly(one); })));
    const Ball<dd> y = matrix.times({x.col(0), {}});
    const double off = static_cast<double>(Vector<mp100>(exact(A) * exact(x) - exact(y.middle)).norm());
    CHECK(off <= y.radius.value());
    CHECK(y.radius.value() < 1e-28 * static_cast<double>(exact(A).norm() * exact(x).norm()));
    worst = std::max(worst, off / y.radius.value());
  }
  CHECK(worst > 1e-3);

  BallMatrix<dd> A(3, 2);
  Matrix<mp100> sum = Matrix<mp100>::Zero(3, 2);
  Upward missed;
  for (int step = 0; step < 200; ++step) {
    const Matrix<dd> u = in_pairs(of_many_sizes(3, 1, draw, 4)), v = in_pairs(of_many_sizes(2, 1, draw, 4));
    missed += A.add_outer(u.col(0), v.col(0));
    sum += exact(u) * exact(v).transpose();
  }
  for (Index j = 0; j < 2; ++j) {  // an entry times 1 is exact
    const Vector<dd> column = A.times({Vector<dd>::Unit(2, j), {}}).middle;
    CHECK(static_cast<double>(Vector<mp100>(sum.col(j) - exact(column)).norm()) <= missed.value());
  }
}

// Balls: what their products, sums and outer products miss, against exact ones.

#include "sim/enclosures/ball.hpp"
#include "tests/support/random_input.hpp"
#include "theory/numbers/limbs.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::sim;

namespace {

constexpr long ball_bits = limbs::bits_of<mp50> + 16;

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

Matrix<Enclosure> ball_points(const Matrix<mp50>& A) {
  return A.unaryExpr([](const mp50& x) { return exactly(x); });
}

}  // namespace

TEST_CASE("a norm that is known besides moves what a radius makes, and no rounding", "[orbit]") {
  // Roundings of all entries together are no less for a matrix of small operator norm.
  const WorkingPrecision precision(ball_bits);
  tests::RandomInput draw(83);
  const Index N = 16;
  Matrix<Enclosure> A(N, N);  // 1 and a Hadamard matrix over √N: of operator norm 2 and Frobenius' norm above 5
  for (Index i = 0; i < N; ++i)
    for (Index j = 0; j < N; ++j) A(i, j) = Enclosure((__builtin_popcountll(i & j) % 2 ? -0.25 : 0.25) + (i == j));
  const BallMatrix<dd> plain(A), known(A, Upward(2));
  const Vector<dd> x = Vector<dd>::NullaryExpr(N, [&] { return dd(draw.between(-1, 1)); });
  CHECK(known.times({x, {}}).radius.value() == plain.times({x, {}}).radius.value());
  CHECK(known.times({x, Upward(1)}).radius.value() < 2.1);
  CHECK(plain.times({x, Upward(1)}).radius.value() > 5);
}

TEST_CASE("balls hold the exact products and sums", "[orbit]") {
  const WorkingPrecision precision(ball_bits);
  tests::RandomInput draw(71);
  for (int sizes : {0, 30, 120})
    for (int repetition = 0; repetition < 8; ++repetition) {
      const Matrix<mp50> A = of_many_sizes(9, 7, draw, sizes), X = of_many_sizes(7, 1, draw, sizes),
                         Y = of_many_sizes(9, 1, draw, sizes);
      const BallMatrix<mp50> matrix(ball_points(A));
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
  const WorkingPrecision precision(ball_bits);
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

TEST_CASE("what lies below the digits of a row or a vector is counted", "[orbit]") {
  const WorkingPrecision precision(ball_bits);
  const mp50 small = ldexp(mp50(1) / 3, -60);  // its last bits are 2^−228, those of the digits 2^−198
  Matrix<mp50> ones = Matrix<mp50>::Constant(1, 50, mp50(1)), numbers = Matrix<mp50>::Constant(1, 50, small);
  ones(0, 0) = mp50(0), numbers(0, 0) = mp50(1);
  for (const auto& [A, x] : {std::pair{ones, numbers}, {numbers, ones}}) {
    const Ball<mp50> y = BallMatrix<mp50>(ball_points(A)).times({x.transpose(), {}});
    const mp100 missed = abs(mp100(y.middle[0]) - 49 * mp100(small));
    CHECK(missed > ldexp(mp100(1), -198));
    CHECK(missed <= y.radius.value());
  }
}

TEST_CASE("outer products move a ball's middle by no more than is said", "[orbit]") {
  const WorkingPrecision precision(ball_bits);
  tests::RandomInput draw(72);
  struct Sum {
    void add(const Vector<mp50>& u, const Vector<mp50>& v) {
      missed += A.add_outer(u, v);
      exact += widened(u) * widened(v).transpose();
    }
    /// The distance of the middle and the exact sum, column by column.
    void is_held() const {
      for (Index j = 0; j < 3; ++j) {
        const Ball<mp50> column = A.times({Vector<mp50>::Unit(3, j), {}});
        CHECK(sqrt(square_norm(exact.col(j) - widened(column.middle))) <= (missed + column.radius).value());
      }
      CHECK(A.norm().value() >= static_cast<double>(sqrt(exact.squaredNorm())));
    }
    BallMatrix<mp50> A{5, 3};
    Matrix<mp100> exact = Matrix<mp100>::Zero(5, 3);
    Upward missed = {};
  };

  Sum growing;  // rows are read anew as they grow
  for (int step = 0; step < 60; ++step)
    growing.add(ldexp(mp50(1), step) * of_many_sizes(5, 1, draw, 20).col(0), of_many_sizes(3, 1, draw, 20).col(0));
  growing.is_held();
  CHECK(growing.missed.value() < 1e-28);  // of numbers of some 1e17

  Sum cancelling;  // each term is cut off the same, and in the end nothing else is left
  const Vector<mp50> u = of_many_sizes(5, 1, draw, 20).col(0), v = of_many_sizes(3, 1, draw, 20).col(0);
  for (int step = 0; step < 4096; ++step) cancelling.add(u, v);
  cancelling.add(-4096 * u, v);
  REQUIRE(cancelling.exact.squaredNorm() < 1e-190);
  cancelling.is_held();
}

TEST_CASE("numbers that are rounded and read again miss no more than is said", "[orbit]") {
  const WorkingPrecision precision(ball_bits);
  tests::RandomInput draw(74);
  for (const int sizes : {0, 40, 150}) {
    const Matrix<mp50> first = of_many_sizes(5, 3, draw, sizes);
    BallMatrix<mp50> A(first);
    Matrix<mp100> exact = first.unaryExpr([](const mp50& x) { return mp100(x); });
    Upward missed;
    for (int cycle = 0; cycle < 100; ++cycle) {  // sums that leave the rows where they are, and so round nothing else
      const Vector<mp50> u = ldexp(mp50(1), -30) * of_many_sizes(5, 1, draw, sizes).col(0),
                         v = of_many_sizes(3, 1, draw, sizes).col(0);
      missed += A.add_outer(u, v);
      exact += widened(u) * widened(v).transpose();
      missed += A.settle();
    }
    const Matrix<mp50> numbers = A.numbers();
    mp100 off = 0;
    for (Index k = 0; k < exact.size(); ++k) off += pow(exact.data()[k] - mp100(numbers.data()[k]), 2);
    INFO(sqrt(off) << " of " << missed.value());
    CHECK(sqrt(off) <= missed.value());
    CHECK(A.norm().value() >= static_cast<double>(sqrt(exact.squaredNorm())) * (1 - 1e-40));
    CHECK(BallMatrix<mp50>(numbers).numbers() == numbers);  // which are kept as they are
    CHECK(BallMatrix<mp50>(numbers).norm().value() == A.norm().value());
  }
}

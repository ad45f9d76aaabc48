// Products in 50 and 100 digits against exact rational numbers, on random and on extreme factors.

#include "sim/linear/digit_matrix.hpp"
#include "sim/linear/digits.hpp"

#include <boost/multiprecision/gmp.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace benign;
using namespace benign::sim;

namespace {

using Exact = boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

template <class Real>
Exact exact(const Real& x) {
  Exact result;
  mpfr_get_q(result.backend().data(), x.backend().data());
  return result;
}

/// Numbers with all their bits random, and of a size 2^e with e between −spread and spread.
template <class Real>
class Numbers {
 public:
  explicit Numbers(int spread) : exponents_(-spread, spread) { gmp_randinit_default(state_); }
  ~Numbers() { gmp_randclear(state_); }
  Real next() {
    Real x;
    mpfr_urandomb(x.backend().data(), state_);
    x = ldexp(Real((engine_() & 1) != 0 ? x : -x), exponents_(engine_));
    return x;
  }
  std::vector<Real> vector(Index count) {
    std::vector<Real> x;
    for (Index k = 0; k < count; ++k) x.push_back(next());
    return x;
  }

 private:
  gmp_randstate_t state_;
  std::mt19937_64 engine_{7};
  std::uniform_int_distribution<int> exponents_;
};

template <class Real>
struct Problem {
  Index rows, cols;
  std::vector<Real> A, x, z;

  /// max over i of |y_i − Σ_j A_ij x_j| / (max_j |A_ij| max_j |x_j| cols) in units of 2^−bits, and the same of Aᵀ z by
  /// the largest of all A_ij z_i.
  template <class Multiply>
  double error(const Multiply& multiply) const {
    std::vector<Real> y(static_cast<std::size_t>(rows));
    multiply(x.data(), y.data());
    Exact worst = 0;
    for (Index i = 0; i < rows; ++i) {
      Exact sum = 0, most_A = 0, most_x = 0;
      for (Index j = 0; j < cols; ++j) {
        const Exact a = exact(at(i, j)), b = exact(x[static_cast<std::size_t>(j)]);
        sum += a * b, most_A = std::max(most_A, Exact(abs(a))), most_x = std::max(most_x, Exact(abs(b)));
      }
      const Exact off = abs(Exact(exact(y[static_cast<std::size_t>(i)]) - sum)), scale = most_A * most_x * cols;
      if (scale == 0)
        CHECK(off == 0);
      else
        worst = std::max(worst, Exact(off / scale));
    }
    return static_cast<double>(worst) / unit();
  }
  template <class Multiply>
  double transposed_error(const Multiply& multiply) const {
    std::vector<Real> y(static_cast<std::size_t>(cols));
    multiply(z.data(), y.data());
    Exact worst = 0, most = 0;
    std::vector<Exact> off;
    for (Index j = 0; j < cols; ++j) {
      Exact sum = 0;
      for (Index i = 0; i < rows; ++i) {
        const Exact term = exact(at(i, j)) * exact(z[static_cast<std::size_t>(i)]);
        sum += term, most = std::max(most, Exact(abs(term)));
      }
      worst = std::max(worst, Exact(abs(Exact(exact(y[static_cast<std::size_t>(j)]) - sum))));
    }
    return static_cast<double>(Exact(worst / (most * rows))) / unit();
  }
  const Real& at(Index i, Index j) const { return A[static_cast<std::size_t>(j * rows + i)]; }
  static double unit() { return std::ldexp(1.0, -std::numeric_limits<Real>::digits); }
};

template <class Real>
Problem<Real> problem(Index rows, Index cols, int spread) {
  Numbers<Real> numbers(spread);
  return {rows, cols, numbers.vector(rows * cols), numbers.vector(cols), numbers.vector(rows)};
}

/// Numbers whose digits are as large as digits can be: 2^21 and, with it, a long carry; or −2^21 all but the first.
template <class Real>
Problem<Real> extreme(Index rows, Index cols, bool alternating) {
  const Real third = (Real(1) - ldexp(Real(1), 1 - std::numeric_limits<Real>::digits)) / 2;
  Real largest = -ratio<Real>(3, 4);  // and every digit but the first −2^21
  for (int k = 1; 22 * k < std::numeric_limits<Real>::digits; ++k) largest -= ldexp(Real(1), -22 * k);
  Problem<Real> p{rows, cols, {}, {}, {}};
  const auto value = [&](Index k) { return alternating ? (k % 2 == 0 ? third : Real(-third)) : largest; };
  for (Index k = 0; k < rows * cols; ++k) p.A.push_back(value(k));
  for (Index k = 0; k < cols; ++k) p.x.push_back(value(k));
  for (Index k = 0; k < rows; ++k) p.z.push_back(value(k));
  return p;
}

template <class Real>
void check_products(const Problem<Real>& p) {
  const DigitMatrix<Real> digits(p.rows, p.cols, p.A.data());
  // A result is rounded by at most 2^−bits of itself, which is at most cols · max max; the rest is what is cut off.
  CHECK(p.error([&](const Real* x, Real* y) { digits.times(x, y); }) <= 1.02);
  CHECK(p.transposed_error([&](const Real* x, Real* y) { digits.transposed_times(x, y); }) <= 1.02);
  CHECK(p.error([&](const Real* x, Real* y) { multiprecision::times(p.rows, p.cols, p.A.data(), x, y); }) <= 1.02);
  CHECK(p.transposed_error([&](const Real* x, Real* y) {
    multiprecision::transposed_times(p.rows, p.cols, p.A.data(), x, y);
  }) <= 1.02);
}

}  // namespace

TEMPLATE_TEST_CASE("products in digits are right to the last bit of their scale", "[digits][mp50]", mp50, mp100) {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1}, {7, 9}, {8, 8}, {17, 30}, {34, 32}, {9, 160}})
    for (const int spread : {0, 3, 40, 400}) {
      INFO(rows << " x " << cols << ", sizes 2^±" << spread);
      check_products(problem<TestType>(rows, cols, spread));
    }
}

TEMPLATE_TEST_CASE("products of the largest digits, beyond what one sum of them holds", "[digits][mp50]", mp50, mp100) {
  for (const bool alternating : {true, false}) {
    check_products(extreme<TestType>(3, 700, alternating));
    check_products(extreme<TestType>(2200, 2, alternating));
  }
}

TEMPLATE_TEST_CASE("zeros, cancelling terms and what is not finite", "[digits]", mp50, mp100) {
  auto p = problem<TestType>(9, 5, 3);
  for (Index j = 0; j < 5; ++j) p.A[static_cast<std::size_t>(j * 9 + 4)] = TestType(0);
  p.x[2] = TestType(0);
  check_products(p);
  std::vector<TestType> y(9);
  for (auto& x : p.x) x = TestType(0);
  DigitMatrix<TestType>(9, 5, p.A.data()).times(p.x.data(), y.data());
  CHECK(y[0] == 0);
  multiprecision::times(9, 5, p.A.data(), p.x.data(), y.data());
  CHECK(y[0] == 0);

  const TestType A[] = {1, 1}, x[] = {3, -3};  // a row of 1 and 1
  DigitMatrix<TestType>(1, 2, A).times(x, y.data());
  CHECK(y[0] == 0);
  multiprecision::times(1, 2, A, x, y.data());
  CHECK(y[0] == 0);

  const TestType bad[] = {1, std::numeric_limits<TestType>::infinity()};
  for (const auto& [matrix, vector] : {std::pair{A, bad}, std::pair{bad, A}}) {
    DigitMatrix<TestType>(1, 2, matrix).times(vector, y.data());
    CHECK(isnan(y[0]));
    multiprecision::times(1, 2, matrix, vector, y.data());
    CHECK(isnan(y[0]));
    DigitMatrix<TestType>(2, 1, matrix).transposed_times(vector, y.data());
    CHECK(isnan(y[0]));
    multiprecision::transposed_times(2, 1, matrix, vector, y.data());
    CHECK(isnan(y[0]));
  }
}

TEMPLATE_TEST_CASE("outer products add up exactly but for the digits cut off", "[digits][mp50]", mp50, mp100) {
  const Index rows = 11, cols = 6;
  for (const int spread : {0, 3, 60}) {
    Numbers<TestType> numbers(spread);
    std::vector<TestType> A(static_cast<std::size_t>(rows * cols), TestType(0));
    if (spread == 3) A = numbers.vector(rows * cols);
    DigitMatrix<TestType> matrix(rows, cols, A.data());
    std::vector<Exact> sum, size(static_cast<std::size_t>(rows), Exact(0));  // of every row, the largest ever
    for (const auto& a : A) sum.push_back(exact(a));
    const int count = 40;
    for (int k = 0; k < count; ++k) {
      // A growing, then falling, sequence: rows are given room many times.
      auto u = numbers.vector(rows), v = numbers.vector(cols), w = numbers.vector(rows), z = numbers.vector(cols);
      for (auto& one : u) one = ldexp(one, k < 20 ? 3 * k : 100 - 2 * k);
      std::vector<TestType> y(static_cast<std::size_t>(cols));
      const bool two = k % 2 == 0;
      if (two)
        matrix.add_two_outers(u.data(), v.data(), w.data(), z.data());
      else
        matrix.transposed_times_then_add_outer(u.data(), y.data(), u.data(), v.data());
      for (Index j = 0; j < cols; ++j)
        for (Index i = 0; i < rows; ++i) {
          const auto at = [](Index k) { return static_cast<std::size_t>(k); };
          Exact& a = sum[at(j * rows + i)];
          a += exact(u[at(i)]) * exact(v[at(j)]);
          if (two) a += exact(w[at(i)]) * exact(z[at(j)]);
          size[at(i)] = std::max(size[at(i)], Exact(abs(a)));
        }
    }
    matrix.write(A.data());
    double worst = 0;
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i) {
        const auto at = static_cast<std::size_t>(j * rows + i);
        const Exact off = abs(Exact(exact(A[at]) - sum[at])) / size[static_cast<std::size_t>(i)];
        worst = std::max(worst, static_cast<double>(off) / Problem<TestType>::unit());
      }
    // Half a unit for the number written, half for every time that a row is read anew, and what is cut off.
    INFO("sizes 2^±" << spread << ", " << worst << " units");
    CHECK(worst <= 20);
  }
}

TEST_CASE("digits are summed exactly where the widest vectors and the narrowest would differ", "[digits]") {
  // Whole numbers by long arithmetic, in the kernel's own layout.
  constexpr int count = 9;
  constexpr std::size_t blocks = 3, cols = 501;
  std::mt19937_64 engine(3);
  std::uniform_int_distribution<int> digit(-(1 << 21), 1 << 21);
  std::vector<float> A(blocks * cols * count * digits::block);
  std::vector<double> x(cols * count), z(blocks * count * digits::block);
  for (auto& a : A) a = static_cast<float>(digit(engine));
  for (auto& one : x) one = digit(engine);
  for (auto& one : z) one = digit(engine);
  std::vector<std::int64_t> totals(blocks * count * digits::block), of_cols(cols * count);
  digits::times<count>(blocks, cols, A.data(), x.data(), totals.data());
  digits::transposed_times<count>(blocks, cols, A.data(), z.data(), of_cols.data());
  std::vector<std::int64_t> expected(totals.size()), expected_of_cols(of_cols.size());
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t j = 0; j < cols; ++j)
      for (std::size_t s = 0; s < count; ++s)
        for (std::size_t t = 0; s + t < count; ++t)
          for (std::size_t r = 0; r < digits::block; ++r) {
            const auto a = static_cast<std::int64_t>(A[((b * cols + j) * count + s) * digits::block + r]);
            expected[(b * count + s + t) * digits::block + r] += a * static_cast<std::int64_t>(x[j * count + t]);
            expected_of_cols[j * count + s + t] +=
                a * static_cast<std::int64_t>(z[(b * count + t) * digits::block + r]);
          }
  CHECK(totals == expected);
  CHECK(of_cols == expected_of_cols);
}

TEMPLATE_TEST_CASE("an outer product added a thousand times, beyond the room that its first has", "[digits]", mp50,
                   mp100) {
  const TestType u[] = {TestType(2) / 3, TestType(-5) / 7}, v[] = {TestType(6) / 7, TestType(1) / 11};
  std::vector<TestType> A(4, TestType(0)), y(2);
  DigitMatrix<TestType> matrix(2, 2, A.data());
  const int count = 1000;
  for (int k = 0; k < count; ++k) matrix.transposed_times_then_add_outer(u, y.data(), u, v);
  matrix.write(A.data());
  for (std::size_t j = 0; j < 2; ++j)
    for (std::size_t i = 0; i < 2; ++i) {
      const Exact expected = exact(u[i]) * exact(v[j]) * count;
      const Exact most = abs(Exact(exact(u[i]) * exact(v[0]) * count));
      CHECK(static_cast<double>(Exact(abs(Exact(exact(A[2 * j + i]) - expected)) / most)) <=
            20 * Problem<TestType>::unit());
    }
}

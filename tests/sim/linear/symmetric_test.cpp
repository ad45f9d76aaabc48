// Kernels over lanes: sums of whole numbers, which are exact in any order, against plain loops; and the same bits by every
// instruction set that this processor has.

#include "sim/linear/symmetric.hpp"
#include "theory/numbers/instruction_sets.hpp"
#include "tests/support/compare.hpp"

#include <rapidcheck.h>

#include <array>
#include <utility>

using namespace benign;
using namespace benign::sim;

// What kernels.hpp chooses from.
namespace benign::sim::kernels {
#define BENIGN_DECLARE(isa)                                                                                      \
  namespace isa {                                                                                                \
  void times(std::size_t, std::size_t, const double*, const double*, double*);                                   \
  void transposed_times(std::size_t, std::size_t, const double*, const double*, double*);                        \
  void transposed_times_then_add_outer(std::size_t, std::size_t, double*, const double*, double*, const double*, \
                                       const double*);                                                           \
  void symmetric_times(std::size_t, std::size_t, const double*, const double*, double*);                         \
  void symmetric_add_outers(std::size_t, std::size_t, double*, const double*, const double*, const double*,      \
                            const double*);                                                                      \
  }
BENIGN_DECLARE(sse2)
BENIGN_DECLARE(avx2)
BENIGN_DECLARE(avx512)
#undef BENIGN_DECLARE
}  // namespace benign::sim::kernels

namespace {

Eigen::VectorXd whole_numbers(Index size) { return (9 * Eigen::VectorXd::Random(size)).array().round(); }

/// Symmetric, with further rows below.
Matrix<double> symmetric(Index rows, Index cols) {
  Matrix<double> A = whole_numbers(rows * cols).reshaped(rows, cols);
  A.topRows(cols).triangularView<Eigen::StrictlyUpper>() = A.topRows(cols).transpose();
  return A;
}

Eigen::VectorXd packed(const Matrix<double>& A) {
  Eigen::VectorXd result(symmetric_size<double>(A.rows(), A.cols()));
  pack_symmetric<double>(A, result.data());
  return result;
}

}  // namespace

TEST_CASE("products with a packed symmetric matrix and its updates are those of the whole matrix",
          "[kernels][property]") {
  CHECK(rc::check([] {
    const Index cols = *rc::gen::inRange(1, 60), rows = cols + *rc::gen::inRange(0, 12);
    Matrix<double> A = symmetric(rows, cols);
    const Eigen::VectorXd x = whole_numbers(cols), u = whole_numbers(rows), v = whole_numbers(rows);
    Eigen::VectorXd P = packed(A);
    RC_ASSERT(unpacked_symmetric(rows, cols, P.data()) == A);
    Eigen::VectorXd y(rows);
    for (int update = 0; update < 3; ++update) {
      symmetric_times(rows, cols, P.data(), x.data(), y.data());
      RC_ASSERT(y == A * x);
      symmetric_add_outers(rows, cols, P.data(), u.data(), v.data());
      A += u * v.head(cols).transpose() + v * u.head(cols).transpose();
      RC_ASSERT(unpacked_symmetric(rows, cols, P.data()) == A);
    }
    RC_ASSERT(SymmetricRows<double>(A).times(x) == A * x);
  }));
}

TEST_CASE("a frame's inner products are symmetric to the bit", "[kernels]") {
  // The kernel of S Sᵀ sums every entry in one order, whatever tile it is in.
  const Index N = 37, d = 1000;
  const RowMajor S = RowMajor::Random(N, d);
  RowMajor K = RowMajor::Zero(N, N);
  kernels::add_product(N, d, N, S.data(), d, S.data(), 1, d, K.data(), N);
  CHECK(K == K.transpose());
}

TEST_CASE("kernels have the same bits by every instruction set, and the order of summation that is stated",
          "[kernels][property]") {
  CHECK(rc::check([] {
    const auto rows = *rc::gen::inRange<std::size_t>(1, 200), cols = *rc::gen::inRange<std::size_t>(1, 40);
    const auto index = [](std::size_t i) { return static_cast<Index>(i); };
    const Matrix<double> A = Matrix<double>::Random(index(rows), index(cols));
    const Eigen::VectorXd x = Eigen::VectorXd::Random(index(cols)), z = Eigen::VectorXd::Random(index(rows)),
                          u = Eigen::VectorXd::Random(index(rows)), v = Eigen::VectorXd::Random(index(cols));

    Eigen::VectorXd y = Eigen::VectorXd::Zero(index(rows)), w(index(cols));
    Matrix<double> moved = A;
    for (Index j = 0; j < A.cols(); ++j) {
      for (Index i = 0; i < A.rows(); ++i) y[i] += A(i, j) * x[j], moved(i, j) += u[i] * v[j];
      std::array<double, 8> s{};
      const Index whole = A.rows() / 8 * 8;
      for (Index i = 0; i < whole; ++i) s[static_cast<std::size_t>(i % 8)] += A(i, j) * z[i];
      w[j] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
      for (Index i = whole; i < A.rows(); ++i) w[j] += A(i, j) * z[i];
    }
    const auto check = [&](const auto times, const auto transposed_times, const auto then_add_outer) {
      Eigen::VectorXd a(A.rows()), b(A.cols()), c(A.cols());
      Matrix<double> B = A;
      times(rows, cols, A.data(), x.data(), a.data());
      transposed_times(rows, cols, A.data(), z.data(), b.data());
      then_add_outer(rows, cols, B.data(), z.data(), c.data(), u.data(), v.data());
      RC_ASSERT(a == y);
      RC_ASSERT(b == w);
      RC_ASSERT(c == w);
      RC_ASSERT(B == moved);
    };
    using namespace kernels;
    check(sse2::times, sse2::transposed_times, sse2::transposed_times_then_add_outer);
    if (BENIGN_HAS("avx2")) check(avx2::times, avx2::transposed_times, avx2::transposed_times_then_add_outer);
    if (BENIGN_HAS("avx512f")) check(avx512::times, avx512::transposed_times, avx512::transposed_times_then_add_outer);
  }));
}

TEST_CASE("packed kernels have the same bits by every instruction set", "[kernels][property]") {
  CHECK(rc::check([] {
    const auto cols = *rc::gen::inRange<std::size_t>(1, 8),
               rows = cols + *rc::gen::inRange<std::size_t>(0, 3);  // blocks
    const auto index = [](std::size_t i) { return static_cast<Index>(8 * i); };
    const Eigen::VectorXd P = Eigen::VectorXd::Random(symmetric_size<double>(index(rows), index(cols)));
    const Eigen::VectorXd x = Eigen::VectorXd::Random(index(rows)), v = Eigen::VectorXd::Random(index(rows));
    const auto results = [&](const auto times, const auto add_outers) {
      Eigen::VectorXd y = Eigen::VectorXd::Zero(index(rows)), moved = P;
      times(rows, cols, P.data(), x.data(), y.data());
      add_outers(rows, cols, moved.data(), x.data(), v.data(), x.data(), v.data());
      return std::pair(y, moved);
    };
    using namespace kernels;
    const auto expected = results(sse2::symmetric_times, sse2::symmetric_add_outers);
    if (BENIGN_HAS("avx2")) RC_ASSERT(results(avx2::symmetric_times, avx2::symmetric_add_outers) == expected);
    if (BENIGN_HAS("avx512f")) RC_ASSERT(results(avx512::symmetric_times, avx512::symmetric_add_outers) == expected);
  }));
}

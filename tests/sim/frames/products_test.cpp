// Kernels and error-free products against plain loops, at random shapes.

#include "tests/support/compare.hpp"
#include "sim/frames/frame.hpp"
#include "sim/linear/kernels.hpp"
#include "sim/linear/linear.hpp"
#include "sim/frames/products.hpp"

#include <rapidcheck.h>

using namespace benign;
using namespace benign::sim;

namespace {

/// Reproducible numbers of very different size.
RowMajor numbers(Index rows, Index cols, std::uint64_t seed) {
  RowMajor x(rows, cols);
  fill_normal(seed, Stream::labels, 0, 1.0, {x.data(), static_cast<std::size_t>(x.size())});
  for (Index k = 0; k < x.size(); ++k) x.data()[k] *= std::ldexp(1.0, static_cast<int>(k * 7 % 41) - 20);
  return x;
}

}  // namespace

TEST_CASE("kernels agree with plain sums over random shapes", "[kernels][property]") {
  CHECK(rc::check([] {
    const Index rows = *rc::gen::inRange(1, 70), cols = *rc::gen::inRange(1, 70);
    Eigen::MatrixXd A = Eigen::MatrixXd::Random(rows, cols), before = A;
    const Eigen::VectorXd x = Eigen::VectorXd::Random(cols), z = Eigen::VectorXd::Random(rows);
    const Eigen::VectorXd u = Eigen::VectorXd::Random(rows), v = Eigen::VectorXd::Random(cols);
    Eigen::VectorXd y(rows), w(cols);
    times(rows, cols, A.data(), x.data(), y.data());
    RC_ASSERT((y - A * x).norm() <= 1e-13);
    transposed_times(rows, cols, A.data(), z.data(), w.data());
    RC_ASSERT((w - A.transpose() * z).norm() <= 1e-13);
    transposed_times_then_add_outer(rows, cols, A.data(), z.data(), w.data(), u.data(), v.data());
    RC_ASSERT((w - before.transpose() * z).norm() <= 1e-13);
    RC_ASSERT((A - before - u * v.transpose()).norm() <= 1e-13);
    before = A;
    add_two_outers(rows, cols, A.data(), u.data(), v.data(), z.data(), x.data());
    RC_ASSERT((A - before - u * v.transpose() - z * x.transpose()).norm() <= 1e-13);
  }));
}

TEST_CASE("the matrix product agrees with a plain sum over random shapes and strides", "[kernels][property]") {
  CHECK(rc::check([] {
    const Index rows = *rc::gen::inRange(1, 30), inner = *rc::gen::inRange(1, 300), cols = *rc::gen::inRange(1, 300);
    const RowMajor A = RowMajor::Random(rows, inner), B = RowMajor::Random(inner, cols), Bt = B.transpose();
    RowMajor C = RowMajor::Ones(rows, cols), D = C;
    const auto size = [](Index i) { return static_cast<std::size_t>(i); };
    kernels::add_product(size(rows), size(inner), size(cols), A.data(), size(inner), B.data(), size(cols), 1, C.data(),
                         size(cols));
    kernels::add_product(size(rows), size(inner), size(cols), A.data(), size(inner), Bt.data(), 1, size(inner),
                         D.data(), size(cols));
    RC_ASSERT((C - RowMajor::Ones(rows, cols) - A * B).cwiseAbs().maxCoeff() <= 1e-12);
    RC_ASSERT(C == D);
  }));
}

TEMPLATE_TEST_CASE("sliced products are right to the last digits", "[products]", dd, mp50, mp100) {
  const RowMajor A = numbers(5, 300, 1), B = numbers(7, 300, 2);
  const auto C = product_transposed<TestType, double, double>(A, B);
  using Wide = Mpfr<300>;  // holds every sum exactly
  const auto check = [](const auto& left, const auto& right, const auto& computed) {
    for (Index i = 0; i < left.rows(); ++i)
      for (Index j = 0; j < right.rows(); ++j) {
        Wide exact(0), scale(0);
        for (Index k = 0; k < left.cols(); ++k) {
          const Wide term = Wide(left(i, k)) * Wide(right(j, k));
          exact += term;
          scale += abs(term);
        }
        const double error = static_cast<double>(abs(Wide(computed(i, j)) - exact) / scale);
        INFO(i << ", " << j << ": " << error << " of the sum of sizes");
        CHECK(error <= 8 * unit_roundoff<TestType>());
      }
  };
  check(A, B, C);
  // A factor in Real: the first product once more.
  check(C, C, product_transposed<TestType, TestType, TestType>(C, C));
}

TEST_CASE("the products that a frame is made of, against multiprecision sums", "[frame]") {
  theory::Parameters p;
  p.n = 4, p.T = 3, p.d = 40, p.sigma_p = theory::Decimal("0.3"), p.sigma = theory::Decimal("2");
  const Instance instance = draw_instance(p, DataKind::dense, 8);
  const auto frame = make_frame<mp50>(instance);
  const Index N = p.tokens();
  Matrix<mp100> rows = Matrix<mp100>::Zero(N + 2, p.d);
  rows.topRows(N) = instance.train.tokens.cast<mp100>();
  rows(N, 0) = rows(N + 1, 1) = mp100(20);
  const Matrix<mp100> W0 = instance.W0.block(0, p.d, 0, p.d).cast<mp100>();
  const Vector<mp100> p0 = instance.p0.cast<mp100>();
  const Matrix<mp100> S = rows.topRows(N), M = rows * W0, R = M.topRows(N) * W0.transpose();
  const mp100 unit = 160, kappa = ratio<mp100>(1, 3);  // σ²d
  const auto close = [](const auto& computed, const auto& expected) {
    const auto difference = (computed.template cast<mp100>() - expected).eval();
    return static_cast<double>(
        mp100(difference.template lpNorm<Eigen::Infinity>() / expected.template lpNorm<Eigen::Infinity>()));
  };
  CHECK(close(frame.K, Matrix<mp100>(rows * S.transpose() / unit)) < 1e-49);
  CHECK(close(frame.H, Matrix<mp100>(M * M.topRows(N).transpose() / (kappa * unit))) < 1e-49);
  CHECK(close(frame.J, Matrix<mp100>(R * R.transpose() / (kappa * kappa * unit * unit))) < 1e-49);
  CHECK(close(frame.h, Vector<mp100>(M * p0)) < 1e-49);
  CHECK(close(frame.k, Vector<mp100>(R * (W0 * p0) / (kappa * unit))) < 1e-49);
  CHECK(std::abs(static_cast<double>(mp100(frame.omega) / (W0 * p0).squaredNorm() - 1)) < 1e-49);
  CHECK(std::abs(static_cast<double>(mp100(frame.r0) / p0.squaredNorm() - 1)) < 1e-49);
}

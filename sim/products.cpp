#include "sim/products.hpp"

#include "sim/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace benign::sim {
namespace {

/// Columns of the right factor that are sliced and multiplied at a time.
constexpr Index panel_width = 512;

void add_product(const RowMajor& A, const RowMajor& B, RowMajor& C) {
  const auto size = [](Index i) { return static_cast<std::size_t>(i); };
  kernels::add_product_row_major(size(A.rows()), size(A.cols()), size(B.cols()), A.data(), size(A.outerStride()),
                                 B.data(), size(B.outerStride()), C.data(), size(C.outerStride()));
}

/// x = Σ_k 2^{exponent − k·bits} slice_k, with one exponent for each row (or column) and slices of integers of at most
/// 2^{bits−1} in size; slices end where the factor does, or where Real's digits do.
struct Slices {
  std::vector<RowMajor> slices;
  std::vector<int> exponents;
};

enum class Along { rows, columns };

template <class Scalar>
Slices slice(RowMajorOf<Scalar> x, Along along, int bits, std::size_t most) {
  using std::ldexp;
  const Index lines = along == Along::rows ? x.rows() : x.cols();
  const auto line_of = [along](Index i, Index j) { return static_cast<std::size_t>(along == Along::rows ? i : j); };
  std::vector<double> largest(static_cast<std::size_t>(lines), 0.0);
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j)
      largest[line_of(i, j)] = std::max(largest[line_of(i, j)], std::abs(representative(x(i, j))));

  Slices result;
  for (const double size : largest) result.exponents.push_back(size > 0 ? std::ilogb(size) + 2 - bits : 0);
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j) x(i, j) = ldexp(x(i, j), -result.exponents[line_of(i, j)]);

  bool left = true;
  while (left && result.slices.size() < most) {
    RowMajor digits(x.rows(), x.cols());
    left = false;
    for (Index i = 0; i < x.rows(); ++i)
      for (Index j = 0; j < x.cols(); ++j) {
        digits(i, j) = std::nearbyint(representative(x(i, j)));
        const Scalar rest = x(i, j) - digits(i, j);
        left = left || sign_of(rest) != Sign::zero;
        x(i, j) = ldexp(rest, bits);
      }
    result.slices.push_back(std::move(digits));
  }
  return result;
}

/// `right(begin, width)` gives columns begin, …, begin + width − 1 of the right factor.
template <class Real, class Left, class RightPanel>
RowMajorOf<Real> multiply(const RowMajorOf<Left>& A, Index cols, const RightPanel& right) {
  RowMajorOf<Real> C = RowMajorOf<Real>::Zero(A.rows(), cols);
  // 2(bits − 1) + log₂(inner) + log₂(most slices) ≤ 53.
  constexpr int most_sums = 5;  // log₂ of the most slices that share a weight
  const int inner_bits = std::ilogb(static_cast<double>(A.cols())) + 1;
  const int bits = (53 - inner_bits - most_sums) / 2 + 1;
  const std::size_t most = static_cast<std::size_t>((std::numeric_limits<Real>::digits + inner_bits) / bits + 2);
  const Slices left = slice<Left>(A, Along::rows, bits, most);

  for (Index begin = 0; begin < cols; begin += panel_width) {
    const Index width = std::min(panel_width, cols - begin);
    const auto panel = right(begin, width);
    const Slices other = slice<typename decltype(panel)::Scalar>(panel, Along::columns, bits, most);
    const std::size_t weights = std::min(most, left.slices.size() + other.slices.size() - 1);
    for (std::size_t weight = weights; weight-- > 0;) {  // smallest first
      RowMajor sum = RowMajor::Zero(A.rows(), width);
      for (std::size_t k = 0; k <= weight; ++k)
        if (k < left.slices.size() && weight - k < other.slices.size())
          add_product(left.slices[k], other.slices[weight - k], sum);
      using std::ldexp;
      for (Index i = 0; i < A.rows(); ++i)
        for (Index j = 0; j < width; ++j)
          C(i, begin + j) += ldexp(Real(sum(i, j)), left.exponents[static_cast<std::size_t>(i)] +
                                                        other.exponents[static_cast<std::size_t>(j)] -
                                                        static_cast<int>(weight) * bits);
    }
  }
  return C;
}

}  // namespace

template <class Real, class Left, class Right>
RowMajorOf<Real> product(const RowMajorOf<Left>& A, const RowMajorOf<Right>& B) {
  if constexpr (std::is_same_v<Real, double>) {
    RowMajor C = RowMajor::Zero(A.rows(), B.cols());
    add_product(A, B, C);
    return C;
  } else {
    return multiply<Real, Left>(
        A, B.cols(), [&](Index begin, Index width) -> RowMajorOf<Right> { return B.middleCols(begin, width); });
  }
}

template <class Real, class Left, class Right>
RowMajorOf<Real> product_transposed(const RowMajorOf<Left>& A, const RowMajorOf<Right>& B) {
  const auto panel = [&](Index begin, Index width) -> RowMajorOf<Right> {
    return B.middleRows(begin, width).transpose();
  };
  if constexpr (std::is_same_v<Real, double>) {
    RowMajor C(A.rows(), B.rows());
    for (Index begin = 0; begin < B.rows(); begin += panel_width) {
      const Index width = std::min(panel_width, B.rows() - begin);
      RowMajor part = RowMajor::Zero(A.rows(), width);
      add_product(A, panel(begin, width), part);
      C.middleCols(begin, width) = part;
    }
    return C;
  } else {
    return multiply<Real, Left>(A, B.rows(), panel);
  }
}

template RowMajor product<double, double, double>(const RowMajor&, const RowMajor&);
template RowMajor product_transposed<double, double, double>(const RowMajor&, const RowMajor&);
#define BENIGN_INSTANTIATE(Real)                                                                                     \
  template RowMajorOf<Real> product<Real, double, double>(const RowMajor&, const RowMajor&);                         \
  template RowMajorOf<Real> product_transposed<Real, double, double>(const RowMajor&, const RowMajor&);              \
  template RowMajorOf<Real> product_transposed<Real, Real, double>(const RowMajorOf<Real>&, const RowMajor&);        \
  template RowMajorOf<Real> product_transposed<Real, double, Real>(const RowMajor&, const RowMajorOf<Real>&);        \
  template RowMajorOf<Real> product_transposed<Real, Real, Real>(const RowMajorOf<Real>&, const RowMajorOf<Real>&);
BENIGN_INSTANTIATE(float128)
BENIGN_INSTANTIATE(mp50)
BENIGN_INSTANTIATE(mp100)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim

#include "sim/frames/products.hpp"

#include "sim/linear/kernels.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tbb/parallel_for.h>
#include <vector>

namespace benign::sim {
namespace {

/// Columns of the right factor that are drawn, sliced and multiplied at a time, and in double also its rows: such a
/// block (128 KiB) is in the cache from the drawing of its entries to their last use.
constexpr Index panel_width = 128, panel_inner = 128;

/// Calls f(begin, width) for every panel, in parallel: each writes columns of its own.
template <class F>
void for_each_panel(Index cols, const F& f) {
  tbb::parallel_for(Index{0}, (cols + panel_width - 1) / panel_width, [&](Index panel) {
    const Index begin = panel * panel_width;
    f(begin, std::min(panel_width, cols - begin));
  });
}

/// Whether a panel holds columns of the right factor B, (k, width), or of Bᵀ, (width, k).
enum class Panel { plain, transposed };

/// C += A B, for a panel of B.
void add_product(const Eigen::Ref<const RowMajor>& A, const RowMajor& panel, Panel kind, RowMajor& C) {
  const auto size = [](Index i) { return static_cast<std::size_t>(i); };
  const std::size_t stride = size(panel.cols());
  kernels::add_product(size(A.rows()), size(A.cols()), size(C.cols()), A.data(), size(A.outerStride()), panel.data(),
                       kind == Panel::plain ? stride : 1, kind == Panel::plain ? 1 : stride, C.data(), size(C.cols()));
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
  std::vector<Scalar> scale;
  for (const int exponent : result.exponents) scale.push_back(ldexp(Scalar(1), -exponent));
  const Scalar next_slice = ldexp(Scalar(1), bits);
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j) x(i, j) *= scale[line_of(i, j)];

  bool left = true;
  while (left && result.slices.size() < most) {
    RowMajor digits(x.rows(), x.cols());
    left = false;
    for (Index i = 0; i < x.rows(); ++i)
      for (Index j = 0; j < x.cols(); ++j) {
        digits(i, j) = std::nearbyint(representative(x(i, j)));
        const Scalar rest = x(i, j) - digits(i, j);
        left = left || sign_of(rest) != Sign::zero;
        x(i, j) = rest * next_slice;
      }
    result.slices.push_back(std::move(digits));
  }
  return result;
}

/// `right(first, inner, begin, width, panel)` gives rows first, …, first + inner − 1 of columns begin, …, begin + width − 1 of
/// the right factor as a panel of the given kind.
template <class Real, class Left, class Right, class RightPanel>
RowMajorOf<Real> multiply(const RowMajorOf<Left>& A, Index cols, Panel kind, const RightPanel& right) {
  RowMajorOf<Real> C(A.rows(), cols);
  if constexpr (std::is_same_v<Real, double>) {  // nothing to slice
    for_each_panel(cols, [&](Index begin, Index width) {
      RowMajor part = RowMajor::Zero(A.rows(), width);
      thread_local RowMajor panel;
      for (Index first = 0; first < A.cols(); first += panel_inner) {
        const Index inner = std::min(panel_inner, A.cols() - first);
        right(first, inner, begin, width, panel);
        add_product(A.middleCols(first, inner), panel, kind, part);
      }
      C.middleCols(begin, width) = part;
    });
    return C;
  }
  C.setZero();
  // 2(bits − 1) + log₂(inner) + log₂(sums) ≤ 53, where at most 2^sums_bits products of slices share a weight.
  constexpr int sums_bits = 5;
  const int inner_bits = std::ilogb(static_cast<double>(A.cols())) + 1;
  const int bits = (53 - inner_bits - sums_bits) / 2 + 1;
  const auto most = static_cast<std::size_t>((std::numeric_limits<Real>::digits + inner_bits) / bits + 2);
  const Slices left = slice<Left>(A, Along::rows, bits, most);

  for_each_panel(cols, [&](Index begin, Index width) {
    RowMajorOf<Right> panel;
    right(0, A.cols(), begin, width, panel);
    const Slices other =
        slice<Right>(std::move(panel), kind == Panel::plain ? Along::columns : Along::rows, bits, most);
    const std::size_t weights = std::min(most, left.slices.size() + other.slices.size() - 1);
    for (std::size_t weight = weights; weight-- > 0;) {  // smallest first
      RowMajor sum = RowMajor::Zero(A.rows(), width);
      for (std::size_t k = 0; k <= weight; ++k)
        if (k < left.slices.size() && weight - k < other.slices.size())
          add_product(left.slices[k], other.slices[weight - k], kind, sum);
      using std::ldexp;
      for (Index i = 0; i < A.rows(); ++i)
        for (Index j = 0; j < width; ++j)
          C(i, begin + j) += ldexp(Real(sum(i, j)), element(left.exponents, i) + element(other.exponents, j) -
                                                        static_cast<int>(weight) * bits);
    }
  });
  return C;
}

}  // namespace

template <class Real, class Left, class Right>
RowMajorOf<Real> product_transposed(const RowMajorOf<Left>& A, const RowMajorOf<Right>& B) {
  return multiply<Real, Left, Right>(A, B.rows(), Panel::transposed,
                                     [&](Index first, Index inner, Index begin, Index width, RowMajorOf<Right>& panel) {
                                       panel = B.block(begin, first, width, inner);
                                     });
}

template <class Real, class Left>
RowMajorOf<Real> product(const RowMajorOf<Left>& A, const InitialWeights& W0) {
  return multiply<Real, Left, double>(A, W0.d(), Panel::plain,
                                      [&](Index first, Index inner, Index begin, Index width, RowMajor& panel) {
                                        W0.block(first, inner, begin, width, panel);
                                      });
}

template <class Real, class Left>
RowMajorOf<Real> product_transposed(const RowMajorOf<Left>& A, const InitialWeights& W0) {
  return multiply<Real, Left, double>(A, W0.d(), Panel::transposed,
                                      [&](Index first, Index inner, Index begin, Index width, RowMajor& panel) {
                                        W0.block(begin, width, first, inner, panel);
                                      });
}

#define BENIGN_INSTANTIATE(Real)                                                                      \
  template RowMajorOf<Real> product<Real, double>(const RowMajor&, const InitialWeights&);            \
  template RowMajorOf<Real> product_transposed<Real, double>(const RowMajor&, const InitialWeights&); \
  template RowMajorOf<Real> product_transposed<Real, double, double>(const RowMajor&, const RowMajor&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE
#define BENIGN_INSTANTIATE(Real)                                                                              \
  template RowMajorOf<Real> product_transposed<Real, Real>(const RowMajorOf<Real>&, const InitialWeights&);   \
  template RowMajorOf<Real> product_transposed<Real, double, Real>(const RowMajor&, const RowMajorOf<Real>&); \
  template RowMajorOf<Real> product_transposed<Real, Real, Real>(const RowMajorOf<Real>&, const RowMajorOf<Real>&);
BENIGN_INSTANTIATE(dd)
BENIGN_INSTANTIATE(mp50)
BENIGN_INSTANTIATE(mp100)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim

#include "sim/frames/exact_products.hpp"

#include "sim/linear/kernels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <tbb/parallel_for.h>

namespace benign::sim {
namespace {

using Whole = std::int64_t;
using WholeMatrix = Eigen::Matrix<Whole, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
constexpr Index weight_panel = 64;

std::size_t size(Index i) { return static_cast<std::size_t>(i); }

/// The places of the lowest and of the highest bit that is set anywhere.
struct Places {
  int lowest = 5000, highest = -5000;
  void see(double x) {
    if (x == 0) return;
    if (!(std::abs(x) < 0x1p1023)) throw std::domain_error("data that are not finite, or too large for their digits");
    int exponent;
    const auto mantissa = static_cast<Whole>(std::ldexp(std::frexp(x, &exponent), 53));
    lowest = std::min(lowest, exponent - 53 + std::countr_zero(static_cast<std::uint64_t>(mantissa)));
    highest = std::max(highest, exponent);
  }
  void see(const RowMajor& x) {
    for (Index k = 0; k < x.size(); ++k) see(x.data()[k]);
  }
};

/// Digits of x in units of 2^lowest. Each is the nearest whole number to what is left above its place, so that the
/// remainder is exact in double.
std::vector<RowMajor> digits_of(const RowMajor& x, const Places& places, int bits) {
  const int count = places.highest < places.lowest ? 1 : (places.highest - places.lowest + 1) / bits + 1;
  std::vector<RowMajor> digits(size(count), RowMajor::Zero(x.rows(), x.cols()));
  for (Index k = 0; k < x.size(); ++k) {
    double rest = x.data()[k];
    for (int place = count - 1; place >= 0 && rest != 0; --place) {
      const double digit = std::nearbyint(std::ldexp(rest, -(places.lowest + place * bits)));
      digits[size(place)].data()[k] = digit;
      rest -= std::ldexp(digit, places.lowest + place * bits);
    }
  }
  return digits;
}

/// C += A B or A Bᵀ; `right` is B or Bᵀ as it is stored.
void add_product(const RowMajor& A, const RowMajor& right, bool transposed, RowMajor& C) {
  const std::size_t stride = size(right.cols());
  kernels::add_product(size(A.rows()), size(A.cols()), size(C.cols()), A.data(), size(A.cols()), right.data(),
                       transposed ? 1 : stride, transposed ? stride : 1, C.data(), size(C.cols()));
}

/// Sums by weight of the products of digits: at most min(a, b) of them, each below 2^53.
std::vector<WholeMatrix> weighted_sums(const std::vector<RowMajor>& A, const std::vector<RowMajor>& right,
                                       bool transposed, Index rows, Index cols) {
  std::vector<WholeMatrix> sums(A.size() + right.size() - 1, WholeMatrix::Zero(rows, cols));
  for (std::size_t a = 0; a < A.size(); ++a)
    for (std::size_t b = 0; b < right.size(); ++b) {
      RowMajor part = RowMajor::Zero(rows, cols);
      add_product(A[a], right[b], transposed, part);
      sums[a + b] += part.cast<Whole>();
    }
  return sums;
}

/// Digits of at most 2^{bits−1} from sums of any size.
std::vector<RowMajor> carried(std::vector<WholeMatrix> sums, int bits) {
  std::vector<RowMajor> digits;
  const Whole half = Whole{1} << (bits - 1);
  for (std::size_t place = 0; place < sums.size(); ++place) {
    WholeMatrix carry(sums[place].rows(), sums[place].cols());
    bool any = false;
    for (Index k = 0; k < carry.size(); ++k) {
      Whole& x = sums[place].data()[k];
      const Whole above = (x + half) >> bits;  // x/2^bits to the nearest
      x -= above << bits;
      carry.data()[k] = above;
      any = any || above != 0;
    }
    if (place + 1 < sums.size())
      sums[place + 1] += carry;
    else if (any)
      sums.push_back(carry);
    digits.push_back(sums[place].cast<double>());
  }
  return digits;
}

/// Writes columns begin, … of every digit, of which all matrices get as many as the longest has.
void place(const std::vector<RowMajor>& part, Index begin, ExactMatrix& whole) {
  while (whole.digits.size() < part.size()) whole.digits.push_back(RowMajor::Zero(whole.rows, whole.cols));
  for (std::size_t k = 0; k < part.size(); ++k) whole.digits[k].middleCols(begin, part[k].cols()) = part[k];
}

ExactMatrix times_weights(const ExactMatrix& A, const InitialWeights& W0, bool transposed) {
  const Index d = W0.d(), panels = (d + weight_panel - 1) / weight_panel;
  const auto panel = [&](Index index) {
    const Index begin = index * weight_panel, width = std::min(weight_panel, d - begin);
    return transposed ? W0.block(begin, width, 0, d) : W0.block(0, d, begin, width);
  };
  std::vector<Places> seen(size(panels));
  tbb::parallel_for(Index{0}, panels, [&](Index index) { seen[size(index)].see(panel(index)); });
  Places places;
  for (const auto& part : seen)
    places.lowest = std::min(places.lowest, part.lowest), places.highest = std::max(places.highest, part.highest);

  std::vector<std::vector<RowMajor>> parts(size(panels));
  tbb::parallel_for(Index{0}, panels, [&](Index index) {
    const RowMajor B = panel(index);
    const Index width = transposed ? B.rows() : B.cols();
    parts[size(index)] =
        carried(weighted_sums(A.digits, digits_of(B, places, A.bits), transposed, A.rows, width), A.bits);
  });
  ExactMatrix C{A.rows, d, A.bits, A.exponent + places.lowest, {}};
  for (Index index = 0; index < panels; ++index) place(parts[size(index)], index * weight_panel, C);
  return C;
}

}  // namespace

int digit_bits(Index inner) {
  return (53 - static_cast<int>(std::bit_width(static_cast<std::uint64_t>(inner)))) / 2 + 1;
}

Enclosure ExactMatrix::entry(Index i, Index j) const {
  mpz_t whole;
  mpz_init(whole);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    mpz_mul_2exp(whole, whole, static_cast<mp_bitcnt_t>(bits));
    const auto value = static_cast<long>((*digit)(i, j));
    value < 0 ? mpz_sub_ui(whole, whole, static_cast<unsigned long>(-value))
              : mpz_add_ui(whole, whole, static_cast<unsigned long>(value));
  }
  Enclosure x;
  mpfi_set_z(x.data(), whole);
  mpz_clear(whole);
  exponent < 0 ? mpfi_div_2ui(x.data(), x.data(), static_cast<unsigned long>(-exponent))
               : mpfi_mul_2ui(x.data(), x.data(), static_cast<unsigned long>(exponent));
  return x;
}

ExactMatrix exact(const RowMajor& x, int bits) {
  Places places;
  places.see(x);
  return {x.rows(), x.cols(), bits, places.highest < places.lowest ? 0L : places.lowest, digits_of(x, places, bits)};
}

ExactMatrix exact_product_transposed(const ExactMatrix& A, const ExactMatrix& B) {
  if (A.bits != B.bits || A.cols != B.cols || A.bits > digit_bits(A.cols)) throw std::domain_error("digits do not fit");
  const Index panels = (B.rows + weight_panel - 1) / weight_panel;
  std::vector<std::vector<RowMajor>> parts(size(panels));
  tbb::parallel_for(Index{0}, panels, [&](Index index) {
    const Index begin = index * weight_panel, width = std::min(weight_panel, B.rows - begin);
    std::vector<RowMajor> right;
    for (const auto& digit : B.digits) right.push_back(digit.middleRows(begin, width));
    parts[size(index)] = carried(weighted_sums(A.digits, right, true, A.rows, width), A.bits);
  });
  ExactMatrix C{A.rows, B.rows, A.bits, A.exponent + B.exponent, {}};
  for (Index index = 0; index < panels; ++index) place(parts[size(index)], index * weight_panel, C);
  return C;
}

ExactMatrix exact_product(const ExactMatrix& A, const InitialWeights& W0) { return times_weights(A, W0, false); }
ExactMatrix exact_product_transposed(const ExactMatrix& A, const InitialWeights& W0) {
  return times_weights(A, W0, true);
}

}  // namespace benign::sim

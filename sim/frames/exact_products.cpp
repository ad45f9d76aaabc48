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
  bool none() const { return highest < lowest; }
  /// The lowest moved down until the highest fills the first of the digits: then few entries have a last one.
  Places filled(int bits) const {
    if (none()) return {0, 0};
    const int count = (highest - lowest) / bits + 1;
    return {highest + 1 - count * bits, highest};
  }
  void see(const RowMajor& x) {
    for (Index k = 0; k < x.size(); ++k) see(x.data()[k]);
  }
};

/// Digits of x in units of 2^lowest, the highest place filling the first. Each is the nearest whole number to what is left above its place, so that the
/// remainder is exact in double.
std::vector<RowMajor> digits_of(RowMajor rest, const Places& places, int bits) {
  const int count = (places.highest - places.lowest) / bits + 1;
  std::vector<RowMajor> digits(size(count), RowMajor(rest.rows(), rest.cols()));
  const bool far = places.lowest < -1000 || places.highest > 1000;  // a power of two may be no double
  for (int place = count - 1; place >= 0; --place) {
    const int exponent = places.lowest + place * bits;
    double* const left = rest.data();
    double* const digit = digits[size(place)].data();
    if (far) {
      for (Index k = 0; k < rest.size(); ++k) {
        digit[k] = std::nearbyint(std::ldexp(left[k], -exponent));
        left[k] -= std::ldexp(digit[k], exponent);
      }
    } else {
      constexpr double magic = 0x1.8p52;  // x + magic − magic is x to the nearest whole number
      const double unit = std::ldexp(1.0, exponent), inverse = std::ldexp(1.0, -exponent);
      for (Index k = 0; k < rest.size(); ++k) {
        digit[k] = (left[k] * inverse + magic) - magic;
        left[k] -= digit[k] * unit;
      }
    }
  }
  return digits;
}

/// A matrix of digits, with a list of those that are not zero where they are few: the last digits of a factor, which only
/// its smallest entries have.
struct Digits {
  struct Entry {
    Index row, col;
    double value;
  };

  explicit Digits(const RowMajor& x) : all(x) {
    const auto most = size(x.size() / 64);
    for (Index i = 0; i < x.rows(); ++i)
      for (Index j = 0; j < x.cols(); ++j)
        if (x(i, j) != 0) {
          entries.push_back({i, j, x(i, j)});
          if (entries.size() > most) return;
        }
    few = true;
  }

  const RowMajor& all;
  std::vector<Entry> entries;  ///< all that are not zero if these are few
  bool few = false;
};

std::vector<Digits> listed(const std::vector<RowMajor>& digits) { return {digits.begin(), digits.end()}; }

/// C += A B from row `first` of A and C on.
void add_product(const Digits& A, const Digits& B, Index first, RowMajor& C) {
  if (A.few) {
    for (const auto& [i, k, value] : A.entries)
      if (i >= first) C.row(i) += value * B.all.row(k);
  } else if (B.few) {
    for (const auto& [k, j, value] : B.entries)
      for (Index i = first; i < C.rows(); ++i) C(i, j) += A.all(i, k) * value;
  } else {
    const std::size_t inner = size(A.all.cols()), cols = size(C.cols());
    kernels::add_product(size(C.rows() - first), inner, cols, A.all.data() + first * A.all.cols(), inner, B.all.data(),
                         cols, 1, C.data() + first * C.cols(), cols);
  }
}

/// Sums by weight of the products of digits, from row `first` on: at most min(a, b) of them, each below 2^53.
std::vector<WholeMatrix> weighted_sums(const std::vector<Digits>& A, const std::vector<RowMajor>& right, Index first) {
  const Index rows = A.front().all.rows(), cols = right.front().cols();
  std::vector<WholeMatrix> sums(A.size() + right.size() - 1, WholeMatrix::Zero(rows, cols));
  const std::vector<Digits> B = listed(right);
  RowMajor part(rows, cols);
  for (std::size_t a = 0; a < A.size(); ++a)
    for (std::size_t b = 0; b < B.size(); ++b) {
      part.setZero();
      add_product(A[a], B[b], first, part);
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
  places = places.filled(A.bits);

  const std::vector<Digits> left = listed(A.digits);
  std::vector<std::vector<RowMajor>> parts(size(panels));
  tbb::parallel_for(Index{0}, panels, [&](Index index) {
    RowMajor B = panel(index);
    if (transposed) B = RowMajor(B.transpose());
    parts[size(index)] = carried(weighted_sums(left, digits_of(std::move(B), places, A.bits), 0), A.bits);
  });
  ExactMatrix C{A.rows, d, A.bits, A.exponent + places.lowest, {}};
  for (Index index = 0; index < panels; ++index) place(parts[size(index)], index * weight_panel, C);
  return C;
}

/// A times the transpose of B's first rows; of a symmetric product only what is in the panels' columns from the diagonal
/// down.
ExactMatrix by_panels(const ExactMatrix& A, const ExactMatrix& B, Index cols, bool symmetric) {
  const Index width = symmetric ? 32 : weight_panel, panels = (cols + width - 1) / width;
  const std::vector<Digits> left = listed(A.digits);
  std::vector<std::vector<RowMajor>> parts(size(panels));
  tbb::parallel_for(Index{0}, panels, [&](Index index) {
    const Index begin = index * width;
    std::vector<RowMajor> right;
    for (const auto& digit : B.digits)
      right.push_back(digit.middleRows(begin, std::min(width, cols - begin)).transpose());
    parts[size(index)] = carried(weighted_sums(left, right, symmetric ? begin : 0), A.bits);
  });
  ExactMatrix C{A.rows, cols, A.bits, A.exponent + B.exponent, {}};
  for (Index index = 0; index < panels; ++index) place(parts[size(index)], index * width, C);
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
  places = places.filled(bits);
  return {x.rows(), x.cols(), bits, places.lowest, digits_of(x, places, bits)};
}

ExactMatrix exact_product_transposed(const ExactMatrix& A, const ExactMatrix& B) {
  if (A.bits != B.bits || A.cols != B.cols || A.bits > digit_bits(A.cols)) throw std::domain_error("digits do not fit");
  return by_panels(A, B, B.rows, false);
}

ExactMatrix exact_gram(const ExactMatrix& A, Index cols) {
  if (cols > A.rows || A.bits > digit_bits(A.cols)) throw std::domain_error("digits do not fit");
  ExactMatrix C = by_panels(A, A, cols, true);
  for (RowMajor& digit : C.digits)
    for (Index i = 0; i < cols; ++i)
      for (Index j = i + 1; j < cols; ++j) digit(i, j) = digit(j, i);
  return C;
}

ExactMatrix exact_product(const ExactMatrix& A, const InitialWeights& W0) { return times_weights(A, W0, false); }
ExactMatrix exact_product_transposed(const ExactMatrix& A, const InitialWeights& W0) {
  return times_weights(A, W0, true);
}

}  // namespace benign::sim

#include "sim/enclosures/flow/flow_matrix.hpp"

#include "sim/enclosures/descent_growth.hpp"
#include "sim/linear/enclosed_linear.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace benign::sim {
namespace {

constexpr double ulp_of_half = 0x1p-53;
/// Vectors that are wider than this share of their largest entry are multiplied entry by entry.
constexpr double wide = 0x1p-40;
/// Up to so many bits of the working precision a Real's digits are enough.
template <class Real>
constexpr long room_of = std::is_same_v<Real, dd> ? 100 : std::numeric_limits<Real>::digits - 8;

/// The largest exponent of an entry's ends, and whether all of them are finite.
struct Extent {
  explicit Extent(const Vector<Enclosure>& x) {
    for (const Enclosure& one : x)
      for (const mpfr_srcptr end : {one.left(), one.right()}) {
        finite = finite && mpfr_number_p(end);
        if (mpfr_regular_p(end)) exponent = std::max(exponent, static_cast<long>(mpfr_get_exp(end)));
      }
    if (exponent == std::numeric_limits<long>::min()) exponent = 0;
  }
  long exponent = std::numeric_limits<long>::min();
  bool finite = true;
};

void scale(Vector<Enclosure>& x, long exponent) {
  for (Enclosure& one : x) mpfi_mul_2si(one.data(), one.data(), exponent);
}

}  // namespace

/// Of an entry, what the product of the middles misses is at most Σ_j |A_ij| (r_j + (η + γ)|m_j|) with the radii r and middles m
/// of x, η|A_ij| what the doubles of A miss, and γ = 1.01(n + 1)2⁻⁵³ of a sum of n terms in any order.
template <class Multiply>
Vector<Enclosure> FlowMatrix::wide_product(const Vector<Enclosure>& x, Index entries, Multiply multiply) const {
  Vector<double> m(x.size()), r(x.size()), y(entries), off(entries);
  const double terms = static_cast<double>(x.size());
  const Upward relative = missed_ + Upward(1.01 * (terms + 1) * ulp_of_half);
  for (Index j = 0; j < x.size(); ++j) {
    m[j] = representative(x[j]);
    r[j] = (magnitude(x[j] - Enclosure(m[j])) + relative * Upward(std::abs(m[j]))).value();
  }
  multiply(middle_.data(), m.data(), y.data());
  multiply(size_.data(), r.data(), off.data());
  Vector<Enclosure> product(entries);
  for (Index i = 0; i < entries; ++i)  // what underflows in either, and what the sum of the radii rounds
    product[i] = Enclosure(y[i]) +
                 plus_or_minus(Upward(off[i] * (1 + 2 * (terms + 2) * ulp_of_half)) + Upward(terms * 0x1p-1000));
  return product;
}

/// By the product of numbers, `multiply(A, x, y)` of pointers to doubles or to enclosures, and by that of balls.
template <class Multiply, class MultiplyBalls>
Vector<Enclosure> FlowMatrix::product(const Vector<Enclosure>& x, Index entries, Multiply multiply,
                                      MultiplyBalls multiply_balls) const {
  const Extent extent(x);
  if (!extent.finite) return Vector<Enclosure>::Constant(entries, Enclosure(std::numeric_limits<double>::quiet_NaN()));
  Vector<Enclosure> scaled = x;
  scale(scaled, -extent.exponent);
  double widest = 0;
  for (const Enclosure& one : scaled) widest = std::max(widest, width(one));
  const auto narrow_product = [&]<class Products>(const Products& A) {
    if constexpr (std::is_same_v<Products, Matrix<Enclosure>>) {
      Vector<Enclosure> y(entries);
      multiply(A.data(), scaled.data(), y.data());
      return y;
    } else {
      return enclosures(multiply_balls(A, ball<typename Products::Number>(scaled)));
    }
  };
  Vector<Enclosure> y = widest > wide ? wide_product(scaled, entries, multiply) : std::visit(narrow_product, products_);
  scale(y, extent.exponent);
  return y;
}

FlowMatrix::FlowMatrix(const Matrix<Enclosure>& A, std::optional<Upward> norm)
    : products_([&]() -> Products {
        const auto of = [&]<class Real>(std::type_identity<Real>) {
          return norm ? BallMatrix<Real>(A, *norm) : BallMatrix<Real>(A);
        };
        const long bits = WorkingPrecision::bits();
        if (bits <= room_of<dd>) return of(std::type_identity<dd>{});
        if (bits <= room_of<mp50>) return of(std::type_identity<mp50>{});
        if (bits <= room_of<mp100>) return of(std::type_identity<mp100>{});
        return A;
      }()),
      middle_(A.rows(), A.cols()),
      size_(A.rows(), A.cols()) {
  double missed = 0;
  for (Index k = 0; k < A.size(); ++k) {
    const Enclosure& entry = A.data()[k];
    middle_.data()[k] = representative(entry);
    size_.data()[k] = magnitude(entry).value();
    const double off = magnitude(entry - Enclosure(middle_.data()[k])).value();
    if (off > 0) missed = std::max(missed, off / size_.data()[k]);
  }
  missed_ = Upward(missed * (1 + 0x1p-50));
}

FlowMatrix FlowMatrix::of_inner_products(const Matrix<Enclosure>& A) {
  return FlowMatrix(A, norm_of_inner_products(A));
}

Vector<Enclosure> FlowMatrix::times(const Vector<Enclosure>& x) const {
  const Index rows = middle_.rows(), cols = middle_.cols();
  return product(
      x, rows, [&](const auto* A, const auto* from, auto* to) { sim::times(rows, cols, A, from, to); },
      [](const auto& A, const auto& from) { return A.times(from); });
}

Vector<Enclosure> FlowMatrix::transposed_times(const Vector<Enclosure>& x) const {
  const Index rows = middle_.rows(), cols = middle_.cols();
  return product(
      x, cols, [&](const auto* A, const auto* from, auto* to) { sim::transposed_times(rows, cols, A, from, to); },
      [](const auto& A, const auto& from) { return A.transposed_times(from); });
}

}  // namespace benign::sim

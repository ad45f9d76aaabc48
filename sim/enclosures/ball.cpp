#include "sim/enclosures/ball.hpp"

#include "sim/linear/digits.hpp"
#include "theory/numbers/limbs.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

/// x ↦ (the Real next to its middle, a bound of what that misses).
template <class Real>
Real middle_of(const Enclosure& x, Upward& missed) {
  Real m;
  if constexpr (std::is_same_v<Real, dd>) {
    const double head = representative(x);
    m = dd::sum(head, representative<Enclosure>(x - Enclosure(head)));
  } else {
    mpfi_mid(m.backend().data(), x.data());
  }
  const Enclosure off = x - exactly(m);
  missed = magnitude(off);
  return m;
}

/// A sum or a product is off by at most so much of itself (dd.hpp; MPFR rounds to the nearest): what a vector of them misses.
template <class Real>
Upward rounded(const Vector<Real>& x) {
  constexpr int bits = std::is_same_v<Real, dd> ? 103 : std::numeric_limits<Real>::digits;
  return Upward(std::ldexp(1.0, 1 - bits)) * length(x);
}

/// What products of pairs below 2^−960 lose besides, of so many.
template <class Real>
Upward underflow(Index products) {
  return Upward(std::is_same_v<Real, dd> ? static_cast<double>(products) * 0x1p-1000 : 0.0);
}

/// 2^exponent, or infinity or the least number where that is not a double.
Upward power_of_two(long exponent) {
  return Upward(std::ldexp(1.0, static_cast<int>(std::clamp(exponent, -1074L, 1100L))));
}

template <class Real>
long largest_exponent_of(const Vector<Real>& x) {
  long most = limbs::none;
  for (Index k = 0; k < x.size(); ++k) most = std::max(most, limbs::exponent(x[k]));
  return most;
}

/// With e the largest exponent of a row and f that of x, THEORY section 3.8's error of a product of digits is at most
/// 2^(e + f − 22c) (c/4 + 1) times the number of terms for each entry.
template <class Real>
Upward missed_by_product(const DigitMatrix<Real>& A, Upward, const Vector<Real>& x, Index terms, Index entries) {
  constexpr double places = DigitMatrix<Real>::digits / 4.0 + 1;
  const long of_x = largest_exponent_of(x);
  if (of_x == limbs::none) return Upward(0);
  return sqrt(Upward(static_cast<double>(entries))) * Upward(static_cast<double>(terms)) * Upward(places) *
         power_of_two(A.last_place() + of_x + 1);
}

/// The same of pairs: u² (n²/2 + 5n + 16) Σ |a x| of an entry, and Σ |a x| is at most its row's norm times ‖x‖; and what
/// products far below 2^−960 lose.
Upward missed_by_product(const PairMatrix&, Upward size, const Vector<dd>&, Index terms, Index entries) {
  if (size.value() == 0) return size;                                                     // all terms are zero
  if (!(size.value() < 0x1p900)) return Upward(std::numeric_limits<double>::infinity());  // no room for exact products
  const double n = static_cast<double>(terms);
  return Upward((n * n / 2 + 5 * n + 16) * 0x1p-106) * size + underflow<dd>(entries * terms);
}

/// What numbers that were rounded and read as digits may be off: they are cut off at the last digit. Pairs are what they were.
template <class Real>
Upward missed_by_reading(const DigitMatrix<Real>& A) {
  const long place = A.last_place(), top = place + digits::bits * DigitMatrix<Real>::digits;
  return sqrt(Upward(static_cast<double>(A.rows()) * static_cast<double>(A.cols()))) *
         (power_of_two(place) + power_of_two(top - 1 - limbs::bits_of<Real>));
}
Upward missed_by_reading(const PairMatrix&) { return Upward(0); }

/// A += u vᵀ, and a bound of what is missed of it. Digits of the product and of their carrying miss 2^(e − 22c) (c/4 + 2) of
/// an entry (THEORY section 3.8); a row that was read anew first has been rounded once, and cut off once.
template <class Real>
Upward add_outer_to(DigitMatrix<Real>& A, Upward, const Vector<Real>& u, const Vector<Real>& v) {
  constexpr double places = DigitMatrix<Real>::digits / 4.0 + 2;
  const bool read_anew = A.add_outer(u.data(), v.data());
  const Upward entries(static_cast<double>(A.rows()) * static_cast<double>(A.cols()));
  const Upward missed = sqrt(entries) * (Upward(places) * power_of_two(A.last_place()));
  return read_anew ? missed + missed_by_reading(A) : missed;
}

/// Of pairs, of which a product is rounded by at most 5u² of itself and a sum by 3u², u² = 2^−106; `size` bounds the norm of
/// A before and that of the product together.
Upward add_outer_to(PairMatrix& A, Upward size, const Vector<dd>& u, const Vector<dd>& v) {
  A.add_outer(u.data(), v.data());
  return Upward(0x1p-102) * size + underflow<dd>(A.rows() * A.cols());
}

}  // namespace

template <class Real>
Vector<double> in_double(const Vector<Real>& x) {
  return x.unaryExpr([](const Real& one) { return representative<Real>(one); });
}

template <class Real>
Enclosure exactly(const Real& x) {
  if constexpr (std::is_same_v<Real, dd>) {
    return Enclosure(x.head()) + Enclosure(x.tail());
  } else {
    Enclosure y;
    mpfi_set_fr(y.data(), x.backend().data());
    return y;
  }
}

/// The double of a number is off by its rounding, or by the least number of all where it underflows.
template <class Real>
Upward length(const Vector<Real>& x) {
  Upward sum;
  for (Index k = 0; k < x.size(); ++k) {
    if (sign_of<Real>(x[k]) == Sign::zero) continue;
    sum += square(Upward(std::abs(representative<Real>(x[k]))) * Upward(1 + 0x1p-50) +
                  Upward(std::numeric_limits<double>::denorm_min()));
  }
  return sqrt(sum);
}

template <class Real>
Ball<Real> ball(const Vector<Enclosure>& x) {
  Ball<Real> y{Vector<Real>(x.size()), {}};
  Upward sum;
  for (Index k = 0; k < x.size(); ++k) {
    Upward missed;
    y.middle[k] = middle_of<Real>(x[k], missed);
    sum += square(missed);
  }
  y.radius = sqrt(sum);
  return y;
}

template <class Real>
Vector<Enclosure> enclosures(const Ball<Real>& x) {
  const Enclosure off = plus_or_minus(x.radius), every_t = enclosure(-1, 1);
  Vector<Enclosure> y(x.middle.size());
  for (Index k = 0; k < y.size(); ++k) {
    y[k] = exactly(x.middle[k]) + off;
    if (x.moves()) y[k] += every_t * exactly(x.slope[k]);
  }
  return y;
}

template <class Real>
Ball<Real> sum(const Ball<Real>& x, const Ball<Real>& y) {
  Ball<Real> z{x.middle + y.middle, x.radius + y.radius, x.moves() ? x.slope : y.slope};
  if (x.moves() && y.moves()) z.slope += y.slope, z.radius += rounded(z.slope);
  z.radius += rounded(z.middle);
  return z;
}

template <class Real>
Ball<Real> scaled(const Enclosure& a, const Ball<Real>& x) {
  Upward missed;
  const Real middle = middle_of<Real>(a, missed);
  Ball<Real> y{middle * x.middle, magnitude(a) * x.radius, middle * x.slope};
  const Upward size = length(x.middle) + length(x.slope);
  y.radius += missed * size + rounded(y.middle) + rounded(y.slope);
  if (size.value() > 0) y.radius += underflow<Real>(2 * x.middle.size());
  return y;
}

template <class Real>
Ball<Real> times_t(const Ball<Real>& x) {
  return {Vector<Real>::Zero(x.middle.size()), x.radius + length(x.slope), x.middle};
}

template <class Real>
Ball<Real> ball(const Vector<Enclosure>& at, const Vector<Enclosure>& slope, const Vector<Enclosure>& rest) {
  Ball<Real> x = sum(ball<Real>(at), times_t(ball<Real>(slope)));
  Upward squares;
  for (Index k = 0; k < rest.size(); ++k) squares += square(magnitude(rest[k]));
  x.radius += sqrt(squares);
  return x;
}

template <class Real>
typename BallMatrix<Real>::Parts BallMatrix<Real>::parts(const Matrix<Enclosure>& A) {
  Parts parts{Matrix<Real>(A.rows(), A.cols()), {}, {}};
  Upward missed, squares, sizes;
  for (Index k = 0; k < A.size(); ++k) {
    parts.middle.data()[k] = middle_of<Real>(A.data()[k], missed);
    squares += square(missed), sizes += square(magnitude(A.data()[k]));
  }
  parts.radius = sqrt(squares), parts.frobenius = sqrt(sizes);
  return parts;
}

/// What lies below the digits and is cut off is a part of what a product of digits misses.
template <class Real>
BallMatrix<Real>::BallMatrix(const Parts& parts)
    : middle_(parts.middle), radius_(parts.radius), frobenius_(parts.frobenius), norm_(parts.frobenius) {}
template <class Real>
BallMatrix<Real>::BallMatrix(const Matrix<Enclosure>& A) : BallMatrix(parts(A)) {}

template <class Real>
BallMatrix<Real>::BallMatrix(const Matrix<Enclosure>& A, Upward operator_norm) : BallMatrix(A) {
  if (operator_norm.value() < norm_.value()) norm_ = operator_norm;
}

template <class Real>
BallMatrix<Real>::BallMatrix(Index rows, Index cols) : middle_(Matrix<Real>(Matrix<Real>::Zero(rows, cols))) {}

template <class Real>
BallMatrix<Real>::BallMatrix(const Matrix<Real>& numbers)
    : middle_(numbers), frobenius_(length(Vector<Real>(numbers.reshaped()))), norm_(frobenius_) {}

template <class Real>
template <class Multiply>
Ball<Real> BallMatrix<Real>::product(const Ball<Real>& x, Index terms, Index entries, Multiply multiply) const {
  Ball<Real> product{Vector<Real>(entries), norm_ * x.radius};
  const auto of_one = [&](const Vector<Real>& from, Vector<Real>& to) {
    multiply(from.data(), to.data());
    const Upward size = length(from);
    product.radius += radius_ * size;
    product.radius += missed_by_product(middle_, frobenius_ * size, from, terms, entries);
    product.radius += rounded(to);
  };
  of_one(x.middle, product.middle);
  if (x.moves()) {
    product.slope.resize(entries);
    of_one(x.slope, product.slope);
  }
  return product;
}

template <class Real>
Ball<Real> BallMatrix<Real>::times(const Ball<Real>& x) const {
  return product(x, middle_.cols(), middle_.rows(), [&](const Real* from, Real* to) { middle_.times(from, to); });
}

template <class Real>
Ball<Real> BallMatrix<Real>::transposed_times(const Ball<Real>& x) const {
  return product(x, middle_.rows(), middle_.cols(),
                 [&](const Real* from, Real* to) { middle_.transposed_times(from, to); });
}

template <class Real>
Upward BallMatrix<Real>::add_outer(const Vector<Real>& u, const Vector<Real>& v) {
  const Upward size = length(u) * length(v), missed = add_outer_to(middle_, frobenius_ + size, u, v);
  frobenius_ += size + missed, norm_ = frobenius_;
  return missed;
}

template <class Real>
Matrix<Real> BallMatrix<Real>::numbers() const {
  Matrix<Real> A(middle_.rows(), middle_.cols());
  middle_.write(A.data());
  return A;
}

template <class Real>
Upward BallMatrix<Real>::settle() {
  *this = BallMatrix(numbers());
  return missed_by_reading(middle_);
}

#define BENIGN_INSTANTIATE(Real)                                                                                \
  template Vector<double> in_double<Real>(const Vector<Real>&);                                                 \
  template Enclosure exactly<Real>(const Real&);                                                                \
  template Upward length<Real>(const Vector<Real>&);                                                            \
  template Ball<Real> ball<Real>(const Vector<Enclosure>&);                                                     \
  template Vector<Enclosure> enclosures<Real>(const Ball<Real>&);                                               \
  template Ball<Real> sum<Real>(const Ball<Real>&, const Ball<Real>&);                                          \
  template Ball<Real> scaled<Real>(const Enclosure&, const Ball<Real>&);                                        \
  template Ball<Real> times_t<Real>(const Ball<Real>&);                                                         \
  template Ball<Real> ball<Real>(const Vector<Enclosure>&, const Vector<Enclosure>&, const Vector<Enclosure>&); \
  template class BallMatrix<Real>;
BENIGN_INSTANTIATE(dd)
BENIGN_INSTANTIATE(mp50)
BENIGN_INSTANTIATE(mp100)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim

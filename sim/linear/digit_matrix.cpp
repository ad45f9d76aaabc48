#include "sim/linear/digit_matrix.hpp"

#include "sim/linear/digits.hpp"
#include "theory/numbers/limbs.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

using namespace limbs;
using digits::block;

std::size_t size(Index i) { return static_cast<std::size_t>(i); }

/// Digits of x = 2^exponent Σ_k d_k 2^(−22 (k + 1)), |x| < 2^(exponent − 1), cut off after `Count`, to every `stride`-th
/// place.
template <int Count, class Real, class Digit>
void write_digits(const Real& x, long exponent, Digit* to, std::size_t stride) {
  constexpr int L = (digits::bits * Count + 63) / 64;
  static_assert(L >= limbs_of<Real>);
  const long of_x = limbs::exponent(x), shift = exponent - of_x;
  if (of_x == none || shift >= 64 * L) {
    for (int k = 0; k < Count; ++k) to[size(k) * stride] = 0;
    return;
  }
  mpfr_srcptr from = x.backend().data();
  Limb m[L + 1] = {};
  for (int k = 0; k < limbs_of<Real>; ++k) m[L - limbs_of<Real> + k] = from->_mpfr_d[k];
  shift_right<L>(m, m, shift);
  const int sign = from->_mpfr_sign < 0 ? -1 : 1;
  int carry = 0;
  for (int k = Count - 1; k >= 0; --k) {
    const int lowest = 64 * L - digits::bits * (k + 1), limb = lowest / 64, bit = lowest % 64;
    const Limb bits = (m[limb] >> bit) | ((m[limb + 1] << 1) << (63 - bit));
    int digit = static_cast<int>(bits & ((1 << digits::bits) - 1)) + carry;
    carry = k > 0 && digit >= 1 << (digits::bits - 1);  // the highest may come to 2^21
    digit -= carry << digits::bits;
    to[size(k) * stride] = static_cast<Digit>(sign * digit);
  }
}

/// x = 2^exponent Σ_k t_k 2^(−22 (k + 1)) of whole numbers below 2^62, `stride` apart, rounded once.
template <int Count, class Real, class Whole>
void read_digits(const Whole* from, std::size_t stride, long exponent, Real& x) {
  constexpr Limb mask = (Limb{1} << digits::bits) - 1;
  constexpr int L = (digits::bits * (Count - 1) + 63) / 64 + 1;
  std::int64_t t[Count];
  const auto carry = [&t] {
    for (int k = Count - 1; k > 0; --k) {
      t[k - 1] += t[k] >> digits::bits;
      t[k] &= static_cast<std::int64_t>(mask);
    }
  };
  for (int k = 0; k < Count; ++k) t[k] = static_cast<std::int64_t>(from[size(k) * stride]);
  carry();
  const bool negative = t[0] < 0;
  if (negative) {
    for (std::int64_t& one : t) one = -one;
    carry();
  }
  Limb m[L + 1] = {};
  for (int k = 0; k < Count; ++k) {
    const int lowest = digits::bits * (Count - 1 - k), limb = lowest / 64, bit = lowest % 64;
    const auto digit = static_cast<Limb>(t[k]);
    m[limb] |= digit << bit;
    m[limb + 1] |= (digit >> 1) >> (63 - bit);
  }
  Limb whole[L];
  std::copy(m, m + L, whole);
  round_to<L>(x, whole, exponent - digits::bits * Count + 64 * L, negative);
}

/// The largest exponent of a vector whose entries are moved by `shift(i)` binary places.
template <class Real, class Shift>
long largest_exponent(Index count, const Real* x, const Shift& shift) {
  long most = none;
  for (Index i = 0; i < count; ++i)
    if (const long one = exponent(x[i]); one != none) most = std::max(most, one == lost ? lost : one + shift(i));
  return most;
}

/// |x| / 2^exponent, rounded up.
template <class Real>
double relative_size(const Real& x, long exponent) {
  const long of_x = limbs::exponent(x);
  if (of_x == none) return 0;
  const double leading = std::ldexp(static_cast<double>(x.backend().data()->_mpfr_d[limbs_of<Real> - 1] >> 12), -52);
  return std::ldexp(leading + 0x1p-51, static_cast<int>(std::clamp(of_x - exponent, -1000L, 1000L)));
}

}  // namespace

template <class Real>
DigitMatrix<Real>::DigitMatrix(Index rows, Index cols, const Real* A)
    : rows_(rows),
      cols_(cols),
      blocks_((rows + Index{block} - 1) / Index{block}),
      digits_(size(blocks_ * cols) * count * block / 16 + 1, Line{}),
      exponents_(size(blocks_) * block, none),
      bounds_(size(blocks_) * block, 0.0) {
  std::vector<Real> row(size(cols));
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j) row[size(j)] = A[j * rows + i];
    const long most = largest_exponent(cols, row.data(), [](Index) { return 0L; });
    if (most == lost)
      finite_ = false;
    else if (most != none)
      set_row(i, row, most + 1);
  }
}

template <class Real>
float* DigitMatrix<Real>::place(Index i, Index j) {
  return digits_.data()->x + size(i / Index{block} * cols_ + j) * count * block + size(i % Index{block});
}
template <class Real>
const float* DigitMatrix<Real>::place(Index i, Index j) const {
  return digits_.data()->x + size(i / Index{block} * cols_ + j) * count * block + size(i % Index{block});
}

template <class Real>
void DigitMatrix<Real>::read(Index i, Index j, Real& x) const {
  if (exponents_[size(i)] == none)
    x = Real(0);
  else
    read_digits<count>(place(i, j), block, exponents_[size(i)], x);
}

template <class Real>
void DigitMatrix<Real>::set_row(Index i, const std::vector<Real>& row, long exponent) {
  exponents_[size(i)] = exponent;
  double bound = 0;
  for (Index j = 0; j < cols_; ++j) {
    write_digits<count>(row[size(j)], exponent, place(i, j), block);
    bound = std::max(bound, relative_size(row[size(j)], exponent));
  }
  bounds_[size(i)] = bound;
}

template <class Real>
void DigitMatrix<Real>::times(const Real* x, Real* y) const {
  const long most = largest_exponent(cols_, x, [](Index) { return 0L; });
  if (most == lost || !finite_) {
    std::fill_n(y, rows_, std::numeric_limits<Real>::quiet_NaN());
    return;
  }
  std::vector<double> of_x(size(cols_) * count);
  for (Index j = 0; j < cols_; ++j) write_digits<count>(x[j], most + 1, of_x.data() + size(j) * count, 1);
  std::vector<std::int64_t> totals(size(blocks_) * count * block);
  digits::times<count>(size(blocks_), size(cols_), digits_.data()->x, of_x.data(), totals.data());
  for (Index i = 0; i < rows_; ++i) {
    y[i] = Real(0);
    if (most == none || exponents_[size(i)] == none) continue;
    const std::int64_t* of_row = totals.data() + size(i / Index{block}) * count * block + size(i % Index{block});
    read_digits<count>(of_row, block, exponents_[size(i)] + most + 1 - digits::bits, y[i]);
  }
}

template <class Real>
void DigitMatrix<Real>::transposed_times(const Real* x, Real* y) const {
  const auto of_row = [this](Index i) { return exponents_[size(i)]; };
  long most = none;  // of x_i 2^(exponent of row i)
  for (Index i = 0; i < rows_; ++i)
    if (const long one = exponent(x[i]); one == lost || (one != none && of_row(i) != none))
      most = std::max(most, one == lost ? lost : one + of_row(i));
  if (most == lost || !finite_) {
    std::fill_n(y, cols_, std::numeric_limits<Real>::quiet_NaN());
    return;
  }
  if (most == none) {
    std::fill_n(y, cols_, Real(0));
    return;
  }
  std::vector<double> of_x(size(blocks_) * count * block, 0.0);
  for (Index i = 0; i < rows_; ++i)
    if (of_row(i) != none)
      write_digits<count>(x[i], most + 1 - of_row(i),
                          of_x.data() + size(i / Index{block}) * count * block + size(i % Index{block}), block);
  std::vector<std::int64_t> totals(size(cols_) * count);
  digits::transposed_times<count>(size(blocks_), size(cols_), digits_.data()->x, of_x.data(), totals.data());
  for (Index j = 0; j < cols_; ++j)
    read_digits<count>(totals.data() + size(j) * count, 1, most + 1 - digits::bits, y[j]);
}

/// Raises the exponent of row i where it and the outer products to come might not stay below 2^(exponent − 1), by so
/// much that they may be added some times more; whether it was.
template <class Real>
bool DigitMatrix<Real>::make_room(Index i, const Outer* outers, int terms) {
  constexpr int spare = 4;
  long most = none;  // of the outer products' exponents in this row
  for (int q = 0; q < terms; ++q)
    if (const long one = exponent(outers[q].u[i]); one != none && outers[q].exponent != none)
      most = std::max(most, one + outers[q].exponent);
  if (most == none) return false;
  long& exponent = exponents_[size(i)];
  double& bound = bounds_[size(i)];
  const auto bound_at = [&](double before, long to) {
    for (int q = 0; q < terms; ++q)
      if (outers[q].exponent != none)
        before += relative_size(outers[q].u[i], to - outers[q].exponent) * outers[q].size * (1 + 0x1p-40);
    return before;
  };
  if (exponent != none && most < exponent) {
    if (const double after = bound_at(bound, exponent); after < 0.5) {
      bound = after;
      return false;
    }
  }
  std::vector<Real> row(size(cols_), Real(0));
  if (exponent != none)
    for (Index j = 0; j < cols_; ++j) read(i, j, row[size(j)]);
  most = std::max(most, largest_exponent(cols_, row.data(), [](Index) { return 0L; }));
  set_row(i, row, most + spare);
  bound = bound_at(bound, exponent);
  return true;
}

template <class Real>
template <int Terms>
bool DigitMatrix<Real>::add(Outer (&outers)[Terms]) {
  for (Outer& one : outers) {
    const auto in_place = [](Index) { return 0L; };
    const long of_u = largest_exponent(rows_, one.u, in_place);
    one.exponent = largest_exponent(cols_, one.v, in_place);
    if (of_u == lost || one.exponent == lost) finite_ = false;
    if (of_u == none) one.exponent = none;
    if (one.exponent == none) continue;
    one.exponent += 1;
    for (Index j = 0; j < cols_; ++j) one.size = std::max(one.size, relative_size(one.v[j], one.exponent));
  }
  if (!finite_) return false;
  bool read_anew = false;
  for (Index i = 0; i < rows_; ++i) read_anew |= make_room(i, outers, Terms);

  const std::size_t of_rows = size(blocks_) * count * block, of_cols = size(cols_) * count;
  std::vector<double> u(of_rows * Terms, 0.0), v(of_cols * Terms, 0.0);
  for (std::size_t q = 0; q < Terms; ++q) {
    const Outer& one = outers[q];
    if (one.exponent == none) continue;
    for (Index i = 0; i < rows_; ++i)
      if (exponents_[size(i)] != none)
        write_digits<count>(one.u[i], exponents_[size(i)] - one.exponent,
                            u.data() + q * of_rows + size(i / Index{block}) * count * block + size(i % Index{block}),
                            block);
    for (Index j = 0; j < cols_; ++j)
      write_digits<count>(one.v[j], one.exponent, v.data() + q * of_cols + size(j) * count, 1);
  }
  digits::add_outers<count, Terms>(size(blocks_), size(cols_), digits_.data()->x, u.data(), v.data());
  return read_anew;
}

template <class Real>
void DigitMatrix<Real>::transposed_times_then_add_outer(const Real* x, Real* y, const Real* u, const Real* v) {
  transposed_times(x, y);
  add_outer(u, v);
}
template <class Real>
bool DigitMatrix<Real>::add_outer(const Real* u, const Real* v) {
  Outer outers[] = {{u, v, limbs::none}};
  return add(outers);
}
template <class Real>
void DigitMatrix<Real>::add_two_outers(const Real* u, const Real* v, const Real* w, const Real* z) {
  Outer outers[] = {{u, v, limbs::none}, {w, z, limbs::none}};
  add(outers);
}

template <class Real>
void DigitMatrix<Real>::write(Real* A) const {
  if (!finite_) {
    std::fill_n(A, rows_ * cols_, std::numeric_limits<Real>::quiet_NaN());
    return;
  }
  for (Index j = 0; j < cols_; ++j)
    for (Index i = 0; i < rows_; ++i) read(i, j, A[j * rows_ + i]);
}

template <class Real>
long DigitMatrix<Real>::last_place() const {
  return *std::max_element(exponents_.begin(), exponents_.end()) - digits::bits * count;
}

template class DigitMatrix<mp50>;
template class DigitMatrix<mp100>;

}  // namespace benign::sim

#pragma once
// Multiprecision numbers as what they are made of: MPFR's x = ± m 2^(e − 64 L), with m a whole number of L limbs of 64
// bits whose highest bit is set. Inner loops read and write these themselves, without a call for each operation.
//
// Arrays of limbs have the lowest first. Everything is an operation on whole numbers: the same bits on every machine.

#include "theory/numbers/instruction_sets.hpp"
#include "theory/numbers/real.hpp"

#include <bit>
#include <cstdint>

namespace benign::limbs {

using Limb = std::uint64_t;
__extension__ typedef unsigned __int128 TwoLimbs;
static_assert(GMP_NUMB_BITS == 64, "numbers are read in limbs of 64 bits");

/// The bits and the limbs of a number of so many digits.
template <class Real>
constexpr int bits_of = std::numeric_limits<Real>::digits;
template <class Real>
constexpr int limbs_of = (bits_of<Real> + 63) / 64;

/// e of a number as the kernels see it: `none` for zero, `lost` for what is no number, infinite or of a size that no
/// fixed point reaches, and between them every other.
constexpr long none = -(1L << 40), lost = 1L << 40;
inline long exponent(mpfr_srcptr x) {
  if (x->_mpfr_exp > none && x->_mpfr_exp < lost) return x->_mpfr_exp;
  return mpfr_zero_p(x) ? none : lost;
}
template <class Real>
long exponent(const Real& x) {
  return exponent(x.backend().data());
}

/// All ones for a negative number.
inline Limb sign_mask(mpfr_srcptr x) { return x->_mpfr_sign < 0 ? ~Limb{0} : 0; }

/// r = ⌊a / 2^shift⌋, shift < 64 N, with `fill` above a; r may be a.
template <int N>
inline void shift_right(Limb* r, const Limb* a, long shift, Limb fill = 0) {
  Limb padded[2 * N + 1];
  for (int k = 0; k < N; ++k) padded[k] = a[k], padded[N + k] = fill;
  padded[2 * N] = fill;
  const Limb* from = padded + shift / 64;
  const int bits = static_cast<int>(shift % 64);
  for (int k = 0; k < N; ++k) r[k] = (from[k] >> bits) | ((from[k + 1] << 1) << (63 - bits));
}

/// sum += (term ^ mask) − mask, modulo 2^(64 N): the term, or its negative where the mask is all ones.
template <int N>
inline void add_signed(Limb* sum, const Limb* term, Limb mask) {
  TwoLimbs carry = mask & 1;
  for (int k = 0; k < N; ++k) {
    carry += static_cast<TwoLimbs>(sum[k]) + (term[k] ^ mask);
    sum[k] = static_cast<Limb>(carry);
    carry >>= 64;
  }
}

/// The highest L limbs of a b, without what the limb products below them would carry: at most 2 L too small.
template <int L>
BENIGN_INLINE void high_product(const Limb* a, const Limb* b, Limb* r) {
  TwoLimbs sum = 0;
#pragma GCC unroll 8
  for (int k = 0; k < L; ++k) sum += static_cast<Limb>((static_cast<TwoLimbs>(a[k]) * b[L - 1 - k]) >> 64);
#pragma GCC unroll 8
  for (int place = L; place < 2 * L - 1; ++place) {
    Limb above = 0;
#pragma GCC unroll 8
    for (int k = place - L + 1; k < L; ++k) {
      const TwoLimbs product = static_cast<TwoLimbs>(a[k]) * b[place - k];
      sum += product;
      above += sum < product;
    }
    r[place - L] = static_cast<Limb>(sum);
    sum = (sum >> 64) | (static_cast<TwoLimbs>(above) << 64);
  }
  r[L - 1] = static_cast<Limb>(sum);
}

/// x = ± m 2^(exponent − 64 N), rounded to nearest, ties to even; m is changed.
template <int N, class Real>
void round_to(Real& x, Limb (&m)[N], long exponent, bool negative) {
  constexpr int low = N - limbs_of<Real>, dropped = 64 * limbs_of<Real> - bits_of<Real>;
  static_assert(low >= 0 && dropped > 0);
  int top = N - 1;
  while (top >= 0 && m[top] == 0) --top;
  if (top < 0) {
    x = Real(0);
    return;
  }
  const int zeros = std::countl_zero(m[top]), whole = N - 1 - top;
  for (int k = N - 1; k >= 0; --k) {
    const Limb high = k >= whole ? m[k - whole] : 0, next = k > whole ? m[k - whole - 1] : 0;
    m[k] = (high << zeros) | ((next >> 1) >> (63 - zeros));
  }
  exponent -= 64 * whole + zeros;

  constexpr Limb unit = Limb{1} << dropped, half = unit / 2;
  const Limb rest = m[low] & (unit - 1);
  bool more = false;
  for (int k = 0; k < low; ++k) more = more || m[k] != 0;
  m[low] -= rest;
  TwoLimbs carry = rest > half || (rest == half && (more || (m[low] & unit) != 0)) ? unit : 0;
  for (int k = low; k < N; ++k) {
    carry += m[k];
    m[k] = static_cast<Limb>(carry);
    carry >>= 64;
  }
  if (carry != 0) m[N - 1] = Limb{1} << 63, ++exponent;
  mpfr_ptr to = x.backend().data();
  for (int k = 0; k < limbs_of<Real>; ++k) to->_mpfr_d[k] = m[low + k];
  to->_mpfr_exp = exponent;
  to->_mpfr_sign = negative ? -1 : 1;
}

}  // namespace benign::limbs

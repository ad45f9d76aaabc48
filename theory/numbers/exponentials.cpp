#include "theory/numbers/exponentials.hpp"

#include "theory/numbers/limbs.hpp"

#include <cmath>
#include <vector>

namespace benign::elementary {
namespace {

using namespace limbs;

/// A fraction: limbs / 2^(64 L).
template <int L>
struct Fraction {
  Limb limb[L] = {};
};

/// a + b; the carry out is lost.
template <int L>
Fraction<L> sum(const Fraction<L>& a, const Fraction<L>& b) {
  Fraction<L> r = a;
  add_signed<L>(r.limb, b.limb, 0);
  return r;
}
template <int L>
Fraction<L> product(const Fraction<L>& a, const Fraction<L>& b) {
  Fraction<L> r;
  high_product<L>(a.limb, b.limb, r.limb);
  return r;
}
/// (1 + a)(1 + b) − 1, where that is below 1.
template <int L>
Fraction<L> combined(const Fraction<L>& a, const Fraction<L>& b) {
  return sum(sum(a, b), product(a, b));
}

/// x rounded down, for 0 ≤ x < 1.
template <int L>
Fraction<L> fraction(mpfr_srcptr x) {
  mpfr_t scaled;
  mpfr_init2(scaled, 64 * L + 64);
  mpfr_mul_2si(scaled, x, 64 * L, MPFR_RNDZ);
  mpz_t whole;
  mpz_init(whole);
  mpfr_get_z(whole, scaled, MPFR_RNDZ);
  Fraction<L> r;
  for (int k = 0; k < L; ++k) r.limb[k] = mpz_getlimbn(whole, k);
  mpz_clear(whole);
  mpfr_clear(scaled);
  return r;
}

template <int L>
struct Tables {
  static constexpr int degree = L == 3 ? 11 : 19;  // t^12/12! < 2^−220 and t^20/20! < 2^−381
  Fraction<L> first[178], second[256];             ///< e^(j/2^8) − 1 for j/2^8 < log 2, and e^(k/2^16) − 1
  Fraction<L> inverse_factorial[degree + 1];       ///< from 2
  Fraction<L + 1> log_2;

  Tables() {
    mpfr_t x;
    mpfr_init2(x, 64 * L + 128);
    const auto expm1 = [&](int numerator, int bits) {
      mpfr_set_si_2exp(x, numerator, -bits, MPFR_RNDN);
      mpfr_expm1(x, x, MPFR_RNDN);
      return fraction<L>(x);
    };
    for (int j = 0; j < 178; ++j) first[j] = expm1(j, 8);
    for (int k = 0; k < 256; ++k) second[k] = expm1(k, 16);
    mpfr_set_si(x, 1, MPFR_RNDN);
    for (int k = 2; k <= degree; ++k) {
      mpfr_div_si(x, x, k, MPFR_RNDN);
      inverse_factorial[k] = fraction<L>(x);
    }
    mpfr_const_log2(x, MPFR_RNDN);
    log_2 = fraction<L + 1>(x);
    mpfr_clear(x);
  }
};

/// x = n log 2 + r, 0 ≤ r < log 2, for 2^−64 (L + 1) < |x| < 2^30: r as a fraction.
template <int L, class Real>
Fraction<L> reduced(const Real& x, long& n, const Fraction<L + 1>& log_2) {
  mpfr_srcptr from = x.backend().data();
  // In two's complement with one limb before the point.
  Limb fixed[L + 2] = {}, size[L + 2] = {};
  for (int k = 0; k < L; ++k) size[2 + k] = from->_mpfr_d[k];
  shift_right<L + 2>(size, size, 64 - from->_mpfr_exp);
  add_signed<L + 2>(fixed, size, sign_mask(from));
  n = static_cast<long>(std::floor(static_cast<double>(x) * 1.4426950408889634));
  const auto subtract = [&](long times) {
    Limb part[L + 2];
    TwoLimbs carry = 0;
    const auto factor = static_cast<Limb>(times < 0 ? -times : times);
    for (int k = 0; k <= L; ++k) {
      carry += static_cast<TwoLimbs>(log_2.limb[k]) * factor;
      part[k] = static_cast<Limb>(carry);
      carry >>= 64;
    }
    part[L + 1] = static_cast<Limb>(carry);
    add_signed<L + 2>(fixed, part, times < 0 ? 0 : ~Limb{0});
  };
  subtract(n);
  if (fixed[L + 1] >> 63 != 0) subtract(-1), --n;
  Limb less[L + 2];
  for (int k = 0; k < L + 2; ++k) less[k] = fixed[k];
  Limb one[L + 2] = {};
  for (int k = 0; k <= L; ++k) one[k] = log_2.limb[k];
  add_signed<L + 2>(less, one, ~Limb{0});
  if (less[L + 1] >> 63 == 0) {
    for (int k = 0; k < L + 2; ++k) fixed[k] = less[k];
    ++n;
  }
  Fraction<L> r;
  for (int k = 0; k < L; ++k) r.limb[k] = fixed[k + 1];
  return r;
}

template <class Real>
void exponential(const Real& x, Real& y) {
  constexpr int L = limbs_of<Real>;
  static const Tables<L> tables;
  const long exponent = limbs::exponent(x);
  if (exponent > 30) {
    y = boost::multiprecision::exp(x);
    return;
  }
  if (exponent < -64 * (L + 1)) {
    y = Real(1) + x;
    return;
  }
  long n;
  Fraction<L> t = reduced<L>(x, n, tables.log_2);
  const auto j = t.limb[L - 1] >> 56, k = (t.limb[L - 1] >> 48) & 0xff;
  t.limb[L - 1] &= (Limb{1} << 48) - 1;
  Fraction<L> series = tables.inverse_factorial[Tables<L>::degree];
  for (int i = Tables<L>::degree - 1; i >= 2; --i) series = sum(product(series, t), tables.inverse_factorial[i]);
  series = sum(t, product(product(t, t), series));
  const Fraction<L> value = combined(tables.first[j], combined(tables.second[k], series));
  Limb m[L + 1];
  m[0] = value.limb[0] << 63;
  for (int i = 1; i < L; ++i) m[i] = (value.limb[i - 1] >> 1) | (value.limb[i] << 63);
  m[L] = (value.limb[L - 1] >> 1) | Limb{1} << 63;
  round_to<L + 1>(y, m, n + 1, false);
}

}  // namespace

void exp(std::size_t size, const mp50* x, mp50* y) {
  for (std::size_t k = 0; k < size; ++k) exponential(x[k], y[k]);
}
void exp(std::size_t size, const mp100* x, mp100* y) {
  for (std::size_t k = 0; k < size; ++k) exponential(x[k], y[k]);
}

}  // namespace benign::elementary

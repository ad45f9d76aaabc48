#include "proofs_check/checker/arithmetic/fixed_point.hpp"

#include <algorithm>
#include <cmath>

namespace benign::checker {
namespace {

/// |z| into words of one number; z becomes |z|.
void write(mpz_ptr z, mp_limb_t* words, std::size_t limbs) {
  mpz_abs(z, z);
  const std::size_t used = mpz_size(z);
  if (used > limbs) throw TooLarge();
  std::copy_n(mpz_limbs_read(z), used, words);
  std::fill(words + used, words + limbs, mp_limb_t{0});
}

}  // namespace

FixedPoints::FixedPoints(std::size_t count, std::size_t limbs)
    : limbs_(limbs), limb_(count * limbs, 0), sign_(count, 0) {
  static_assert(GMP_NUMB_BITS == 64);
  if (limbs > most_limbs) throw TooLarge();
}

bool FixedPoints::zero() const {
  return std::all_of(sign_.begin(), sign_.end(), [](signed char sign) { return sign == 0; });
}

void FixedPoints::set(std::size_t k, mpz_srcptr m, long power) {
  const long shift = power + fraction();
  if (mpz_sgn(m) != 0 && static_cast<long>(mpz_sizeinbase(m, 2)) + shift > 64 * static_cast<long>(limbs_))
    throw TooLarge();
  mpz_t z;
  mpz_init(z);
  if (shift >= 0)
    mpz_mul_2exp(z, m, static_cast<mp_bitcnt_t>(mpz_sgn(m) == 0 ? 0 : shift));
  else
    mpz_tdiv_q_2exp(z, m, static_cast<mp_bitcnt_t>(-shift));
  sign_[k] = static_cast<signed char>(mpz_sgn(z));
  write(z, at(k), limbs_);
  mpz_clear(z);
}

void FixedPoints::set(std::size_t k, mpfr_srcptr x, long power) {
  if (!mpfr_number_p(x)) throw TooLarge();
  mpz_t m;
  mpz_init(m);
  const long unit = mpfr_zero_p(x) ? 0 : mpfr_get_z_2exp(m, x);
  try {
    set(k, m, unit + power);
  } catch (const TooLarge&) {
    mpz_clear(m);
    throw;
  }
  mpz_clear(m);
}

Interval FixedPoints::interval(std::size_t k) const {
  mpz_t m;
  const mpz_srcptr magnitude = mpz_roinit_n(m, at(k), static_cast<mp_size_t>(limbs_));
  const Interval x = Interval::dyadic(magnitude, -fraction());
  return sign_[k] < 0 ? -x : x;
}

double FixedPoints::rounded(std::size_t k) const {
  const mp_limb_t* words = at(k);
  std::size_t top = limbs_;
  while (top > 0 && words[top - 1] == 0) --top;
  double x = 0;
  for (std::size_t w = top > 3 ? top - 3 : 0; w < top; ++w)  // each word rounded once, the sum twice
    x += std::ldexp(static_cast<double>(words[w]), static_cast<int>(64 * static_cast<long>(w) - fraction()));
  return sign_[k] * x;
}

double FixedPoints::length() const {
  double sum = 0;
  for (std::size_t k = 0; k < size(); ++k) {
    const double x = rounded(k);
    sum += x * x;
  }
  return std::sqrt(sum) * (1 + 0x1p-30) + 0x1p-500;  // of fewer than 2^20 roundings, and what underflows
}

ExactSum::ExactSum(std::size_t limbs) : limbs_(limbs) {
  std::fill_n(positive_.begin(), 2 * limbs + 1, mp_limb_t{0});
  std::fill_n(negative_.begin(), 2 * limbs + 1, mp_limb_t{0});
}

ExactSum& ExactSum::add(const FixedPoints& x, std::size_t k, int sign) {
  if (x.sign_[k] == 0) return *this;
  // x 2^2f is its magnitude times 2^f, and f = 64 words + bits.
  const auto places = static_cast<std::size_t>(x.fraction() / 64);
  const auto bits = static_cast<unsigned>(x.fraction() % 64);
  std::array<mp_limb_t, FixedPoints::most_limbs + 1> shifted;
  if (bits == 0)
    std::copy_n(x.at(k), limbs_, shifted.begin()), shifted[limbs_] = 0;
  else
    shifted[limbs_] = mpn_lshift(shifted.data(), x.at(k), static_cast<mp_size_t>(limbs_), bits);
  mp_limb_t* total = (x.sign_[k] * sign > 0 ? positive_ : negative_).data();
  mpn_add(total + places, total + places, static_cast<mp_size_t>(2 * limbs_ + 1 - places), shifted.data(),
          static_cast<mp_size_t>(limbs_ + 1));
  return *this;
}

ExactSum& ExactSum::add_product(const FixedPoints& x, std::size_t i, const FixedPoints& y, std::size_t j, int sign) {
  const int sign_of_product = x.sign_[i] * y.sign_[j] * sign;
  if (sign_of_product == 0) return *this;
  std::array<mp_limb_t, 2 * FixedPoints::most_limbs> product;
  mpn_mul_n(product.data(), x.at(i), y.at(j), static_cast<mp_size_t>(limbs_));
  mp_limb_t* total = (sign_of_product > 0 ? positive_ : negative_).data();
  total[2 * limbs_] += mpn_add_n(total, total, product.data(), static_cast<mp_size_t>(2 * limbs_));
  return *this;
}

ExactSum& ExactSum::add_products(const FixedPoints& x, std::size_t i, std::size_t stride, const FixedPoints& y,
                                 int sign) {
  for (std::size_t k = 0; k < y.size(); ++k) add_product(x, i + k * stride, y, k, sign);
  return *this;
}

int ExactSum::difference() {
  const auto words = static_cast<mp_size_t>(2 * limbs_ + 1);
  const int order = mpn_cmp(positive_.data(), negative_.data(), words);
  if (order >= 0)
    mpn_sub_n(positive_.data(), positive_.data(), negative_.data(), words);
  else
    mpn_sub_n(positive_.data(), negative_.data(), positive_.data(), words);
  std::fill_n(negative_.begin(), words, mp_limb_t{0});
  return order > 0 ? 1 : order < 0 ? -1 : 0;
}

void ExactSum::take(FixedPoints& y, std::size_t k) {
  const int sign = difference();
  const auto places = static_cast<std::size_t>(y.fraction() / 64);
  const auto bits = static_cast<unsigned>(y.fraction() % 64);
  mp_limb_t* total = positive_.data() + places;
  const std::size_t words = 2 * limbs_ + 1 - places;
  if (bits != 0) mpn_rshift(total, total, static_cast<mp_size_t>(words), bits);
  if (std::any_of(total + limbs_, total + words, [](mp_limb_t word) { return word != 0; })) throw TooLarge();
  std::copy_n(total, limbs_, y.at(k));
  const bool zero = std::all_of(total, total + limbs_, [](mp_limb_t word) { return word == 0; });
  y.sign_[k] = static_cast<signed char>(zero ? 0 : sign);
}

Interval ExactSum::interval() {
  const int sign = difference();
  mpz_t m;
  const mpz_srcptr magnitude = mpz_roinit_n(m, positive_.data(), static_cast<mp_size_t>(2 * limbs_ + 1));
  const Interval x = Interval::dyadic(magnitude, -112 * static_cast<long>(limbs_));
  return sign < 0 ? -x : x;
}

}  // namespace benign::checker

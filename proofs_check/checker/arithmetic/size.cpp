#include "proofs_check/checker/arithmetic/size.hpp"

#include <cmath>

namespace benign::checker {
namespace {

constexpr mpfr_prec_t size_bits = 64;

void settle(mpfr_ptr x) {
  if (mpfr_nan_p(x)) mpfr_set_inf(x, +1);
}

}  // namespace

Size::Size() { mpfr_init2(x_, size_bits), mpfr_set_zero(x_, +1); }
Size::Size(double x) {
  mpfr_init2(x_, size_bits), mpfr_set_d(x_, std::abs(x), MPFR_RNDU);
  settle(x_);
}
Size::Size(const Interval& x) {
  mpfr_init2(x_, size_bits);
  mpfr_set(x_, mpfr_cmpabs(x.low(), x.high()) > 0 ? x.low() : x.high(), MPFR_RNDA);
  mpfr_abs(x_, x_, MPFR_RNDU);
  settle(x_);
}
Size::Size(const Size& other) { mpfr_init2(x_, size_bits), mpfr_set(x_, other.x_, MPFR_RNDU); }
Size& Size::operator=(const Size& other) {
  mpfr_set(x_, other.x_, MPFR_RNDU);
  return *this;
}
Size::~Size() { mpfr_clear(x_); }
double Size::log2() const {
  if (mpfr_zero_p(x_)) return -1e18;
  if (!mpfr_number_p(x_)) return 1e18;
  long exponent = 0;
  const double mantissa = mpfr_get_d_2exp(&exponent, x_, MPFR_RNDN);
  return std::log2(mantissa) + static_cast<double>(exponent);
}
Size& Size::operator+=(const Size& y) {
  mpfr_add(x_, x_, y.x_, MPFR_RNDU);
  return *this;
}
Size& Size::operator*=(const Size& y) {
  mpfr_mul(x_, x_, y.x_, MPFR_RNDU);
  settle(x_);  // 0 · ∞
  return *this;
}
Size expm1(const Size& x) {
  Size y;
  mpfr_expm1(y.x_, x.x_, MPFR_RNDU);
  return y;
}
Size exp(const Size& x) {
  Size y;
  mpfr_exp(y.x_, x.x_, MPFR_RNDU);
  return y;
}
Size over_one_minus(const Size& x, const Size& y) {
  Size z;
  mpfr_ui_sub(z.x_, 1, y.x_, MPFR_RNDD);
  if (mpfr_sgn(z.x_) <= 0) {
    mpfr_set_inf(z.x_, +1);
    return z;
  }
  mpfr_div(z.x_, x.x_, z.x_, MPFR_RNDU);
  settle(z.x_);
  return z;
}
Size over(const Size& x, long divisor) {
  Size z;
  mpfr_div_si(z.x_, x.x_, divisor, MPFR_RNDU);
  return z;
}
Size sqrt(const Size& x) {
  Size y;
  mpfr_sqrt(y.x_, x.x_, MPFR_RNDU);
  return y;
}
Size length(const std::vector<Size>& x) {
  Size sum;
  for (const Size& one : x) sum += one * one;
  return sqrt(sum);
}
Size width(const Interval& x) {
  Size y;
  mpfr_sub(y.x_, x.high(), x.low(), MPFR_RNDU);
  settle(y.x_);
  return y;
}
Size power_of_2(long exponent) {
  Size y(1.0);
  mpfr_mul_2si(y.x_, y.x_, exponent, MPFR_RNDU);
  return y;
}
Size operator+(Size x, const Size& y) { return x += y; }
Size operator*(Size x, const Size& y) { return x *= y; }

}  // namespace benign::checker

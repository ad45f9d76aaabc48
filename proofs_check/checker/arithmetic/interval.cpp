#include "proofs_check/checker/arithmetic/interval.hpp"

#include <algorithm>
#include <cmath>

namespace benign::checker {
namespace {

long bits = 128;

void settle_low(mpfr_ptr x) {
  if (mpfr_nan_p(x)) mpfr_set_inf(x, -1);
}
void settle_high(mpfr_ptr x) {
  if (mpfr_nan_p(x)) mpfr_set_inf(x, +1);
}

/// One number that each thread keeps, for products.
class Scratch {
 public:
  Scratch() { mpfr_init2(x, 64); }
  ~Scratch() { mpfr_clear(x); }
  mpfr_ptr of(mpfr_prec_t precision) {
    if (mpfr_get_prec(x) != precision) mpfr_set_prec(x, precision);
    return x;
  }
  mpfr_t x;
};
thread_local Scratch scratch;

/// Which ends of x and y give the least product and which the largest; both candidates where 0 is inside of both.
struct Ends {
  mpfr_srcptr low_x, low_y, high_x, high_y;
  bool both = false;
};
Ends ends_of_product(const Interval& x, const Interval& y) {
  const mpfr_srcptr a = x.low(), b = x.high(), c = y.low(), d = y.high();
  if (mpfr_sgn(a) >= 0) {
    if (mpfr_sgn(c) >= 0) return {a, c, b, d};
    if (mpfr_sgn(d) <= 0) return {b, c, a, d};
    return {b, c, b, d};
  }
  if (mpfr_sgn(b) <= 0) {
    if (mpfr_sgn(c) >= 0) return {a, d, b, c};
    if (mpfr_sgn(d) <= 0) return {b, d, a, c};
    return {a, d, a, c};
  }
  if (mpfr_sgn(c) >= 0) return {a, d, b, d};
  if (mpfr_sgn(d) <= 0) return {b, c, a, c};
  return {a, d, a, c, true};
}

/// The ends of xy into two numbers; where 0 is inside of both factors, of the two candidates the more extreme.
void product(const Interval& x, const Interval& y, mpfr_ptr low, mpfr_ptr high, mpfr_ptr spare) {
  const Ends e = ends_of_product(x, y);
  mpfr_mul(low, e.low_x, e.low_y, MPFR_RNDD);
  settle_low(low);
  if (e.both) {
    mpfr_mul(spare, x.high(), y.low(), MPFR_RNDD);
    settle_low(spare);
    mpfr_min(low, low, spare, MPFR_RNDD);
  }
  mpfr_mul(high, e.high_x, e.high_y, MPFR_RNDU);
  settle_high(high);
  if (e.both) {
    mpfr_mul(spare, x.high(), y.high(), MPFR_RNDU);
    settle_high(spare);
    mpfr_max(high, high, spare, MPFR_RNDU);
  }
}

using Function = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

/// f of both ends of x, for a rising f. Of one number, rounded up is the next after rounded down unless that is exact.
Interval rising(Function f, const Interval& x) {
  Interval y;
  const bool exact = f(y.low(), x.low(), MPFR_RNDD) == 0;
  if (mpfr_equal_p(x.low(), x.high())) {
    mpfr_set(y.high(), y.low(), MPFR_RNDU);
    if (!exact && mpfr_number_p(y.low())) mpfr_nextabove(y.high());
  } else {
    f(y.high(), x.high(), MPFR_RNDU);
  }
  y.settle();
  return y;
}

std::string text(mpfr_srcptr x, int digits, mpfr_rnd_t direction) {
  if (mpfr_nan_p(x)) return "nan";
  if (mpfr_inf_p(x)) return mpfr_sgn(x) < 0 ? "-inf" : "inf";
  char* raw = nullptr;
  if (mpfr_asprintf(&raw, direction == MPFR_RNDD ? "%.*RDe" : "%.*RUe", std::max(digits, 1) - 1, x) < 0) return "";
  std::string result(raw);
  mpfr_free_str(raw);
  return result;
}

}  // namespace

WorkingBits::WorkingBits(long the_bits) : before_(bits) { bits = the_bits; }
WorkingBits::~WorkingBits() { bits = before_; }
long working_bits() { return bits; }

Interval::Interval() {
  mpfr_inits2(bits, low_, high_, static_cast<mpfr_ptr>(nullptr));
  mpfr_set_zero(low_, +1), mpfr_set_zero(high_, +1);
}
Interval::Interval(long x) {
  mpfr_inits2(bits, low_, high_, static_cast<mpfr_ptr>(nullptr));
  mpfr_set_si(low_, x, MPFR_RNDD), mpfr_set_si(high_, x, MPFR_RNDU);
}
Interval::Interval(const Interval& other) {
  mpfr_init2(low_, mpfr_get_prec(other.low_)), mpfr_init2(high_, mpfr_get_prec(other.high_));
  mpfr_set(low_, other.low_, MPFR_RNDD), mpfr_set(high_, other.high_, MPFR_RNDU);
}
Interval::Interval(Interval&& other) noexcept : Interval() {
  mpfr_swap(low_, other.low_), mpfr_swap(high_, other.high_);
}
Interval& Interval::operator=(const Interval& other) {
  if (this == &other) return *this;
  mpfr_set_prec(low_, mpfr_get_prec(other.low_)), mpfr_set_prec(high_, mpfr_get_prec(other.high_));
  mpfr_set(low_, other.low_, MPFR_RNDD), mpfr_set(high_, other.high_, MPFR_RNDU);
  return *this;
}
Interval& Interval::operator=(Interval&& other) noexcept {
  mpfr_swap(low_, other.low_), mpfr_swap(high_, other.high_);
  return *this;
}
Interval::~Interval() { mpfr_clears(low_, high_, static_cast<mpfr_ptr>(nullptr)); }

Interval Interval::exactly(double x) {
  Interval y;
  mpfr_set_d(y.low_, x, MPFR_RNDD), mpfr_set_d(y.high_, x, MPFR_RNDU);
  y.settle();
  return y;
}
Interval Interval::dyadic(mpz_srcptr mantissa, long power) {
  Interval y;
  mpfr_set_z_2exp(y.low_, mantissa, power, MPFR_RNDD), mpfr_set_z_2exp(y.high_, mantissa, power, MPFR_RNDU);
  return y;
}
Interval Interval::decimal(const std::string& text) {
  Interval y;
  // MPFR would also take names of infinity and of no number, blanks in front, and @ for e.
  if (text.find_first_not_of("0123456789.eE+-") != std::string::npos) return everything();
  if (mpfr_set_str(y.low_, text.c_str(), 10, MPFR_RNDD) != 0) return everything();
  mpfr_set_str(y.high_, text.c_str(), 10, MPFR_RNDU);
  y.settle();
  return y;
}
Interval Interval::between(const Interval& low, const Interval& high) {
  Interval y;
  mpfr_set(y.low_, low.low_, MPFR_RNDD), mpfr_set(y.high_, high.high_, MPFR_RNDU);
  return y;
}
Interval Interval::everything() {
  Interval y;
  mpfr_set_inf(y.low_, -1), mpfr_set_inf(y.high_, +1);
  return y;
}
Interval Interval::around_zero(mpfr_srcptr radius) {
  Interval y;
  mpfr_set(y.high_, radius, MPFR_RNDU);
  mpfr_neg(y.low_, radius, MPFR_RNDD);
  y.settle();
  return y;
}

double Interval::middle() const {
  const double a = mpfr_get_d(low_, MPFR_RNDN), b = mpfr_get_d(high_, MPFR_RNDN);
  return a + (b - a) / 2;
}
double Interval::below() const { return mpfr_get_d(low_, MPFR_RNDD); }
double Interval::above() const { return mpfr_get_d(high_, MPFR_RNDU); }

double Interval::width() const {
  mpfr_ptr w = scratch.of(64);
  mpfr_sub(w, high_, low_, MPFR_RNDU);
  return mpfr_nan_p(w) ? HUGE_VAL : mpfr_get_d(w, MPFR_RNDU);
}
std::string Interval::lower_text(int digits) const { return text(low_, digits, MPFR_RNDD); }
std::string Interval::upper_text(int digits) const { return text(high_, digits, MPFR_RNDU); }

void Interval::settle() { settle_low(low_), settle_high(high_); }

Interval& Interval::operator+=(const Interval& y) {
  mpfr_add(low_, low_, y.low_, MPFR_RNDD), mpfr_add(high_, high_, y.high_, MPFR_RNDU);
  settle();
  return *this;
}
Interval& Interval::operator-=(const Interval& y) {
  if (this == &y) return *this = *this - Interval(y);
  mpfr_sub(low_, low_, y.high_, MPFR_RNDD), mpfr_sub(high_, high_, y.low_, MPFR_RNDU);
  settle();
  return *this;
}
Interval& Interval::operator*=(const Interval& y) { return *this = *this * y; }

Interval operator+(Interval x, const Interval& y) { return x += y; }
Interval operator-(Interval x, const Interval& y) { return x -= y; }
Interval operator-(const Interval& x) {
  Interval y;
  mpfr_neg(y.low(), x.high(), MPFR_RNDD), mpfr_neg(y.high(), x.low(), MPFR_RNDU);
  return y;
}
Interval operator*(const Interval& x, const Interval& y) {
  Interval z;
  product(x, y, z.low(), z.high(), scratch.of(bits));
  return z;
}

void add_product(Interval& sum, const Interval& x, const Interval& y) {
  const mpfr_ptr part = scratch.of(mpfr_get_prec(sum.low()));
  const Ends e = ends_of_product(x, y);
  if (e.both) {
    sum += x * y;
    return;
  }
  mpfr_mul(part, e.low_x, e.low_y, MPFR_RNDD);
  mpfr_add(sum.low(), sum.low(), part, MPFR_RNDD);
  mpfr_mul(part, e.high_x, e.high_y, MPFR_RNDU);
  mpfr_add(sum.high(), sum.high(), part, MPFR_RNDU);
  sum.settle();
}

Interval operator/(const Interval& x, const Interval& y) {
  if (mpfr_sgn(y.high()) < 0) return (-x) / (-y);
  if (mpfr_sgn(y.low()) <= 0) return Interval::everything();
  Interval z;
  mpfr_div(z.low(), x.low(), mpfr_sgn(x.low()) >= 0 ? y.high() : y.low(), MPFR_RNDD);
  mpfr_div(z.high(), x.high(), mpfr_sgn(x.high()) >= 0 ? y.low() : y.high(), MPFR_RNDU);
  z.settle();
  return z;
}

Interval abs(const Interval& x) {
  if (mpfr_sgn(x.low()) >= 0) return x;
  if (mpfr_sgn(x.high()) <= 0) return -x;
  Interval y;
  mpfr_max(y.high(), x.high(), (-x).high(), MPFR_RNDU);
  return y;
}
Interval square(const Interval& x) { return rising(mpfr_sqr, abs(x)); }
Interval sqrt(const Interval& x) {
  if (x.negative()) return Interval::everything();
  return rising(mpfr_sqrt, largest(x, Interval(0)));
}
Interval exp(const Interval& x) { return rising(mpfr_exp, x); }
Interval expm1(const Interval& x) { return rising(mpfr_expm1, x); }
Interval log(const Interval& x) {
  if (mpfr_sgn(x.high()) <= 0) return Interval::everything();
  return rising(mpfr_log, largest(x, Interval(0)));
}
Interval log1p(const Interval& x) { return rising(mpfr_log1p, x); }
Interval least(const Interval& x, const Interval& y) {
  Interval z;
  mpfr_min(z.low(), x.low(), y.low(), MPFR_RNDD), mpfr_min(z.high(), x.high(), y.high(), MPFR_RNDU);
  return z;
}
Interval largest(const Interval& x, const Interval& y) {
  Interval z;
  mpfr_max(z.low(), x.low(), y.low(), MPFR_RNDD), mpfr_max(z.high(), x.high(), y.high(), MPFR_RNDU);
  return z;
}

Interval pi() {
  Interval x;
  mpfr_const_pi(x.low(), MPFR_RNDD), mpfr_const_pi(x.high(), MPFR_RNDU);
  return x;
}

Interval normal_tail(const Interval& x) {
  const Interval scaled = x / sqrt(Interval(2));
  Interval y;
  mpfr_erfc(y.low(), scaled.high(), MPFR_RNDD);
  mpfr_erfc(y.high(), scaled.low(), MPFR_RNDU);
  mpfr_div_2ui(y.low(), y.low(), 1, MPFR_RNDD);
  mpfr_div_2ui(y.high(), y.high(), 1, MPFR_RNDU);
  y.settle();
  return y;
}

bool certainly_less(const Interval& x, const Interval& y) { return mpfr_less_p(x.high(), y.low()) != 0; }

}  // namespace benign::checker

#pragma once
// Intervals of as many bits as a proof needs: [a, b] with ends rounded outward (MPFI), in place of `Real` in model
// code.
//
// `Interval` (interval.hpp) has 50 digits for ever. Here the working precision is chosen at run time, once for a whole
// computation, so that a proof can start with few bits and be repeated with more. Nothing is ordered: <, > and == do
// not exist, and a decision is sign_of or certainly_less, which can say "unknown" and "no".
//
// Enclosure(0.1) is the double 0.1, Enclosure("0.1") contains one tenth. A NaN in an operand is a NaN in the result;
// a NaN's sign is unknown, and nothing is certainly less than it.

#include "theory/numbers/real.hpp"

#include <mpfi.h>

#include <string>
#include <utility>

namespace benign {

/// Bits of every new Enclosure that this thread makes in its scope; tasks of other threads set them anew.
class WorkingPrecision {
 public:
  explicit WorkingPrecision(long bits) : before_(bits_) { bits_ = bits; }
  ~WorkingPrecision() { bits_ = before_; }
  WorkingPrecision(const WorkingPrecision&) = delete;
  WorkingPrecision& operator=(const WorkingPrecision&) = delete;

  static long bits() { return bits_; }

 private:
  static constinit inline thread_local long bits_ = 128;
  long before_;
};

class Enclosure {
 public:
  Enclosure() { mpfi_init2(x_, WorkingPrecision::bits()); }
  Enclosure(int x) : Enclosure() { mpfi_set_si(x_, x); }
  Enclosure(long x) : Enclosure() { mpfi_set_si(x_, x); }
  Enclosure(unsigned long x) : Enclosure() { mpfi_set_ui(x_, x); }
  Enclosure(double x) : Enclosure() { mpfi_set_d(x_, x); }
  /// Contains the decimal number.
  explicit Enclosure(const std::string& decimal) : Enclosure() {
    if (mpfi_set_str(x_, decimal.c_str(), 10) != 0) mpfr_set_nan(&x_->left), mpfr_set_nan(&x_->right);
  }
  Enclosure(const Enclosure& other) {
    mpfi_init2(x_, mpfi_get_prec(other.x_));
    mpfi_set(x_, other.x_);
  }
  Enclosure(Enclosure&& other) noexcept : Enclosure() { mpfi_swap(x_, other.x_); }
  Enclosure& operator=(const Enclosure& other) {
    if (mpfi_get_prec(x_) != mpfi_get_prec(other.x_)) mpfi_set_prec(x_, mpfi_get_prec(other.x_));
    mpfi_set(x_, other.x_);
    return *this;
  }
  Enclosure& operator=(Enclosure&& other) noexcept {
    mpfi_swap(x_, other.x_);
    return *this;
  }
  ~Enclosure() { mpfi_clear(x_); }

  mpfi_ptr data() { return x_; }
  mpfi_srcptr data() const { return x_; }
  mpfr_srcptr left() const { return &x_->left; }
  mpfr_srcptr right() const { return &x_->right; }

  Enclosure& operator+=(const Enclosure& y) { return mpfi_add(x_, x_, y.x_), *this; }
  Enclosure& operator-=(const Enclosure& y) { return mpfi_sub(x_, x_, y.x_), *this; }
  Enclosure& operator*=(const Enclosure& y) { return mpfi_mul(x_, x_, y.x_), *this; }
  Enclosure& operator/=(const Enclosure& y) { return mpfi_div(x_, x_, y.x_), *this; }
  friend Enclosure operator+(const Enclosure& x, const Enclosure& y) { return apply(mpfi_add, x, y); }
  friend Enclosure operator-(const Enclosure& x, const Enclosure& y) { return apply(mpfi_sub, x, y); }
  friend Enclosure operator*(const Enclosure& x, const Enclosure& y) { return apply(mpfi_mul, x, y); }
  friend Enclosure operator/(const Enclosure& x, const Enclosure& y) { return apply(mpfi_div, x, y); }
  friend Enclosure operator-(const Enclosure& x) { return apply(mpfi_neg, x); }

  friend Enclosure exp(const Enclosure& x) { return apply(mpfi_exp, x); }
  friend Enclosure log(const Enclosure& x) { return apply(mpfi_log, x); }
  friend Enclosure log1p(const Enclosure& x) { return apply(mpfi_log1p, x); }
  friend Enclosure expm1(const Enclosure& x) { return apply(mpfi_expm1, x); }
  friend Enclosure sqrt(const Enclosure& x) { return apply(mpfi_sqrt, x); }
  friend Enclosure abs(const Enclosure& x) { return apply(mpfi_abs, x); }

 private:
  static Enclosure apply(int (*f)(mpfi_ptr, mpfi_srcptr, mpfi_srcptr), const Enclosure& x, const Enclosure& y) {
    Enclosure z;
    f(z.x_, x.x_, y.x_);
    return z;
  }
  static Enclosure apply(int (*f)(mpfi_ptr, mpfi_srcptr), const Enclosure& x) {
    Enclosure z;
    f(z.x_, x.x_);
    return z;
  }

  mpfi_t x_;
};

/// sum += x y, where sum is another object than x and y; `product` is overwritten, and the product is rounded outward to its
/// precision. The same bits as mpfi_mul and mpfi_add, without the memory that each mpfi_mul takes.
void add_product(Enclosure& sum, const Enclosure& x, const Enclosure& y, Enclosure& product);

/// [lower, upper], lower ≤ upper.
Enclosure enclosure(double lower, double upper);

/// {Φ̄(a) = P(Z > a) : a ∈ x} for a standard normal Z. MPFR rounds erfc, which falls, outward at either end.
Enclosure normal_tail(const Enclosure& x);

/// The smallest interval that contains both; NaN if one is.
Enclosure hull(const Enclosure& x, const Enclosure& y);
/// {min(a, b)} and {max(a, b)}: a ∈ x, b ∈ y; NaN if one is.
Enclosure lesser(const Enclosure& x, const Enclosure& y);
Enclosure greater(const Enclosure& x, const Enclosure& y);

inline bool is_nan(const Enclosure& x) { return mpfr_nan_p(x.left()) || mpfr_nan_p(x.right()); }
inline bool certainly_less(const Enclosure& x, const Enclosure& y) {
  return !is_nan(x) && !is_nan(y) && mpfr_less_p(x.right(), y.left());
}
inline bool certainly_less_equal(const Enclosure& x, const Enclosure& y) {
  return !is_nan(x) && !is_nan(y) && mpfr_lessequal_p(x.right(), y.left());
}
bool contains(const Enclosure& outer, const Enclosure& inner);
template <unsigned Digits>
bool contains(const Enclosure& x, const Mpfr<Digits>& point) {
  return !is_nan(x) && mpfi_is_inside_fr(point.backend().data(), x.data()) > 0;
}

/// The ends as doubles, and the width, rounded outward.
double lower(const Enclosure& x);
double upper(const Enclosure& x);
double width(const Enclosure& x);

/// The middle, and the interval [−r, r] of at least half the width: x ⊂ middle + radius.
Enclosure middle(const Enclosure& x);
Enclosure radius(const Enclosure& x);

/// The ends as decimals of so many digits, rounded outward.
std::string lower_text(const Enclosure& x, int digits);
std::string upper_text(const Enclosure& x, int digits);

template <>
inline Sign sign_of(const Enclosure& x) {
  if (is_nan(x)) return Sign::unknown;
  if (mpfr_zero_p(x.left()) && mpfr_zero_p(x.right())) return Sign::zero;
  if (mpfr_sgn(x.left()) > 0) return Sign::positive;
  return mpfr_sgn(x.right()) < 0 ? Sign::negative : Sign::unknown;
}
template <>
inline double representative(const Enclosure& x) {
  return mpfi_get_d(x.data());
}
template <>
inline double unit_roundoff<Enclosure>() {
  return std::ldexp(1.0, static_cast<int>(1 - WorkingPrecision::bits()));
}

}  // namespace benign

template <>
struct Eigen::NumTraits<benign::Enclosure> : Eigen::GenericNumTraits<benign::Enclosure> {
  using Real = benign::Enclosure;
  using NonInteger = benign::Enclosure;
  using Nested = benign::Enclosure;
  using Literal = double;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 6,
    AddCost = 60,
    MulCost = 80
  };
};

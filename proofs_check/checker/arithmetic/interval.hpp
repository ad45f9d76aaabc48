#pragma once
// Intervals of real numbers between two MPFR numbers: the checker's own arithmetic.
//
// Contract: of every operation the result contains f(x, y) for all x and y of the operands for which f is defined.
// MPFR rounds each of its functions correctly in the direction asked for; the lower end is rounded down, the upper end
// up. An end that is not a number becomes infinite: nothing is known there.

#include <gmp.h>
#include <mpfr.h>

#include <string>
#include <vector>

namespace benign::checker {

/// The bits of intervals that are made from now on, until the guard ends. One computation at a time.
class WorkingBits {
 public:
  explicit WorkingBits(long bits);
  ~WorkingBits();
  WorkingBits(const WorkingBits&) = delete;

 private:
  long before_;
};
long working_bits();

class Interval {
 public:
  Interval();        ///< 0
  Interval(long x);  // NOLINT: whole numbers stand in formulas
  Interval(int x) : Interval(static_cast<long>(x)) {}
  Interval(const Interval& other);
  Interval(Interval&& other) noexcept;
  Interval& operator=(const Interval& other);
  Interval& operator=(Interval&& other) noexcept;
  ~Interval();

  static Interval exactly(double x);                        ///< a double that is what is meant
  static Interval dyadic(mpz_srcptr mantissa, long power);  ///< mantissa · 2^power
  static Interval decimal(const std::string& text);         ///< a decimal, rounded outward; all numbers if it is none
  static Interval between(const Interval& low, const Interval& high);  ///< from low's lower end to high's upper one
  static Interval everything();
  static Interval around_zero(mpfr_srcptr radius);  ///< [−radius, radius]

  mpfr_ptr low() { return low_; }
  mpfr_ptr high() { return high_; }
  mpfr_srcptr low() const { return low_; }
  mpfr_srcptr high() const { return high_; }

  bool positive() const { return mpfr_sgn(low_) > 0; }   ///< for certain
  bool negative() const { return mpfr_sgn(high_) < 0; }  ///< for certain
  bool zero() const { return mpfr_zero_p(low_) && mpfr_zero_p(high_); }
  bool bounded() const { return mpfr_number_p(low_) && mpfr_number_p(high_); }
  double middle() const;  ///< near the middle: for choices, never for a conclusion
  double width() const;   ///< an upper bound
  double below() const;   ///< no more than all of it
  double above() const;   ///< no less

  /// Decimals of so many digits below and above all of it, as −d.d…e±dd.
  std::string lower_text(int digits) const;
  std::string upper_text(int digits) const;

  Interval& operator+=(const Interval& y);
  Interval& operator-=(const Interval& y);
  Interval& operator*=(const Interval& y);
  /// Ends that are no numbers become infinite.
  void settle();

 private:
  mpfr_t low_, high_;
};

Interval operator+(Interval x, const Interval& y);
Interval operator-(Interval x, const Interval& y);
Interval operator-(const Interval& x);
Interval operator*(const Interval& x, const Interval& y);
Interval operator/(const Interval& x, const Interval& y);  ///< everything where y may be 0

/// sum += x y.
void add_product(Interval& sum, const Interval& x, const Interval& y);

Interval square(const Interval& x);
Interval sqrt(const Interval& x);  ///< of the part that is at least 0
Interval exp(const Interval& x);
Interval expm1(const Interval& x);
Interval log(const Interval& x);  ///< of the positive part
Interval log1p(const Interval& x);
Interval abs(const Interval& x);
Interval least(const Interval& x, const Interval& y);
Interval largest(const Interval& x, const Interval& y);
Interval pi();
/// Φ̄(x) = P(N(0, 1) > x).
Interval normal_tail(const Interval& x);

bool certainly_less(const Interval& x, const Interval& y);

using Intervals = std::vector<Interval>;

}  // namespace benign::checker

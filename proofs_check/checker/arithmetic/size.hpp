#pragma once
// Upper bounds of sizes, for remainders: nothing here is subtracted but from 1, and everything is rounded up.

#include "proofs_check/checker/arithmetic/interval.hpp"

namespace benign::checker {

/// An upper bound of something that is at least 0: 64 bits, rounded up; infinite where nothing is known.
class Size {
 public:
  Size();  ///< 0
  explicit Size(double x);
  explicit Size(const Interval& x);  ///< of |x|
  Size(const Size& other);
  Size& operator=(const Size& other);
  ~Size();

  mpfr_srcptr value() const { return x_; }
  bool finite() const { return mpfr_number_p(x_) != 0; }
  bool zero() const { return mpfr_zero_p(x_) != 0; }
  double log2() const;  ///< for choices, never for a conclusion; −1e18 of 0

  Size& operator+=(const Size& y);
  Size& operator*=(const Size& y);
  friend bool operator<=(const Size& x, const Size& y) { return mpfr_lessequal_p(x.x_, y.x_) != 0; }
  friend Size expm1(const Size& x);
  friend Size exp(const Size& x);
  friend Size over_one_minus(const Size& x, const Size& y);
  friend Size over(const Size& x, long divisor);
  friend Size sqrt(const Size& x);
  friend Size width(const Interval& x);
  friend Size power_of_2(long exponent);

 private:
  mpfr_t x_;
};
Size exp(const Size& x);
Size expm1(const Size& x);
Size over_one_minus(const Size& x, const Size& y);  ///< x / (1 − y); infinite unless y < 1
Size over(const Size& x, long divisor);
Size sqrt(const Size& x);
Size length(const std::vector<Size>& x);  ///< (Σ x²)^½
Size width(const Interval& x);
Size power_of_2(long exponent);
Size operator+(Size x, const Size& y);
Size operator*(Size x, const Size& y);

}  // namespace benign::checker

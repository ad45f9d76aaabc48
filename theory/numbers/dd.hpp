#pragma once
// Pairs of doubles: about 32 digits at a few times the cost of a double.
//
// A dd is head + tail with |tail| ≤ half a unit in head's last place. Sums and products are exact in three and two
// doubles by Knuth's and Dekker's identities, and rounded to a pair once: relative errors are at most 3 u² of a sum,
// 5 u² of a product and 10 u² of a quotient, u² = 2^−106 (Joldes, Muller and Popescu, "Tight and rigorous error bounds
// for basic building blocks of double-word arithmetic", 2017, algorithms 6, 11 and 17).
//
// The range is double's: below 2^−960 a number keeps fewer digits, and below 2^−1074 it is zero. Where a factor is so
// large or a product so small that Dekker's identity does not hold, only the head of the product is kept.

#include <cmath>
#include <compare>
#include <ios>
#include <iosfwd>
#include <limits>
#include <string>
#include <type_traits>

namespace benign {

class dd {
 public:
  constexpr dd() = default;
  constexpr dd(double x) : head_(x) {}
  template <class Whole, class = std::enable_if_t<std::is_integral_v<Whole>>>
  constexpr dd(Whole x) {
    // In two halves, each of which a double holds.
    const Whole low = static_cast<Whole>(x & Whole(0xffffff));
    *this = sum_in_order(static_cast<double>(x - low), static_cast<double>(low));
  }
  /// The decimal number, rounded correctly to 107 bits and then to a pair; NaN where it is none.
  explicit dd(const std::string& decimal);
  explicit dd(const char* decimal) : dd(std::string(decimal)) {}

  /// a + b for |a| ≥ |b|, and for any two, exactly.
  static constexpr dd sum_in_order(double a, double b) {
    const double sum = a + b, rest = b - (sum - a);
    return sum - sum == 0 ? dd(sum, rest) : dd(sum, 0.0);
  }
  static constexpr dd sum(double a, double b) {
    const double sum = a + b, of_b = sum - a, rest = (a - (sum - of_b)) + (b - of_b);
    return sum - sum == 0 ? dd(sum, rest) : dd(sum, 0.0);
  }
  /// a b exactly, where |a|, |b| < 2^990 and |a b| ≥ 2^−960.
  static constexpr dd product(double a, double b) {
    constexpr double split = 0x1p27 + 1;
    const double product = a * b, size = product < 0 ? -product : product;
    if (!(size >= smallest_exact) ||
        !(a < largest_exact && a > -largest_exact && b < largest_exact && b > -largest_exact))
      return {product, 0.0};
    const double a_far = split * a, b_far = split * b, a1 = a_far - (a_far - a), b1 = b_far - (b_far - b);
    const double a2 = a - a1, b2 = b - b1;
    return {product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2};
  }
  /// Of a pair that does not overlap already.
  static constexpr dd pair(double head, double tail) { return {head, tail}; }
  static constexpr double smallest_exact = 0x1p-960, largest_exact = 0x1p990;

  constexpr double head() const { return head_; }
  constexpr double tail() const { return tail_; }
  explicit constexpr operator double() const { return head_; }
  explicit constexpr operator float() const { return static_cast<float>(head_); }
  explicit operator long() const {  // towards zero; in two parts, since the head of the largest is 2^63
    const double far = head_ >= 0x1p62 ? 0x1p62 : 0;
    const long whole = static_cast<long>(head_ - far);
    if (static_cast<double>(whole) != head_ - far) return whole;
    const double rest = head_ > 0 ? std::floor(tail_) : std::ceil(tail_);
    return whole + static_cast<long>(rest) + static_cast<long>(far);
  }
  explicit operator int() const { return static_cast<int>(static_cast<long>(*this)); }
  /// To and from numbers of Boost's with more digits.
  template <class Number>
  requires requires { typename Number::backend_type; }
  explicit operator Number() const { return Number(head_) + Number(tail_); }
  template <class Number>
  requires requires { typename Number::backend_type; }
  explicit dd(const Number& x) : head_(static_cast<double>(x)) {
    if (head_ - head_ == 0) *this = sum_in_order(head_, static_cast<double>(Number(x - Number(head_))));
  }

  friend constexpr dd operator-(const dd& x) { return {-x.head_, -x.tail_}; }
  friend constexpr dd operator+(const dd& x) { return x; }
  friend constexpr dd operator+(const dd& x, const dd& y) {
    const dd heads = sum(x.head_, y.head_), tails = sum(x.tail_, y.tail_);
    const dd first = sum_in_order(heads.head_, heads.tail_ + tails.head_);
    return sum_in_order(first.head_, first.tail_ + tails.tail_);
  }
  friend constexpr dd operator-(const dd& x, const dd& y) { return x + (-y); }
  friend constexpr dd operator*(const dd& x, const dd& y) {
    const dd heads = product(x.head_, y.head_);
    if (!(heads.head_ - heads.head_ == 0)) return {heads.head_, 0.0};
    return sum_in_order(heads.head_, heads.tail_ + (x.head_ * y.tail_ + x.tail_ * y.head_));
  }
  friend constexpr dd operator/(const dd& x, const dd& y) {
    const double first = x.head_ / y.head_;
    if (!(first - first == 0) || first == 0 || !(y.head_ - y.head_ == 0)) return {first, 0.0};
    const dd rest = x - y * dd(first);
    const double second = rest.head_ / y.head_;
    const double third = (rest - y * dd(second)).head_ / y.head_;
    const dd two = sum_in_order(first, second);
    return sum_in_order(two.head_, two.tail_ + third);
  }
  constexpr dd& operator+=(const dd& y) { return *this = *this + y; }
  constexpr dd& operator-=(const dd& y) { return *this = *this - y; }
  constexpr dd& operator*=(const dd& y) { return *this = *this * y; }
  constexpr dd& operator/=(const dd& y) { return *this = *this / y; }

  friend constexpr bool operator==(const dd& x, const dd& y) { return x.head_ == y.head_ && x.tail_ == y.tail_; }
  friend constexpr std::partial_ordering operator<=>(const dd& x, const dd& y) {
    const auto heads = x.head_ <=> y.head_;
    return heads == 0 ? x.tail_ <=> y.tail_ : heads;
  }

  /// So many significant digits, or, in fixed notation, so many behind the point; rounded correctly.
  std::string str(std::streamsize digits = 0, std::ios_base::fmtflags format = std::ios_base::fmtflags(0)) const;
  friend std::ostream& operator<<(std::ostream& out, const dd& x);

  friend constexpr dd abs(const dd& x) { return x.head_ < 0 ? -x : x; }
  friend constexpr dd fabs(const dd& x) { return abs(x); }
  friend bool isfinite(const dd& x) { return std::isfinite(x.head_); }
  friend bool isnan(const dd& x) { return std::isnan(x.head_); }
  friend bool isinf(const dd& x) { return std::isinf(x.head_); }
  friend dd ldexp(const dd& x, int n) { return {std::ldexp(x.head_, n), std::ldexp(x.tail_, n)}; }
  friend dd floor(const dd& x);
  friend dd sqrt(const dd& x);

  // Within 4 units of 2^−106. A result below 2^−960 keeps fewer digits.
  friend dd exp(const dd& x);
  friend dd expm1(const dd& x);
  friend dd log(const dd& x);
  friend dd log1p(const dd& x);
  // MPFR's, rounded; some microseconds each.
  friend dd erfc(const dd& x);
  friend dd sinh(const dd& x);
  friend dd cosh(const dd& x);
  friend dd asinh(const dd& x);

 private:
  constexpr dd(double head, double tail) : head_(head), tail_(tail) {}

  double head_ = 0, tail_ = 0;
};

}  // namespace benign

template <>
class std::numeric_limits<benign::dd> {
 public:
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false, is_exact = false;
  static constexpr bool has_infinity = true, has_quiet_NaN = true, has_signaling_NaN = false, is_iec559 = false;
  static constexpr bool is_bounded = true, is_modulo = false, traps = false, tinyness_before = false;
  static constexpr std::float_denorm_style has_denorm = std::denorm_absent;
  static constexpr bool has_denorm_loss = false;
  static constexpr std::float_round_style round_style = std::round_indeterminate;
  static constexpr int radix = 2, digits = 106, digits10 = 31, max_digits10 = 33;
  static constexpr int min_exponent = -959, min_exponent10 = -288, max_exponent = 1024, max_exponent10 = 308;
  static constexpr benign::dd min() { return 0x1p-960; }
  static constexpr benign::dd max() { return benign::dd::pair(0x1.fffffffffffffp1023, 0x1.fffffffffffffp969); }
  static constexpr benign::dd lowest() { return -max(); }
  static constexpr benign::dd epsilon() { return 0x1p-105; }
  static constexpr benign::dd round_error() { return 0.5; }
  static constexpr benign::dd infinity() { return std::numeric_limits<double>::infinity(); }
  static constexpr benign::dd quiet_NaN() { return std::numeric_limits<double>::quiet_NaN(); }
  static constexpr benign::dd signaling_NaN() { return quiet_NaN(); }
  static constexpr benign::dd denorm_min() { return min(); }
};

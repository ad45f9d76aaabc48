#pragma once
// A real-valued parameter as its user wrote it. The decimal text is kept, so that 0.1 is one tenth in every precision
// and counts such as ⌈ηn⌉ come from the exact decimal and never from a product of doubles.
//
// A proof can be about all numbers between two decimals: such a range is an interval where intervals are computed with,
// and its lower end anywhere else.

#include <boost/multiprecision/cpp_int.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace benign::theory {

class Decimal {
 public:
  /// A literal of the program's own. Throws std::invalid_argument where `parse` would refuse it.
  explicit Decimal(std::string_view text);

  /// Digits with an optional sign, point and exponent; nothing for any other text and for numbers that a double
  /// cannot hold (1e999, and 1e-999, which would become zero).
  static std::optional<Decimal> parse(std::string_view text);

  /// All numbers from one decimal to another, low < high.
  static Decimal between(const Decimal& low, const Decimal& high);
  bool is_range() const { return colon_ != std::string::npos; }
  Decimal low() const;
  Decimal high() const;
  Decimal middle() const;  ///< half way between them, exactly

  /// Of a range LOW:HIGH.
  const std::string& text() const { return text_; }
  /// Of a range its lower end.
  const boost::multiprecision::cpp_rational& exact() const { return exact_; }

  /// The value rounded once to Real; of a range an interval, where Real has a hull, and else the lower end.
  template <class Real>
  Real as() const {
    if constexpr (std::is_class_v<Real> && requires(const Real& x) { hull(x, x); })
      if (is_range()) return hull(Real(low().text_), Real(high().text_));
    if constexpr (std::is_same_v<Real, double>) {
      double value = 0;
      std::from_chars(text_.data(), text_.data() + text_.size(), value);
      return value;
    } else {
      return Real(text_.substr(0, colon_));
    }
  }

  friend bool operator==(const Decimal& a, const Decimal& b) {
    return a.exact_ == b.exact_ && a.is_range() == b.is_range() && (!a.is_range() || a.high() == b.high());
  }

 private:
  Decimal(std::string text, boost::multiprecision::cpp_rational exact)
      : text_(std::move(text)), exact_(std::move(exact)) {}

  std::string text_;
  std::size_t colon_ = std::string::npos;  ///< where it is in a range's text
  boost::multiprecision::cpp_rational exact_;
};

}  // namespace benign::theory

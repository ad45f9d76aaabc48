#pragma once
// A real-valued parameter as its user wrote it. The decimal text is kept, so that 0.1 is one tenth in every precision
// and counts such as ⌈ηn⌉ come from the exact decimal and never from a product of doubles.

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

  const std::string& text() const { return text_; }
  const boost::multiprecision::cpp_rational& exact() const { return exact_; }

  /// The value rounded once to Real.
  template <class Real>
  Real as() const {
    if constexpr (std::is_same_v<Real, double>) {
      double value = 0;
      std::from_chars(text_.data(), text_.data() + text_.size(), value);
      return value;
    } else {
      return Real(text_);
    }
  }

  friend bool operator==(const Decimal& a, const Decimal& b) { return a.exact_ == b.exact_; }

 private:
  Decimal(std::string text, boost::multiprecision::cpp_rational exact)
      : text_(std::move(text)), exact_(std::move(exact)) {}

  std::string text_;
  boost::multiprecision::cpp_rational exact_;
};

}  // namespace benign::theory

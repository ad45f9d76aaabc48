#include "theory/numbers/decimal.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace benign::theory {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
namespace {

/// Of a text that from_chars accepts: an optional minus, digits with at most one point, an optional exponent.
cpp_rational exactly(std::string_view text) {
  const auto mantissa_end = std::min(text.find_first_of("eE"), text.size());
  cpp_int digits = 0;
  long exponent = 0;
  bool after_point = false;
  for (const char c : text.substr(0, mantissa_end)) {
    if (c == '.') after_point = true;
    if (c < '0' || c > '9') continue;
    digits = digits * 10 + (c - '0');
    exponent -= after_point;
  }
  if (mantissa_end < text.size()) {
    auto part = text.substr(mantissa_end + 1);
    if (part.starts_with('+')) part.remove_prefix(1);
    long written = 0;
    std::from_chars(part.data(), part.data() + part.size(), written);
    exponent += written;
  }
  if (text.starts_with('-')) digits = -digits;
  const cpp_int scale = boost::multiprecision::pow(cpp_int(10), static_cast<unsigned>(std::labs(exponent)));
  return exponent < 0 ? cpp_rational(digits, scale) : cpp_rational(digits * scale);
}

}  // namespace

Decimal::Decimal(std::string_view text) {
  auto parsed = parse(text);
  if (!parsed) throw std::invalid_argument("not a decimal number: " + std::string(text));
  *this = *std::move(parsed);
}

Decimal Decimal::between(const Decimal& low, const Decimal& high) {
  if (low.is_range() || high.is_range() || !(low.exact_ < high.exact_))
    throw std::invalid_argument("no range: " + low.text_ + " to " + high.text_);
  Decimal range(low.text_ + ":" + high.text_, low.exact_);
  range.colon_ = low.text_.size();
  return range;
}

Decimal Decimal::low() const { return Decimal(text_.substr(0, colon_), exact_); }

Decimal Decimal::high() const {
  if (!is_range()) return *this;
  std::string text = text_.substr(colon_ + 1);
  cpp_rational exact = exactly(text);
  return Decimal(std::move(text), std::move(exact));
}

/// Even where a double would hold 0 in its place: ranges of ρ may begin at 0 and end at the least double.
Decimal Decimal::middle() const {
  const cpp_rational exact = (exact_ + high().exact_) / 2;
  cpp_rational middle = exact;
  std::size_t places = 0;
  for (; denominator(middle) != 1; ++places) middle *= 10;
  std::string digits = cpp_int(abs(numerator(middle))).str();
  if (places > 0) {
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
  }
  return Decimal((middle < 0 ? "-" : "") + digits, exact);
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;

  const bool zero = text.substr(0, text.find_first_of("eE")).find_first_of("123456789") == std::string_view::npos;
  if (zero) return Decimal("0", cpp_rational(0));
  if (value == 0) return std::nullopt;  // underflow
  return Decimal(std::string(text), exactly(text));
}

}  // namespace benign::theory

#include "sim/routes/method_kind.hpp"

#include <algorithm>
#include <iterator>

namespace benign::sim {
namespace {

using boost::multiprecision::cpp_rational;

bool share(const cpp_rational& x) { return x >= 0 && x < 1; }
bool count(const cpp_rational& x) { return denominator(x) == 1 && x >= 1 && x <= 1'000'000; }
bool not_negative(const cpp_rational& x) { return x >= 0; }

struct NamedMethod {
  MethodKind kind;
  const char* name;
  bool (*allowed)(const cpp_rational&) = nullptr;  ///< of its number; null where it takes none
  const char* otherwise = nullptr;                 ///< the number unless given; null where it must be
};
constexpr NamedMethod named_methods[] = {{MethodKind::gd, "gd"},
                                         {MethodKind::momentum, "momentum", share, "0.9"},
                                         {MethodKind::nesterov, "nesterov", share, "0.9"},
                                         {MethodKind::normalised, "normalised"},
                                         {MethodKind::sign, "sign"},
                                         {MethodKind::sgd, "sgd", count},
                                         {MethodKind::decay, "decay", not_negative}};

}  // namespace

std::optional<MethodChoice> parse_method(const std::string& text) {
  const auto colon = text.find(':');
  const bool with_number = colon != std::string::npos;
  for (const NamedMethod& one : named_methods) {
    if (text.substr(0, colon) != one.name) continue;
    if (!one.allowed) return with_number ? std::nullopt : std::optional(MethodChoice{one.kind});
    if (!with_number && !one.otherwise) return std::nullopt;
    const auto number = theory::Decimal::parse(with_number ? text.substr(colon + 1) : one.otherwise);
    if (!number || !one.allowed(number->exact())) return std::nullopt;
    return MethodChoice{one.kind, *number};
  }
  return std::nullopt;
}

std::string text_of(const MethodChoice& method) {
  const auto named = std::find_if(std::begin(named_methods), std::end(named_methods),
                                  [&](const NamedMethod& one) { return one.kind == method.kind; });
  return named->allowed ? std::string(named->name) + ":" + method.number.text() : named->name;
}

}  // namespace benign::sim

#include "sim/runs/config_json.hpp"

#include "sim/runs/parameter_table.hpp"

#include <charconv>

namespace benign::sim {

theory::Decimal decimal_of(double x) {
  char text[40];
  return theory::Decimal(
      std::string_view(text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, x).ptr - text)));
}

theory::Decimal read_number(const std::string& text) {
  auto value = theory::Decimal::parse(text);
  if (!value) throw NotAllowed("a decimal number");
  return *std::move(value);
}

long read_whole_number(const std::string& text, long low) {
  const auto value = theory::Decimal::parse(text);
  if (!value || denominator(value->exact()) != 1 || value->exact() < low ||
      value->exact() > std::numeric_limits<long>::max())
    throw NotAllowed(low == 0 ? "a whole number of at least 0" : "a whole number");
  return static_cast<long>(numerator(value->exact()));
}

Json decimal_json(const theory::Decimal& x) {
  if (x.is_range()) return x.text();
  if (denominator(x.exact()) == 1 && abs(numerator(x.exact())) < (1L << 53))
    return static_cast<long>(numerator(x.exact()));
  const Json value = x.as<double>();
  const auto read = theory::Decimal::parse(value.dump());
  return read && *read == x ? value : Json(x.text());
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

Json config_json(const RunConfig& config) {
  Json json;
  for (const Parameter& parameter : parameter_table())
    if (Json value = parameter.print(config); !value.is_null()) json[parameter.name] = std::move(value);
  return json;
}

}  // namespace benign::sim

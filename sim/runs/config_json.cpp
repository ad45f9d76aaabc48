#include "sim/runs/config_json.hpp"

#include "sim/runs/parameter_table.hpp"

#include <charconv>

namespace benign::sim {

theory::Decimal decimal_of(double x) {
  char text[40];
  return theory::Decimal(
      std::string_view(text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, x).ptr - text)));
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

Json config_json(const RunConfig& config) {
  Json json;
  for (const Parameter& parameter : parameter_table())
    if (Json value = parameter.print(config); !value.is_null()) json[parameter.name] = std::move(value);
  return json;
}

}  // namespace benign::sim

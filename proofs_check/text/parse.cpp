#include "proofs_check/text/parse.hpp"

#include "proofs_check/text/usage_error.hpp"

#include <fstream>
#include <sstream>

namespace benign::proofs {

using theory::Decimal;

long parse_integer(const std::string& where, const std::string& text, long low, long high) {
  const auto value = Decimal::parse(text);
  if (!value || denominator(value->exact()) != 1 || value->exact() < low || value->exact() > high)
    throw UsageError(where, text, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return static_cast<long>(numerator(value->exact()));
}

Decimal parse_decimal(const std::string& where, const std::string& text, const char* allowed) {
  auto value = Decimal::parse(text);
  if (!value) throw UsageError(where, text, allowed);
  return *std::move(value);
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> items;
  std::istringstream stream(text);
  for (std::string item; std::getline(stream, item, ',');) items.push_back(item);
  if (text.ends_with(',')) items.emplace_back();
  return items;
}

std::string read_text(const std::string& where, const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) throw UsageError(where + ": cannot be read, or is empty");
  return text.str();
}

}  // namespace benign::proofs

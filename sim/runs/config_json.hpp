#pragma once
// Configurations as JSON that can be read back, and what values are as texts.

#include "sim/runs/run_config.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace benign::sim {

using Json = nlohmann::ordered_json;

/// Every option that decides the run, under its name on the command line. A decimal is a number where the shortest
/// double prints back the same decimal, else a string.
Json config_json(const RunConfig& config);

/// A text that is no value of a parameter; what() says what is allowed.
struct NotAllowed : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Throws NotAllowed where the text is no decimal number.
theory::Decimal read_number(const std::string& text);

/// A whole number of at least `low` that a long holds, written in any way: 1e12 too. Throws NotAllowed.
long read_whole_number(const std::string& text, long low = -std::numeric_limits<long>::max());

/// The value of that text. Throws NotAllowed with all texts and `or_else`.
template <class Enum, std::size_t Count>
Enum read_choice(const Choice<Enum> (&choices)[Count], const std::string& text, const char* or_else = "") {
  std::string allowed;
  for (const auto& choice : choices) {
    if (text == choice.text) return choice.value;
    allowed += std::string(allowed.empty() ? "" : " | ") + choice.text;
  }
  throw NotAllowed(allowed + or_else);
}

/// Each sets what its option says. Throws NotAllowed.
void parse_data(RunConfig& c, const std::string& text);
void parse_precision(RunConfig& c, const std::string& text);
void parse_model(RunConfig& c, const std::string& text);
void parse_layout(RunConfig& c, const std::string& text);
void parse_method_option(RunConfig& c, const std::string& text);
void parse_schedule_option(RunConfig& c, const std::string& text);
void parse_test(RunConfig& c, const std::string& text);
Json print_test(const RunConfig& c);

/// A JSON number where the shortest double prints the same decimal, else the decimal's own text.
Json decimal_json(const theory::Decimal& x);

}  // namespace benign::sim

#pragma once
// The one table of what decides a run. An entry is an option of the command line, a key of configuration files and
// records, for most numbers an axis of sweeps, and a label of figures: a new parameter is a new entry, and nothing else.

#include "sim/runs/config_json.hpp"

#include <functional>
#include <span>

namespace benign::sim {

struct Parameter {
  std::string name;             ///< of the option, the key and the axis
  std::string default_text;     ///< as help shows it
  std::string help;             ///< one line
  std::string symbol = {};      ///< in the titles of figures; empty: it stands in none
  std::string axis_label = {};  ///< along a figure's axis; empty: nothing varies along it
  bool whole = false;           ///< whole numbers alone, along an axis
  bool flag = false;            ///< an option without a value: true where it is given
  std::string model = {};       ///< that alone has it, as --model names it; empty: all

  /// Sets it from a text. Throws NotAllowed where the text is none of its values, whatever the range.
  std::function<void(RunConfig&, const std::string& text)> parse = {};
  /// What a record has, as it reads it back; null where it has nothing to say in this configuration.
  std::function<Json(const RunConfig&)> print = {};
  /// Whether its value is in range whatever the others are, and what is; empty where parsing says it all.
  std::function<bool(const RunConfig&)> in_range = {};
  std::string range = {};
};

/// In the order in which help and records have them.
std::span<const Parameter> parameter_table();

/// Adds an entry behind the others, for a project's own.
void add_parameter(Parameter parameter);

/// The entry; null if there is none.
const Parameter* find_parameter(const std::string& name);

/// The shortest decimal that reads back as x.
theory::Decimal decimal_of(double x);

/// The text of a value in a configuration: of a string what it says, of a number its digits.
std::string text_of(const Json& value);

}  // namespace benign::sim

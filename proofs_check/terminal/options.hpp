#pragma once
// The options that every command shares: one table serves the command line, configuration files and the help texts.

#include "sim/runs/run_config.hpp"

#include <CLI/App.hpp>
#include <map>
#include <string>

namespace benign::proofs {

/// Adds the shared options and --config to a command and remembers what was given.
class SharedOptions {
 public:
  explicit SharedOptions(CLI::App& command);
  SharedOptions(const SharedOptions&) = delete;  // the parser writes to the members
  SharedOptions& operator=(const SharedOptions&) = delete;

  /// The value of an option and who gives it, as errors name it.
  struct Given {
    std::string text, where;
  };

  /// The run that the options and the file after --config describe. `fixed`, by name of option, wins over the command
  /// line, that over the file, and all over `json`, a text that `where` names in errors. Throws UsageError.
  sim::RunConfig config(const std::string& where = "", const std::string& json = "",
                        const std::map<std::string, Given>& fixed = {}) const;

  /// What the command line, or else the file, gives for an option; empty where neither does. Throws UsageError.
  std::string text(const std::string& option) const;

 private:
  CLI::App& command_;
  std::map<std::string, std::string> given_;
  bool flow_ = false;
  std::string file_;
};

/// Throws UsageError where --precision auto is asked of a command that makes more than one run.
void refuse_auto(const sim::RunConfig& config);

/// The run that a JSON text describes: a configuration, or an object with one under "config". Throws UsageError naming
/// `where`.
sim::RunConfig config_from_json(const std::string& where, const std::string& json);

/// What the file holds. Throws UsageError naming `where` if it cannot be read or is empty.
std::string read_text(const std::string& where, const std::string& path);

/// A whole number in [low, high], from text such as 20 or 1e12. Throws UsageError naming `where`.
long parse_integer(const std::string& where, const std::string& text, long low, long high);

/// A decimal number. Throws UsageError naming `where`.
theory::Decimal parse_decimal(const std::string& where, const std::string& text,
                              const char* allowed = "a decimal number");

}  // namespace benign::proofs

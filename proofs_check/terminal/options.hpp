#pragma once
// The options that every command shares, from the table of parameters.

#include "proofs_check/text/configuration.hpp"

#include <CLI/App.hpp>
#include <map>

namespace benign::proofs {

/// Of commands about given tokens, which come with their own.
extern const std::map<std::string, std::string> defaults_of_given_tokens;

/// Adds the shared options and --config to a command and remembers what was given.
class SharedOptions {
 public:
  /// `defaults`: what help says where a command's own differ from the table's.
  explicit SharedOptions(CLI::App& command, const std::map<std::string, std::string>& defaults = {});
  SharedOptions(const SharedOptions&) = delete;  // the parser writes to the members
  SharedOptions& operator=(const SharedOptions&) = delete;

  /// The run that the options and the file after --config describe. `fixed`, by name of option, wins over the command
  /// line, that over the file, and all over `json`, a text that `where` names in errors. Throws UsageError.
  sim::RunConfig config(const std::string& where = "", const std::string& json = "", const AllGiven& fixed = {}) const;

  /// The run, or, where --mu, --rho or --lr is LOW:HIGH, all runs between. Throws UsageError.
  sim::RunConfig config_or_family() const;

  /// What the command line, or else the file, gives for an option; empty where neither does. Throws UsageError.
  std::string text(const std::string& option) const;

  /// Where no route is asked for, given tokens are simulated by the cheapest, which may have no proof: proofs take
  /// `coefficients`. The configuration has to be validated again.
  void take_route_of_proofs(sim::RunConfig& config) const;

  /// Whether an option is given that has no meaning without tokens: then inner products alone (--data gram) will not do.
  bool need_tokens() const;

 private:
  bool on_line(const std::string& option) const { return command_.count("--" + option) > 0; }

  CLI::App& command_;
  std::map<std::string, std::string> given_;
  std::map<std::string, bool> flags_;
  std::string file_;
};

}  // namespace benign::proofs

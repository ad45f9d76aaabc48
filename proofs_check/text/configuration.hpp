#pragma once
// The run that texts describe: from the command line, configuration files and records alike, by the table of parameters.

#include "sim/runs/run_config.hpp"

#include <map>
#include <string>

namespace benign::proofs {

/// The value of an option and who gives it, as errors name it.
struct Given {
  std::string text, where;
};
using AllGiven = std::map<std::string, Given>;  ///< by name of option

/// What is given in the JSON text of a configuration, or of an object with one under "config".
AllGiven given_in_json(const std::string& where, const std::string& json);

/// What is given in a configuration file.
AllGiven given_in_file(const std::string& where, const std::string& path);

/// The run. Reads the files of --data; checks all ranges. Throws UsageError.
sim::RunConfig configuration(AllGiven given);

/// The run that a JSON text describes. Throws UsageError naming `where`.
sim::RunConfig config_from_json(const std::string& where, const std::string& json);

/// "d = 2000, |mu| = 20, n = 20, T = 8, rho = 0.1, eta = 0.2, sigma = 1, seed 42, double"
std::string setting_line(const sim::RunConfig& config);

/// Throws UsageError where --precision auto or --test none is asked of a command that makes more than one run or judges
/// its test error.
void refuse_what_simulate_alone_takes(const sim::RunConfig& config);

}  // namespace benign::proofs

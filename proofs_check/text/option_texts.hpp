#pragma once
// The texts of options, by name, from what a file or a record holds.

#include <map>
#include <string>

namespace benign::proofs {

using Texts = std::map<std::string, std::string>;

/// Of a JSON object, or of its member "config" where it has one: numbers as they are written. Throws UsageError naming
/// `where`, also where an option is given twice.
Texts read_json(const std::string& where, const std::string& json);

/// Of a file in TOML, or in the JSON of a simulation's `config` (or of the whole simulation). Throws UsageError.
Texts read_config_file(const std::string& where, const std::string& path);

}  // namespace benign::proofs

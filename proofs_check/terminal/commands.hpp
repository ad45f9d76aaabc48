#pragma once
// The commands of `benign`, each in a file that registers it, and what they share.

#include "sim/files/record_file.hpp"
#include "sim/runs/config_json.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <string_view>
#include <vector>

namespace benign::proofs {

struct Command {
  const char* name;
  /// Adds it to the program; its run leaves the exit status in `status`.
  void (*add)(CLI::App& program, int& status);
};

/// All commands, by name.
std::vector<Command>& commands();

/// A command registers itself by a variable of this type in its file, and is then in the program.
struct RegisterCommand {
  RegisterCommand(const char* name, void (*add)(CLI::App&, int&)) { commands().push_back({name, add}); }
};

/// Writes to standard output; throws Unfinished if that fails (a full disk, a closed pipe).
void print(std::string_view text);

/// A number, or its text in many digits, for a person: six significant digits; - for null.
std::string shown(const sim::Json& value);

/// Makes sure that `folder` exists and can be written to; throws UsageError naming --out.
void prepare_folder(const std::string& folder);

/// Makes sure that the file can be written whole later on; throws UsageError naming `option`.
void prepare_file(const std::string& option, const std::string& path);

/// The file `name` of records in `folder`; throws UsageError naming --out where it cannot be written.
std::unique_ptr<sim::RecordFile> open_records(const std::string& folder, const std::string& name);

}  // namespace benign::proofs

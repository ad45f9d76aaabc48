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
  /// For a command whose processes may be many, and speak as one: says what is wrong with the command line in place of
  /// the program, and returns the exit status.
  int (*refuse)(const std::string& message) = nullptr;
};

/// All commands, by name.
std::vector<Command>& commands();

/// A command registers itself by a variable of this type in its file, and is then in the program.
struct RegisterCommand {
  RegisterCommand(const char* name, void (*add)(CLI::App&, int&), int (*refuse)(const std::string&) = nullptr) {
    commands().push_back({name, add, refuse});
  }
};

/// Says on standard error, in one line whatever is in the message, why `command` ends; returns `status`.
int fail(int status, const std::string& command, const std::string& message);

/// Says something on standard error in passing, in one line.
void note(const std::string& command, const std::string& message);

/// Seconds from which on a command says beforehand what its work will cost.
constexpr double a_minute = 60;

/// Writes to standard output; throws Unfinished if that fails (a full disk). Where the reader has gone, as `head` does,
/// the program ends like others, by SIGPIPE and without a word.
void print(std::string_view text);

/// Whether whoever started the program had it ignore SIGPIPE: a closed pipe is then an error like any other.
extern bool closed_pipes_were_ignored;

/// Whether what the stream is connected to can move its cursor, and whether it wants colours (https://no-color.org).
bool is_terminal(int stream);
bool wants_colours(int stream);

/// A number, or its text in many digits, for a person: six significant digits; - for null.
std::string shown(const sim::Json& value);

/// Makes sure that `folder` exists and can be written to; throws UsageError naming --out.
void prepare_folder(const std::string& folder);

/// Makes sure that the file can be written whole later on; throws UsageError naming `option`.
void prepare_file(const std::string& option, const std::string& path);

/// The file `name` in `folder`, there once it is committed; throws UsageError naming --out where it cannot be written.
std::unique_ptr<sim::NewFile> new_file(const std::string& folder, const std::string& name);

}  // namespace benign::proofs

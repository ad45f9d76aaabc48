#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace benign::proofs {

std::vector<Command>& commands() {
  static std::vector<Command> all;
  return all;
}

bool closed_pipes_were_ignored = false;

void note(const std::string& command, const std::string& message) {
  std::fprintf(stderr, "%s: %s\n", command.c_str(), one_line(message).c_str());
}

int fail(int status, const std::string& command, const std::string& message) {
  note(command, message);
  return status;
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  const int why = errno;
  if (why == EPIPE && !closed_pipes_were_ignored) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  throw Unfinished(std::string("standard output: ") + std::strerror(why));
}

bool is_terminal(int stream) {
  const char* kind = std::getenv("TERM");
  return isatty(stream) == 1 && kind && *kind && std::string_view(kind) != "dumb";
}

bool wants_colours(int stream) {
  const char* none = std::getenv("NO_COLOR");
  return is_terminal(stream) && !(none && *none);
}

std::string shown(const sim::Json& value) {
  if (value.is_null()) return "-";
  const double number = value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", number);
  return text;
}

void prepare_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw UsageError("--out", folder, "a folder that can be made (" + error.message() + ")");
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    throw UsageError("--out", folder, std::string("a folder that can be written to (") + std::strerror(errno) + ")");
}

void prepare_file(const std::string& option, const std::string& path) {
  constexpr const char* allowed = "a file that can be written";
  if (path.empty()) throw UsageError(option, path, allowed);
  try {
    sim::probe_whole(path);
  } catch (const std::system_error& error) {
    throw UsageError(option, path, std::string(allowed) + " (" + error.code().message() + ")");
  }
}

std::unique_ptr<sim::NewFile> new_file(const std::string& folder, const std::string& name) {
  try {
    return std::make_unique<sim::NewFile>(folder + "/" + name);
  } catch (const std::system_error& error) {
    throw UsageError("--out", folder, "a folder whose " + name + " can be written (" + error.code().message() + ")");
  }
}

}  // namespace benign::proofs

#pragma once
// Runs the program as a user does, and looks at what it prints and leaves behind.

#include "tests/support/files.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <vector>

using Json = nlohmann::json;

struct Outcome {
  int status = -1;
  std::string out, err;
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Runs a command in a shell.
inline Outcome shell(const std::string& command) {
  const TemporaryFolder folder;
  const std::string out = folder.path / "out", err = folder.path / "err";
  const int status = std::system(("{ " + command + "\n} >'" + out + "' 2>'" + err + "'").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(out), read(err)};
}

/// One word for a shell, whatever is in it.
inline std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

/// Runs `benign ARGUMENTS` in a shell; `before` may set the environment.
inline Outcome benign(const std::string& arguments, const std::string& before = "") {
  return shell(before + " " + quoted(BENIGN_PROGRAM) + " " + arguments);
}

/// Status 2, one line on standard error that has `names` in it, and nothing on standard output.
inline void check_refused(const std::string& arguments, const std::string& names) {
  const Outcome outcome = benign(arguments);
  INFO("benign " << arguments << "\n" << outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  CHECK(outcome.err.find(names) != std::string::npos);
}

inline const std::string small_data = "--n 4 --T 3 --d 20 ";
inline const std::string small = small_data + "--steps 20 ";

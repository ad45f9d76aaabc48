#pragma once
// What ends the program with a message of one line and a status of its own.

#include <stdexcept>
#include <string>

namespace benign::proofs {

/// A message as one line, whatever text of the user's is in it: nothing in it moves a terminal's cursor.
inline std::string one_line(std::string message) {
  for (char& c : message)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = '?';
  return message;
}

/// Bad usage or input: exit status 2.
struct UsageError : std::runtime_error {
  explicit UsageError(std::string message) : std::runtime_error(one_line(std::move(message))) {}

  /// "--eta: 0.7 is not allowed; allowed: a number in [0, 1/2]"
  UsageError(const std::string& where, const std::string& value, const std::string& allowed)
      : UsageError(where + ": '" + value + "' is not allowed; allowed: " + allowed) {}
};

/// The work could not be finished (full disk, missing gnuplot): exit status 4; what is finished stays valid.
struct Unfinished : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum ExitStatus { as_expected = 0, unexpected = 1, bad_usage = 2, not_decided = 3, unfinished = 4 };

}  // namespace benign::proofs

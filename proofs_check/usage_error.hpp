#pragma once
// What ends the program with a message of one line and a status of its own.

#include <stdexcept>
#include <string>

namespace benign::proofs {

/// Bad usage or input: exit status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;

  /// "--eta: 0.7 is not allowed; allowed: a number in [0, 1/2]"
  UsageError(const std::string& where, const std::string& value, const std::string& allowed)
      : std::runtime_error(where + ": '" + value + "' is not allowed; allowed: " + allowed) {}
};

/// The work could not be finished (full disk, missing gnuplot): exit status 4; what is finished stays valid.
struct Unfinished : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum ExitStatus { as_expected = 0, unexpected = 1, bad_usage = 2, not_decided = 3, unfinished = 4 };

}  // namespace benign::proofs

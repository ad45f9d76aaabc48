#pragma once
// A bar on standard error while long work goes on, when standard error is a terminal.

#include "proofs_check/terminal/commands.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <unistd.h>

namespace benign::proofs {

class Progress {
 public:
  Progress(std::string what, long total);
  ~Progress();  ///< clears the line

  /// Draws at most ten times a second, and nothing in the first half second.
  void show(long done);

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  long total_;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now(), next_;
};

/// One line on standard error, where that is a terminal, that says what is going on now. To be cleared before anything
/// else is printed there.
class StatusLine {
 public:
  ~StatusLine() { clear(); }
  void show(const std::string& text);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_ = is_terminal(STDERR_FILENO), drawn_ = false;
  Clock::time_point first_ = Clock::now() + std::chrono::milliseconds(500);  // what is over sooner needs no word
};

/// A bar for each loop that is watched (framework/parallel.hpp), on one line: the one last heard of. Copies share them.
std::function<void(const std::string& what, long done, long total)> progress_bars();

}  // namespace benign::proofs

#pragma once
// How much memory a test's own process has taken at most, as Linux counts it. Under a sanitizer that says nothing.

#include <fstream>
#include <malloc.h>
#include <string>

namespace benign::tests {

/// The most that has been in memory since it was made, beyond what was there before.
class PeakMemory {
 public:
  PeakMemory() {
    malloc_trim(0);                               // what was freed before counts anew
    std::ofstream("/proc/self/clear_refs") << 5;  // sets the mark back
    before_ = peak();
  }
  double bytes() const { return peak() - before_; }

 private:
  static double peak() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return 1024 * std::stod(line.substr(6));
    return 0;
  }
  double before_;
};

}  // namespace benign::tests

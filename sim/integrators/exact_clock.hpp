#pragma once
// The clock of a validated integration: a whole number of ticks of 2^{−bits}, so that a time and every step that it is
// advanced by are exact doubles. A clock that rounds t + h while the state moves by h says something about another time
// than the state's own.

#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace benign::sim {

class ExactClock {
 public:
  /// Starts at 0.
  explicit ExactClock(int bits) : bits_(bits) {}

  double time() const { return std::ldexp(static_cast<double>(ticks_), -bits_); }

  /// The longest whole number of ticks that is no longer than h; 0 for less than a tick.
  double whole(double h) const { return std::ldexp(std::floor(std::ldexp(h, bits_)), -bits_); }

  /// Throws std::domain_error where h is no whole number of ticks, or the time would be no double.
  void advance(double h) {
    constexpr double most = 0x1p53;
    const double ticks = std::ldexp(h, bits_);
    if (!(ticks >= 0 && ticks <= most) || ticks != std::floor(ticks)) throw std::domain_error("a step between ticks");
    const auto next = ticks_ + static_cast<std::int64_t>(ticks);
    if (!(static_cast<double>(next) <= most)) throw std::domain_error("a clock beyond its ticks");
    ticks_ = next;
  }

 private:
  int bits_;
  std::int64_t ticks_ = 0;
};

}  // namespace benign::sim

#pragma once

// Random inputs of a test: the same ones from the same seed with every standard library.

#include "theory/numbers/decimal.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>

namespace benign::tests {

class RandomInput {
 public:
  explicit RandomInput(std::uint64_t seed) : engine_(seed) {}
  bool one_in(unsigned count) { return engine_() % count == 0; }
  long whole(long low, long high) {
    return low + static_cast<long>(engine_() % static_cast<unsigned long>(high - low + 1));
  }
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  double log_between(double low, double high) { return std::exp(between(std::log(low), std::log(high))); }
  /// A whole number of 2^{−10} in [low, high].
  double dyadic(double low, double high) { return std::ldexp(std::floor(std::ldexp(between(low, high), 10)), -10); }
  /// Six decimals in [low, high].
  theory::Decimal decimal(double low, double high) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6f", between(low, high));
    return theory::Decimal(text);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace benign::tests

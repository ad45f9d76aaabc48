#pragma once
// A box of configurations: some parameters within ranges, all others fixed.

#include "sim/sweeps/grid.hpp"

#include <string>
#include <vector>

namespace benign::proofs {

/// One parameter and its range.
struct Side {
  std::string name;  ///< one of sim::axis_names()
  theory::Decimal low, high;
  bool log = false;  ///< equal ratios are equally far apart
};

/// NAME=LO:HI or NAME=LO:HI:log. Throws UsageError.
Side parse_side(const std::string& text);

struct Box {
  sim::RunConfig base;
  std::vector<Side> sides;

  /// The value of a side at `place` in [0, 1]: rounded to five digits, to a whole number where the parameter is one, to
  /// an even one of n, so that a configuration found is one that anybody can write down.
  theory::Decimal value(std::size_t side, double place) const;

  /// The configuration with these values, one for each side. Parameters that set ‖μ‖ or σ_w from others come last.
  sim::RunConfig config(const std::vector<theory::Decimal>& values) const;
};

}  // namespace benign::proofs

#pragma once
// A grid over two parameters of a run.

#include "sim/runs/parameter_table.hpp"

namespace benign::sim {

/// One parameter and the values that it takes, rising. Values are exact decimals, so that a cell is a run that anyone
/// can repeat with the same digits.
struct Axis {
  std::string name;  ///< one of axis_names()
  bool log = false;  ///< equal ratios in place of equal differences
  std::vector<theory::Decimal> values;
};

/// What an axis may vary beside the table's numbers: a combination, by which one of them is set once the others are.
struct DerivedAxis {
  std::string name;
  std::string sets;  ///< the parameter that follows from it
  std::string axis_label;
  void (*set)(RunConfig&, double value);
};
std::span<const DerivedAxis> derived_axes();

/// The parameters that have an axis, and the derived ones: snr and nsnr2 set ‖μ‖ = SNR σ√d, where nsnr2 = n SNR²; kappa
/// sets σ_w = √(κ/d). What these set is rounded once to double, and nothing else is.
std::vector<std::string> axis_names();

/// Whether an axis takes whole numbers alone (even ones: n).
bool is_whole(const std::string& axis);

/// The option whose value an axis sets.
std::string set_by(const std::string& axis);

/// `count` values from low to high, each rounded once to double; those of a whole axis to the nearest whole number.
/// They may then coincide: a caller has to look.
Axis spaced_axis(std::string name, const theory::Decimal& low, const theory::Decimal& high, long count, bool log);

/// `config` with a value of one axis set. Of two axes the one that sets ‖μ‖ or σ_w from others comes second.
void set_axis(RunConfig& config, const std::string& axis, const theory::Decimal& value);

struct Grid {
  RunConfig base;
  Axis x, y;

  long columns() const { return static_cast<long>(x.values.size()); }
  long rows() const { return static_cast<long>(y.values.size()); }
  RunConfig config(long column, long row) const;
  /// With any value of y's, not only of the grid's.
  RunConfig config(long column, const theory::Decimal& y_value) const;
  /// "d = 500, mu = 5", for a message.
  std::string place(long column, long row) const;
};

}  // namespace benign::sim

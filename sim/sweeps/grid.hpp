#pragma once
// A grid over two parameters of a run.

#include "sim/runs/run_config.hpp"

namespace benign::sim {

/// One parameter and the values that it takes, rising. Values are exact decimals, so that a cell is a run that anyone
/// can repeat with the same digits.
struct Axis {
  std::string name;  ///< one of axis_names()
  bool log = false;  ///< equal ratios in place of equal differences
  std::vector<theory::Decimal> values;
};

/// d, mu, snr, nsnr2, n, eta, rho, T, kappa, sigma, log-s-max, steps.
///
/// snr and nsnr2 set ‖μ‖ = SNR σ√d, where nsnr2 = n SNR²; kappa sets σ_w = √(κ/d). Those three and nothing else are
/// rounded, once, to double.
const std::vector<std::string>& axis_names();

/// Whether an axis takes whole numbers alone (even ones: n).
bool is_whole(const std::string& axis);

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
};

/// The decimal that prints a double, digit for digit.
theory::Decimal decimal_of(double x);

}  // namespace benign::sim

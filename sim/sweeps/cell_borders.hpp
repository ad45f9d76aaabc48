#pragma once
// Where a diagram's cells change sides along y: the borders between its regions, read off the cells themselves.

#include "sim/sweeps/cells.hpp"

namespace benign::sim {

/// One border: for each column the y of its first crossing, linear between neighbouring cells in the axis's scale;
/// nothing where no two neighbours lie on two sides. Its error is up to the distance of two rows; BorderSweep refines it.
struct CellBorder {
  std::string name;    ///< in words
  std::string option;  ///< the --border that refines it; empty for a predicted one
  std::vector<std::optional<double>> y;
  long again = 0;  ///< columns that cross it more than once: it is not monotone in y there
};

/// Half of the flipped labels fitted (theory/model/outcome.hpp), and the test loss half way to its floor; the paper's
/// borders d^{−1/4} and n^{−1/2} with constant 1; n SNR² = x_c. Those that cross the diagram. None for given tokens, of
/// which no such law is known.
std::vector<CellBorder> cell_borders(const CellSweep& sweep, const std::vector<Cell>& cells);

}  // namespace benign::sim

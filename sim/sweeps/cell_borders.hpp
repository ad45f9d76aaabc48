#pragma once
// Where a diagram's cells change sides along y: the borders between its regions, read off the cells themselves.

#include "sim/sweeps/cells.hpp"

namespace benign::sim {

/// One border: for each column the y of its first crossing, nothing where no two rows lie on two sides. A measured one
/// is linear between neighbouring cells in the axis's scale, with an error of up to the distance of two rows, which
/// BorderSweep refines; a predicted one is right to a double's digits.
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

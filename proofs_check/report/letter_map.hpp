#pragma once
// A grid at the terminal: a letter for each cell.

#include "sim/sweeps/grid.hpp"

#include <functional>

namespace benign::proofs {

/// A line that says what the letters mean, and one for each row, the highest first; `letter` is asked by number of cell,
/// row times columns plus column. Empty where the grid is wider than a terminal.
std::string letter_map(const std::string& meaning, const sim::Grid& grid, const std::function<char(long cell)>& letter);

}  // namespace benign::proofs

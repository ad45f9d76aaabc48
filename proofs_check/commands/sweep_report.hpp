#pragma once
// A sweep's results as tables for a person.

#include "sim/sweeps/border.hpp"
#include "sim/sweeps/cells.hpp"
#include "sim/sweeps/shards.hpp"

namespace benign::proofs {

/// The borders between a diagram's regions: [{name, border, y: [one of each column, or null], again}].
sim::Json borders_json(const sim::CellSweep& sweep, const std::vector<sim::Cell>& cells);

/// Of a sweep of cells: the range of each quantity, the runs by outcome, and where in y the regions end.
std::string sweep_table(const sim::CellSweep& sweep, const sim::Merged<sim::CellSweep>& merged);

/// Of borders: a line for each x, and the fit of all.
std::string sweep_table(const sim::BorderSweep& sweep, const sim::Merged<sim::BorderSweep>& merged);

}  // namespace benign::proofs

#pragma once
// A sweep's results as tables for a person.

#include "sim/runs/records.hpp"

namespace benign::proofs {

/// Of a sweep of cells: the range of each quantity, and the runs by outcome.
std::string cells_table(const sim::Json& description, const std::vector<sim::Json>& lines);

/// Of borders: a line for each x, and the fit of all.
std::string border_table(const sim::Json& description, const std::vector<sim::Json>& lines,
                         const sim::Json& conclusion);

}  // namespace benign::proofs

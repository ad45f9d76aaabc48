#pragma once
// A check over a grid of settings: the sweep that judges it in every cell, and what the cells say together.

#include "proofs_check/report/report.hpp"
#include "sim/sweeps/shards.hpp"
#include "sim/sweeps/verdict_cells.hpp"

namespace benign::proofs {

/// `terms`: δ and the constants that the user gave. Each run is judged as 'benign check' judges it: with more digits, or
/// of a study more seeds, while it is undecided.
sim::VerdictSweep verdict_sweep(const Check& check, sim::Grid grid, long seeds, const Laboratory& terms);

/// Seconds on one core that one unit takes, about.
double seconds_of_unit(const sim::VerdictSweep& sweep, const sim::RunConfig& config);

/// For a person: how many cells came to which verdict, a letter for each cell, which hypotheses are unmet, and of the cells
/// that speak the worst one with its command.
std::string verdict_table(const sim::VerdictSweep& sweep, const std::vector<sim::VerdictCell>& cells);

/// The cell that speaks with the smallest margin in units of the claim's size, and the command that reproduces it; null
/// where none speaks.
sim::Json worst_cell_json(const sim::VerdictSweep& sweep, const std::vector<sim::VerdictCell>& cells);

/// As of judgements (report.hpp), where each cell is one.
int exit_status(const sim::VerdictSweep& sweep, const std::vector<sim::VerdictCell>& cells);

}  // namespace benign::proofs

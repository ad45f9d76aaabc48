#pragma once
// Proofs over a grid of settings: the sweep that proves claims in every cell, and what the cells say together.

#include "sim/sweeps/proof_cells.hpp"
#include "sim/sweeps/shards.hpp"

namespace benign::proofs {

/// Throws UsageError where a claim has no meaning, or no proof, in some cell.
sim::ProofSweep proof_sweep(const std::vector<std::string>& claims, sim::Grid grid, long seeds, long most_digits);

/// Seconds on one core that one run of a sweep takes, about.
double seconds_of_proof(const sim::RunConfig& config);

/// For a person: how often each claim is proved, a letter for each cell, why cells are undecided, and the command that
/// proves one.
std::string proof_table(const sim::ProofSweep& sweep, const std::vector<sim::ProofCell>& cells);

/// Runs in which a claim is proved and does not hold in double, or is violated and holds there: 0 unless something is
/// broken, or a margin is as small as the errors in double.
long contradictions(const std::vector<sim::ProofCell>& cells);

/// 1 where proofs and doubles contradict one another, 3 where a run is undecided, else 0: that a claim is false in some
/// cells is what a diagram is for.
int exit_status(const std::vector<sim::ProofCell>& cells);

}  // namespace benign::proofs

#pragma once
// What `benign phase` is asked for, and the sweep that it describes.

#include "proofs_check/terminal/options.hpp"
#include "sim/sweeps/border.hpp"
#include "sim/sweeps/cells.hpp"
#include "sim/sweeps/proof_cells.hpp"
#include "sim/sweeps/verdict_cells.hpp"

#include <variant>

namespace benign::proofs {

struct Phase {
  explicit Phase(CLI::App& command) : command(command), shared(command) {}

  CLI::App& command;
  SharedOptions shared;
  std::string x = "d=250:5000:39", y = "mu=5:100:39", model = "exact", border, check, delta, digits_max, seeds, threads,
              out;
  std::vector<std::string> constants, prove;
  bool infinite_time = false, resume = false, json = false;
  std::string resumed, resumed_from;  ///< with --resume: the configuration in phase.json, and the path of that
};

/// With --resume: what the command line does not give, from the phase.json in --out, where that is one.
void take_from_folder(Phase& options);

using AnySweep = std::variant<sim::CellSweep, sim::BorderSweep, sim::VerdictSweep, sim::ProofSweep>;

/// Throws UsageError for what is no sweep, or one of a run that is out of range anywhere on its grid.
AnySweep parse_sweep(const Phase& options);

}  // namespace benign::proofs

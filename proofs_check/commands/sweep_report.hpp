#pragma once
// A sweep's results as tables for a person.

#include "sim/sweeps/border.hpp"
#include "sim/sweeps/cells.hpp"
#include "sim/sweeps/engine.hpp"
#include "sim/sweeps/proof_cells.hpp"
#include "sim/sweeps/verdict_cells.hpp"

namespace benign::proofs {

/// Who has done a sweep.
struct Workers {
  int threads = 1;  ///< of this machine
  int ranks = 1;
};

/// A sweep's description, its results and what they took.
template <class S>
sim::Json sweep_json(const S& sweep, const sim::SweepResult<S>& result, const Workers& workers);

/// For a person. Of cells: the range of each quantity, the runs by outcome, and where in y the regions end; of borders: a
/// line for each x, and the fit of all; of a check its verdicts, of claims their proofs.
template <class S>
std::string sweep_text(const S& sweep, const sim::SweepResult<S>& result, const Workers& workers);

}  // namespace benign::proofs

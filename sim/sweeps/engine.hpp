#pragma once
// Runs a sweep: on the threads of one machine, or of several under mpirun, into a folder or into memory.

#include "sim/sweeps/cluster.hpp"
#include "sim/sweeps/shards.hpp"

namespace benign::sim {

struct EngineOptions {
  std::filesystem::path folder;  ///< of the records, which all ranks see; memory if empty (one rank only)
  int threads = 1;               ///< of this rank
  Resumed resumed = {};          ///< what the folder holds already; counts on rank 0
};

struct SweepResult {
  std::vector<Json> lines;  ///< the merged records; on rank 0 alone
  Json conclusion;          ///< null where the sweep has none
  long done_before = 0;     ///< units that were there already
  double wall_s = 0;        ///< of the units done now
  double unit_s = 0;        ///< the sum of their times, each on one thread
};

/// Throws std::system_error on a full disk, with finished records in place. `progress` is told, on
/// rank 0, how many of the units that were not there are taken, and how many these are.
SweepResult run_sweep(const Sweep& sweep, const Cluster& cluster, const EngineOptions& options,
                      const std::function<void(long taken, long of)>& progress = {});

}  // namespace benign::sim

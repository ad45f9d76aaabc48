#pragma once
// Runs a sweep: on the threads of one machine, or of several under mpirun, into a folder or into memory.

#include "sim/sweeps/cluster.hpp"
#include "sim/sweeps/shards.hpp"

#include <chrono>
#include <mutex>

namespace benign::sim {

template <RunnableSweep S>
struct EngineOptions {
  std::filesystem::path folder;  ///< of the records, which all ranks see; memory if empty (one rank only)
  int threads = 1;               ///< of this rank
  Resumed<S> resumed = {};       ///< what the folder holds already; counts on rank 0
};

template <RunnableSweep S>
struct SweepResult {
  Merged<S> merged;      ///< on rank 0 alone
  long done_before = 0;  ///< units that were there already
  double wall_s = 0;     ///< of the units done now
  double unit_s = 0;     ///< the sum of their times, each on one thread
};

/// What one thread does with one unit after the other.
using Worker = std::function<void(long unit)>;

/// Hands `units`, the same on every rank, to workers: one for each of this rank's threads, made in it. The first
/// exception of a worker ends all of this rank's and is thrown on. `progress` is told, on rank 0, how many are taken,
/// and how many there are.
void distribute_units(const Cluster& cluster, int threads, const std::vector<long>& units,
                      const std::function<Worker(int thread)>& worker,
                      const std::function<void(long taken, long of)>& progress);

/// Adds to what this rank found what the others did, from their shards; whether that is all.
template <RunnableSweep S>
bool collect_from_all_ranks(const S& sweep, const Cluster& cluster, const std::filesystem::path& folder,
                            FoundUnits<S>& units) {
  if (cluster.size() > 1)
    for (auto& [unit, one] : read_shards(folder, sweep)) units.try_emplace(unit, std::move(one));
  return static_cast<long>(units.size()) == sweep.units();
}

/// Throws std::system_error on a full disk, with finished records in place.
template <RunnableSweep S>
SweepResult<S> run_sweep(const S& sweep, const Cluster& cluster, const EngineOptions<S>& options,
                         const std::function<void(long taken, long of)>& progress = {}) {
  using Clock = std::chrono::steady_clock;
  const auto seconds_since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  const bool first = cluster.rank() == 0, in_memory = options.folder.empty();
  FoundUnits<S> units = options.resumed.units;
  std::vector<long> remaining;
  if (first) {
    if (!options.resumed.merged)
      for (long unit = 0; unit < sweep.units(); ++unit)
        if (!units.contains(unit)) remaining.push_back(unit);
    if (!in_memory) describe_sweep(options.folder, sweep);
  }
  cluster.share(remaining);

  std::mutex memory;
  const auto worker = [&](int thread) -> Worker {
    auto shared = std::make_shared<SharedDraws>();
    auto shard = std::make_shared<std::unique_ptr<RecordFile>>();  // made with the first unit
    return [&, thread, shared, shard](long unit) {
      const auto began = Clock::now();
      FoundUnit<S> one{sweep.run(unit, *shared), 0};
      one.seconds = seconds_since(began);
      if (!in_memory) {
        if (!*shard) *shard = std::make_unique<RecordFile>(new_shard(options.folder, cluster.rank(), thread));
        (*shard)->append(shard_line(sweep, unit, sweep.found_json(one.found), one.seconds));
      }
      const std::scoped_lock lock(memory);
      units.insert_or_assign(unit, std::move(one));
    };
  };
  const auto start = Clock::now();
  distribute_units(cluster, options.threads, remaining, worker, progress);
  SweepResult<S> result;
  result.wall_s = seconds_since(start);
  result.done_before = sweep.units() - static_cast<long>(remaining.size());
  if (!first) return result;

  if (options.resumed.merged) {
    result.merged = *options.resumed.merged;
  } else if (collect_from_all_ranks(sweep, cluster, options.folder, units)) {
    for (const long unit : remaining) result.unit_s += units.at(unit).seconds;
    std::vector<typename S::Found> found;
    for (const auto& [unit, one] : units) found.push_back(one.found);
    result.merged = {sweep.merge(found), sweep.conclusion(found)};
    if (!in_memory) write_merged(options.folder, sweep, units, result.merged);
  } else if (auto merged = read_merged(options.folder, sweep)) {
    // Where locks do nothing another job may have been at the same sweep, and through with it.
    result.merged = std::move(*merged);
  } else {
    throw std::runtime_error(std::to_string(sweep.units() - static_cast<long>(units.size())) +
                             " units are missing: do all machines see the folder?");
  }
  if (!in_memory) remove_shards(options.folder);  // or an earlier run did, up to a signal
  return result;
}

}  // namespace benign::sim

#include "sim/sweeps/engine.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace benign::sim {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Enough that neighbours share their draws, few enough that the last pieces leave no thread idle for long.
long piece_size(std::size_t units, const Cluster& cluster, int threads) {
  const long workers = static_cast<long>(cluster.size()) * threads;
  return std::clamp(static_cast<long>(units) / (workers * 32), 1L, 8L);
}

}  // namespace

SweepResult run_sweep(const Sweep& sweep, const Cluster& cluster, const EngineOptions& options,
                      const std::function<void(long, long)>& progress) {
  const bool first = cluster.rank() == 0, in_memory = options.folder.empty();
  FoundUnits units = options.resumed.units;
  std::vector<long> remaining;
  if (first) {
    if (!options.resumed.merged)
      for (long unit = 0; unit < sweep.units(); ++unit)
        if (!units.contains(unit)) remaining.push_back(unit);
    if (!in_memory) describe_sweep(options.folder, sweep);
  }
  cluster.share(remaining);

  // As many threads as were asked for, also where they are more than the processors.
  const tbb::global_control allowed(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(options.threads));
  SweepResult result;
  result.done_before = sweep.units() - static_cast<long>(remaining.size());
  const auto start = Clock::now();
  std::mutex memory;
  std::atomic<bool> failed = false;
  cluster.distribute(
      remaining, piece_size(remaining.size(), cluster, options.threads),
      [&](const auto& next) {
        const auto worker = [&](int k) {
          std::unique_ptr<RecordFile> shard;
          SharedDraws shared;
          for (auto piece = next(); !piece.empty() && !failed; piece = next())
            for (const long unit : piece) {
              if (failed) return;
              const auto began = Clock::now();
              // What a unit waits for inside must not bring in another unit.
              const Json found = tbb::this_task_arena::isolate([&] { return sweep.run(unit, shared); });
              const double seconds = seconds_since(began);
              if (in_memory) {
                const std::scoped_lock lock(memory);
                units[unit] = {found, seconds};
              } else {
                if (!shard) shard = std::make_unique<RecordFile>(new_shard(options.folder, cluster.rank(), k));
                shard->append(shard_line(sweep, unit, found, seconds));
              }
            }
        };
        tbb::task_arena arena(options.threads);
        arena.execute([&] {
          tbb::parallel_for(
              0, options.threads,
              [&](int k) {
                try {
                  worker(k);
                } catch (...) {
                  failed = true;
                  throw;
                }
              },
              tbb::simple_partitioner());
        });
      },
      [&](long taken) {
        if (progress) progress(taken, static_cast<long>(remaining.size()));
      });
  cluster.wait();
  result.wall_s = seconds_since(start);
  if (!first) return result;

  if (in_memory) {
    std::vector<Json> found;
    for (const auto& [unit, one] : units) found.push_back(one.found), result.unit_s += one.seconds;
    result.lines = sweep.merge(found);
    result.conclusion = sweep.conclusion(found);
    return result;
  }
  if (!options.resumed.merged) {
    units = read_shards(options.folder, sweep);
    if (static_cast<long>(units.size()) < sweep.units())
      throw std::runtime_error(std::to_string(sweep.units() - static_cast<long>(units.size())) +
                               " units are missing: do all machines see the folder?");
    for (const long unit : remaining) result.unit_s += units[unit].seconds;
    merge_shards(options.folder, sweep, units);
  }
  remove_shards(options.folder);  // or an earlier run did, up to a signal
  result.lines = merged_lines(options.folder, sweep);
  result.conclusion = read_conclusion(options.folder);
  return result;
}

}  // namespace benign::sim

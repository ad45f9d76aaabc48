#include "sim/sweeps/engine.hpp"

#include <atomic>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace benign::sim {
namespace {

/// Enough that neighbours share their draws, few enough that the last pieces leave no thread idle for long.
long piece_size(std::size_t units, const Cluster& cluster, int threads) {
  const long workers = static_cast<long>(cluster.size()) * threads;
  return std::clamp(static_cast<long>(units) / (workers * 32), 1L, 8L);
}

}  // namespace

void distribute_units(const Cluster& cluster, int threads, const std::vector<long>& units,
                      const std::function<Worker(int)>& worker, const std::function<void(long, long)>& progress) {
  // As many threads as were asked for, also where they are more than the processors.
  const tbb::global_control allowed(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
  std::atomic<bool> failed = false;
  const auto work = [&](const auto& next) {
    const auto one_thread = [&](int k) {
      try {
        const Worker work = worker(k);
        for (auto piece = next(); !piece.empty() && !failed; piece = next())
          for (const long unit : piece) {
            if (failed) return;
            // What a unit waits for inside must not bring in another unit.
            tbb::this_task_arena::isolate([&] { work(unit); });
          }
      } catch (...) {
        failed = true;
        throw;
      }
    };
    tbb::task_arena arena(threads);
    arena.execute([&] { tbb::parallel_for(0, threads, one_thread, tbb::simple_partitioner()); });
  };
  cluster.distribute(units, piece_size(units.size(), cluster, threads), work, [&](long taken) {
    if (progress) progress(taken, static_cast<long>(units.size()));
  });
  cluster.wait();
}

}  // namespace benign::sim

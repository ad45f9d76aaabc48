#pragma once
// Loops in parallel whose progress somebody may watch.

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace benign::proofs {

/// Is told what is being done, how many parts of it are, and of how many: 0 as it begins, and done = total ends it. Called by one thread at
/// a time for each loop; empty where nobody watches.
using Watch = std::function<void(const std::string& what, long done, long total)>;

/// f(0), …, f(count − 1) in parallel, begun in this order.
template <class F>
void for_each_in_order(long count, F f) {
  std::atomic<long> next = 0;
  tbb::parallel_for(0, tbb::this_task_arena::max_concurrency(), [&](int) {
    for (long k = next++; k < count; k = next++) f(k);
  });
}

/// f(0), …, f(count − 1) in parallel.
template <class F>
void for_each_in_parallel(const Watch& watch, const std::string& what, long count, F f) {
  std::mutex watching;
  long finished = 0;
  if (watch && count > 0) watch(what, 0, count);  // the time that parts take counts from here
  tbb::parallel_for(0L, count, [&](long k) {
    f(k);
    const std::scoped_lock lock(watching);
    ++finished;
    if (watch) watch(what, finished, count);
  });
}

}  // namespace benign::proofs

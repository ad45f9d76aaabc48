#pragma once
// A bar on standard error while long work goes on, when standard error is a terminal.

#include <chrono>
#include <mutex>
#include <string>
#include <tbb/parallel_for.h>

namespace benign::proofs {

class Progress {
 public:
  Progress(std::string what, long total);
  ~Progress();  ///< clears the line

  /// Draws at most ten times a second, and nothing in the first half second.
  void show(long done);

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  long total_;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now(), next_;
};

/// f(0), …, f(count − 1) in parallel, with a bar.
template <class F>
void for_each_in_parallel(const std::string& what, long count, F f) {
  Progress progress(what, count);
  std::mutex drawing;
  long finished = 0;
  tbb::parallel_for(0L, count, [&](long k) {
    f(k);
    const std::scoped_lock lock(drawing);
    progress.show(++finished);
  });
}

}  // namespace benign::proofs

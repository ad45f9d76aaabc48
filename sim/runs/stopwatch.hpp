#pragma once
// Where the time of a training goes, and the loop that says so.

#include "sim/routes/training.hpp"

#include <chrono>
#include <functional>

namespace benign::sim {

/// Wall time: what is drawn and reduced (0 where it was given); training; looking, most of it the test error.
struct Times {
  double setup_s = 0, run_s = 0, test_s = 0;
};

/// Adds the time since the last lap to one of the shares.
class Stopwatch {
 public:
  void lap(double& share) {
    const auto now = std::chrono::steady_clock::now();
    share += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// Trains, with `look(k)` at the parts that `every` picks (looked_at), and tells `progress` of every part done.
/// `watch` runs since the last lap before: its time is the training's.
template <class TheMethod, class Look>
void train_timed(TheMethod& method, long parts, long every, const Look& look, const std::function<void(long)>& progress,
                 Stopwatch& watch, Times& times) {
  train(method, parts, [&](long k) {
    if (looked_at(k, parts, every)) {
      watch.lap(times.run_s);
      look(k);
      watch.lap(times.test_s);
    }
    if (progress) progress(k);
  });
  watch.lap(times.run_s);
}

}  // namespace benign::sim

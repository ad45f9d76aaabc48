#pragma once
// A run kept in memory: what is seen at every moment, as numbers of double or as texts with all digits.

#include "sim/runs/records.hpp"

#include <memory>
#include <string>
#include <vector>

namespace benign::proofs {

/// Numbers of all moments, one after another; NaN where something is not known.
struct Numbers {
  std::vector<long> shape;  ///< moments; moments, n; or moments, n, T
  std::vector<double> values;
};

class RecordedRun {
 public:
  virtual ~RecordedRun() = default;
  virtual Numbers numbers(const std::string& name) const = 0;
  /// The same with all the digits of the run's precision.
  virtual std::vector<std::string> digits(const std::string& name) const = 0;

  sim::Json result;                 ///< what `simulate --json` prints
  std::vector<int> label, flipped;  ///< training labels Y = ±1, or classes; 1 where it is not Y*
};

/// The names that numbers() and digits() know.
std::vector<std::string> series_names();

/// Trains as `simulate` does; with every = 0 two hundred moments and the last are kept. Throws Interrupted on Ctrl-C.
std::unique_ptr<RecordedRun> record_run(sim::RunConfig config, long every);

}  // namespace benign::proofs

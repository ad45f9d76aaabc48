#pragma once
// What checks run their experiments with. Results that several checks ask for are computed once.

#include "sim/run_config.hpp"
#include "sim/simulate.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace benign::proofs {

/// A sample mean and the half-width of its confidence interval.
struct Mean {
  double value = 0;
  double half_width = 0;  ///< infinite for fewer than two values
  double deviation = 0;   ///< standard deviation of the values
  double smallest = 0, largest = 0;
};

/// Student's interval at 99.8% for the mean of independent values: at 99% for the at most five looks that raising the
/// number of seeds takes (Bonferroni).
Mean mean_of(const std::vector<double>& values);

class Laboratory {
 public:
  sim::RunConfig config;  ///< what the user asked about
  long seeds = 40;        ///< of a study, counted up from config.seed
  double delta = 0.01;
  std::map<std::string, double> constants;  ///< C by check id, where not 1

  double constant(const std::string& id) const;

  /// Descent in double, by the default route, from seeds seed, …, seed + seeds − 1 in `setting`, in parallel over
  /// seeds; the same bits on any number of threads.
  const std::vector<sim::Result<double>>& study(sim::RunConfig setting) const;

  /// Calls f(std::type_identity<Real>{}) with the Real of the configuration.
  template <class F>
  decltype(auto) in_precision(F&& f) const {
    return with_precision(config.precision, std::forward<F>(f));
  }

 private:
  mutable std::map<std::string, std::vector<sim::Result<double>>> studies_;
};

}  // namespace benign::proofs

#pragma once
// What checks run their experiments with. Results that several checks ask for are computed once.

#include "sim/trajectory.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace benign::proofs {

class Laboratory {
 public:
  Laboratory();

  sim::RunConfig config;  ///< what the user asked about
  long seeds = 40;        ///< of a study, counted up from config.seed
  double delta = 0.01;
  std::map<std::string, double> constants;  ///< C by check id, where the user gave one

  double constant(const std::string& id, double otherwise) const;

  /// The configuration's own run in double, by the default route.
  const sim::Trajectory& trajectory() const { return trajectory(config); }
  /// A like run of another configuration. Computed once, by whoever asks first; others help meanwhile.
  const sim::Trajectory& trajectory(sim::RunConfig setting) const;

  /// Descent in double, by the default route, from seeds seed, …, seed + seeds − 1 in `setting`, in parallel over
  /// seeds; the same bits on any number of threads. Not to be called by two threads at once.
  std::span<const sim::Result<double>> study(sim::RunConfig setting) const;

  /// Calls f(std::type_identity<Real>{}) with the Real of the configuration.
  template <class F>
  decltype(auto) in_precision(F&& f) const {
    return with_precision(config.precision, std::forward<F>(f));
  }

 private:
  struct Archive;

  std::shared_ptr<Archive> archive_;  // of all that was computed; copies share it
};

}  // namespace benign::proofs

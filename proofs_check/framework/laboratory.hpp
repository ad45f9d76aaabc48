#pragma once
// What checks run their experiments with. Results that several checks ask for are computed once.

#include "proofs_check/framework/parallel.hpp"
#include "sim/runs/trajectory.hpp"

#include <any>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tbb/collaborative_call_once.h>
#include <vector>

namespace benign::proofs {

class Laboratory {
 public:
  Laboratory();

  sim::RunConfig config;  ///< what the user asked about
  long seeds = 40;        ///< of a study, counted up from config.seed
  double delta = 0.01;
  Watch watch;                                       ///< of long loops
  std::map<std::string, theory::Decimal> constants;  ///< C by check id, where the user gave one

  double constant(const std::string& id, double otherwise) const;
  /// The same as it was written: 0.1 is one tenth.
  theory::Decimal exact_constant(const std::string& id, const theory::Decimal& otherwise) const;
  void set_constant(const std::string& id, const char* C) { constants.insert_or_assign(id, theory::Decimal(C)); }

  /// What `make` returns, computed once for each key by whoever asks first; others help meanwhile.
  template <class Made, class Make>
  const Made& once(const std::string& key, Make make) const {
    Shared& shared = shared_for(key);
    // Not a mutex: a thread that waits for one inside a parallel loop may hold up the very loop that it waits for.
    tbb::collaborative_call_once(shared.flag, [&] { shared.made.emplace<Made>(make()); });
    return *std::any_cast<Made>(&shared.made);
  }

  /// Whether the inner products of some draw have been formed.
  bool has_drawn() const;

  /// A run of `setting`. Its inner products are formed once for all runs of one draw in one precision.
  template <class Real>
  sim::Run<Real> run(const sim::RunConfig& setting, sim::QNorm q_norm = sim::QNorm::needed) const;

  /// The configuration's own run in double, by the default route, its test error over the population; a like run of
  /// another configuration.
  const sim::Trajectory& trajectory() const { return trajectory(config); }
  const sim::Trajectory& trajectory(sim::RunConfig setting) const;

  /// The configuration's own run, where some check has asked for it; null where none has.
  const sim::Trajectory* own_run() const;

  /// Descent in double, by the default route, from seeds seed, …, seed + seeds − 1 in `setting`, in parallel over
  /// seeds; the same bits on any number of threads. Not to be called by two threads at once.
  std::span<const sim::Result<double>> study(sim::RunConfig setting) const;

  /// Calls f(std::type_identity<Real>{}) with the Real of the configuration.
  template <class F>
  decltype(auto) in_precision(F&& f) const {
    return with_precision(config.precision, std::forward<F>(f));
  }

 private:
  struct Shared {
    tbb::collaborative_once_flag flag;
    std::any made;
  };
  struct Archive;

  Shared& shared_for(const std::string& key) const;

  std::shared_ptr<Archive> archive_;  // of all that was computed; copies share it
};

}  // namespace benign::proofs

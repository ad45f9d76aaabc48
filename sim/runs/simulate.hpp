#pragma once
// One training run from its configuration: draw, reduce, train, observe.

#include "sim/models/model.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/observation.hpp"
#include "sim/runs/run_config.hpp"
#include "sim/runs/stopwatch.hpp"

#include <functional>

namespace benign::sim {

/// First crossings along a flow, in log s: nothing where not reached within the horizon, −∞ where true from the start.
template <class Real>
struct Events {
  std::optional<Real> fit;        ///< all training labels predicted right
  std::optional<Real> gap;        ///< both μ₊·q and μ₋·q reach log T
  std::optional<Real> half_loss;  ///< test loss half way from its start to its floor log(1 + e^{−γ})
  std::optional<Real> memorised;  ///< all flipped labels predicted right
};

template <class Real>
struct Result : Times {
  Observation<Real> last;
  Events<Real> events;  ///< empty for descent
};

/// Where a run ends, in u = log(1 + s): a flow's horizon, or the time α · steps of a descent, that over 1 − β with
/// momentum; to double's digits where a schedule makes it a sum. (Of normalised descent it is no time: that has to be run.)
template <class Real>
Real horizon(const RunConfig& config);

/// The model that a configuration names.
const Model& model_of(const RunConfig& config);

/// An instance reduced for one route.
template <class Real>
class Run {
 public:
  /// Throws std::bad_alloc where memory ends.
  explicit Run(const RunConfig& config, QNorm q_norm = QNorm::needed);
  /// The same numbers, with what earlier runs have drawn.
  Run(const RunConfig& config, QNorm q_norm, SharedDraws& shared);
  /// The same numbers, over the inner products that a run of the same draw has formed with QNorm::needed.
  Run(const RunConfig& config, QNorm q_norm, Frame<Real> frame);

  /// The same run over another frame, for a question of how much the frame's own errors matter.
  Run with_frame(Frame<Real> frame) const { return {*this, std::move(frame)}; }

  const RunConfig& config() const { return config_; }
  const Model& model() const { return model_; }
  const Instance& instance() const { return instance_; }
  const Frame<Real>& frame() const { return frame_; }  ///< of a `direct` or `limit` run: samples and scales only
  const Route<Real>& route() const { return *route_; }

  /// Everything but the time and the test error.
  Observation<Real> observe(const Vector<Real>& state) const;
  /// Nothing where ‖q‖² is not known, or the test error is left out.
  std::optional<TestError> test(const Vector<Real>& state) const;
  /// Its loss, where test() has one.
  double test_loss(const Vector<Real>& state) const;

 private:
  Run(const Run& other, Frame<Real> frame);
  Training training() const { return {instance_, config_.route, config_.train}; }

  RunConfig config_;
  const Model& model_;
  Instance instance_;
  Frame<Real> frame_;
  std::unique_ptr<Route<Real>> route_;
  bool sees_population_;  ///< what the route reads tells the test error
};

/// Whether what is seen along a run has its test error, which costs more than a step.
enum class TestErrors { seen, left_out };

/// Trains, and calls `seen` at parts 0, every, 2·every, … and at the last; with every = 0 at the last alone. `parts` of
/// a flow are `steps` equal parts of its horizon, in τ or in log(1 + s). `progress` is told of the parts done;
/// `tolerance` is that of a flow.
template <class Real>
Result<Real> simulate(const Run<Real>& run, long every, const std::function<void(const Observation<Real>&)>& seen,
                      const std::function<void(long)>& progress = {}, double tolerance = default_tolerance<Real>(),
                      TestErrors tests = TestErrors::seen);

/// The same from the configuration.
template <class Real>
Result<Real> simulate(const RunConfig& config, long every, const std::function<void(const Observation<Real>&)>& seen,
                      const std::function<void(long)>& progress = {});

}  // namespace benign::sim

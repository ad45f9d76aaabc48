#pragma once
// The one loop that trains, and the method that it is given.
//
// A method takes a state from part k − 1 to part k: by a step of descent, along an equal part of a flow's horizon, or by
// a rule of its own. The loop knows neither routes nor time: whatever has `advance(k)` can be trained, in any Real.

#include "sim/routes/route.hpp"
#include "theory/numbers/elementary.hpp"

#include <type_traits>

namespace benign::sim {

/// Calls `look(k)` at part 0, where nothing has moved yet, and after each of the parts 1, …, `parts`. Where `look` has
/// an answer, false ends the training: nothing moves any more, and false is returned.
template <class TheMethod, class Look>
bool train(TheMethod& method, long parts, const Look& look) {
  for (long k = 0; k <= parts; ++k) {
    if (k > 0) method.advance(k);
    if constexpr (std::is_same_v<std::invoke_result_t<const Look&, long>, bool>) {
      if (!look(k)) return false;
    } else {
      look(k);
    }
  }
  return true;
}

/// Whether a part is looked at: 0, every, 2·every, … and the last; with every = 0 the last alone.
inline bool looked_at(long part, long parts, long every) { return part == parts || (every > 0 && part % every == 0); }

/// A time s = τ/τ₀, with its logarithm, which is known where s is no number any more; −∞ at the start.
template <class Real>
struct Time {
  Real s, log_s;
};

/// A method that moves a route's state from the route's start.
template <class Real>
class Method {
 public:
  virtual ~Method() = default;

  /// From part k − 1 to part k.
  virtual void advance(long k) = 0;
  /// At the present part. Who asks for nothing more may take it.
  virtual Vector<Real>& state() = 0;
  virtual Time<Real> time() const = 0;
};

/// Gradient descent: every part is one step of one length, by the route's own way to take it.
template <class Real>
class Descent final : public Method<Real> {
 public:
  Descent(const Route<Real>& route, Real step) : Descent(route, std::move(step), route.start()) {}
  Descent(const Route<Real>& route, Real step, Vector<Real> start)
      : step_(std::move(step)), descent_(route.descent(std::move(start))) {}

  void advance(long k) override {
    descent_->advance(step_);
    steps_ = k;
  }
  Vector<Real>& state() override { return descent_->state(); }
  Time<Real> time() const override {
    using elementary::log;
    const Real s = step_ * Real(steps_);
    return {s, log(s)};
  }

 private:
  const Real step_;
  const std::unique_ptr<Steps<Real>> descent_;
  long steps_ = 0;
};

/// The state of `route` after `steps` steps of descent, as flow_to has it for the flow.
template <class Real>
Vector<Real> descend_to(const Route<Real>& route, const Real& step, long steps) {
  Descent<Real> descent(route, step);
  train(descent, steps, [](long) {});
  return std::move(descent.state());
}

}  // namespace benign::sim

#pragma once
// The one loop that trains, and the method that it is given.
//
// A method takes a state from part k − 1 to part k: by a step of descent, along an equal part of a flow's horizon, or by
// a rule of its own. The loop knows neither routes nor time: whatever has `advance(k)` can be trained, in any Real.

#include "sim/routes/method_kind.hpp"
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

/// The lengths of steps 1, 2, … by a schedule, and the sum of those taken.
template <class Real>
class StepLengths {
 public:
  StepLengths(Real first, const StepSchedule& schedule)
      : first_(std::move(first)), kind_(schedule.kind), K_(schedule.K.as<Real>()) {}

  /// Of step k, the next one.
  Real take(long k) {
    using std::sqrt;
    if (kind_ == ScheduleKind::constant) {
      sum_ = first_ * Real(k);
      return first_;
    }
    const Real x = K_ / (K_ + Real(k - 1)), length = first_ * (kind_ == ScheduleKind::inverse_time ? x : Real(sqrt(x)));
    sum_ += length;
    return length;
  }
  const Real& sum() const { return sum_; }

 private:
  const Real first_;
  const ScheduleKind kind_;
  const Real K_;
  Real sum_{0};
};

/// Gradient descent: every part is one step, by the route's own way to take it.
template <class Real>
class Descent final : public Method<Real> {
 public:
  Descent(const Route<Real>& route, Real step, const StepSchedule& schedule = {})
      : Descent(route, std::move(step), route.start(), schedule) {}
  Descent(const Route<Real>& route, Real step, Vector<Real> start, const StepSchedule& schedule = {})
      : lengths_(std::move(step), schedule), descent_(route.descent(std::move(start))) {}

  void advance(long k) override { descent_->advance(lengths_.take(k)); }
  Vector<Real>& state() override { return descent_->state(); }
  Time<Real> time() const override {
    using elementary::log;
    return {lengths_.sum(), log(lengths_.sum())};
  }

 private:
  StepLengths<Real> lengths_;
  const std::unique_ptr<Steps<Real>> descent_;
};

/// The state of `route` after `steps` steps of descent, as flow_to has it for the flow.
template <class Real>
Vector<Real> descend_to(const Route<Real>& route, const Real& step, long steps) {
  Descent<Real> descent(route, step);
  train(descent, steps, [](long) {});
  return std::move(descent.state());
}

}  // namespace benign::sim

#pragma once
// The method that a run's configuration asks for.

#include "sim/routes/methods.hpp"
#include "sim/runs/simulate.hpp"

namespace benign::sim {

/// Is told of every step that a flow's integrator has taken, and of the horizon in u.
template <class Real>
using Stepped = std::function<void(const Flow<Real>&, const Real& end)>;

/// Steps by the configuration's method; or its flow, whose parts are `steps` equal ones of the horizon, in τ or in
/// log(1 + s). `tolerance` and `stepped` are the flow's. The run must outlive the method.
template <class Real>
std::unique_ptr<Method<Real>> make_method(const Run<Real>& run, double tolerance = default_tolerance<Real>(),
                                          Stepped<Real> stepped = {});

/// What the run gives a method of steps.
template <class Real>
MethodOver<Real> steps_over(const Run<Real>& run);

/// The plain descent by the step of the run's configuration, whatever its method.
template <class Real>
Descent<Real> descent(const Run<Real>& run) {
  return {run.route(), run.frame().scales.step};
}

/// The state after `steps` steps of it.
template <class Real>
Vector<Real> descend_to(const Run<Real>& run, long steps) {
  return descend_to(run.route(), run.frame().scales.step, steps);
}

}  // namespace benign::sim

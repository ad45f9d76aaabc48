#pragma once
// Gradient flow by Bulirsch–Stoer extrapolation of variable order and step (Boost.Odeint), with dense output.
//
// The variable is u = log(1 + s), s = τ/τ₀: near the start it is s itself, late it is log s. Runs of any length take
// few steps in it, and because the gain du → ds enters the gradient as a logarithm, no time is too late for a double.

#include "sim/route.hpp"

#include <functional>
#include <memory>

namespace benign::sim {

/// u = log(1 + s) and back, and log s = log(e^u − 1).
template <class Real>
Real u_of_s(const Real& s);
template <class Real>
Real u_of_log_s(const Real& log_s);
template <class Real>
Real log_s_of_u(const Real& u);

/// The tolerance, relative and absolute in natural units, that a Real deserves: ε^{3/4}, 2e-12 in double.
template <class Real>
double default_tolerance();

template <class Real>
class Flow {
 public:
  /// Writes d state / du at (state, u).
  using Derivative = std::function<void(const Vector<Real>& state, Vector<Real>& derivative, const Real& u)>;

  Flow(Derivative derivative, const Vector<Real>& start, double tolerance);
  ~Flow();

  /// One accepted step from `from()` to `to()`. Throws std::runtime_error if no step is short enough.
  void step();
  Real from() const;
  Real to() const;

  /// The state at any u between `from()` and `to()`.
  Vector<Real> at(const Real& u) const;

 private:
  struct Stepper;
  Derivative derivative_;
  std::unique_ptr<Stepper> stepper_;
};

/// The flow of a route from its start.
template <class Real>
Flow<Real> make_flow(const Route<Real>& route, double tolerance);

/// The state of `route`'s flow at u.
template <class Real>
Vector<Real> flow_to(const Route<Real>& route, const Real& u, double tolerance);

}  // namespace benign::sim

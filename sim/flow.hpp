#pragma once
// Gradient flow by extrapolation of variable order and step (Gragg, Bulirsch and Stoer).
//
// The variable is u = log(1 + s), s = τ/τ₀: near the start it is s itself, late it is log s. Runs of any length take
// few steps in it, and because the gain du → ds enters the gradient as a logarithm, no time is too late for a double.
//
// The order grows with the digits that are asked for, without the bound of 16 that Boost.Odeint's Bulirsch–Stoer
// stepper has: at 50 digits that is the difference between minutes and seconds.

#include "sim/route.hpp"

#include <functional>

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

  Flow(Derivative derivative, Vector<Real> start, double tolerance);

  /// One accepted step from `from()` to `to()`. Throws std::runtime_error if no step is short enough.
  void step();
  const Real& from() const { return from_; }
  const Real& to() const { return to_; }

  /// The state at any u between `from()` and `to()`: inside, by a shorter step of the same order, as accurate as the
  /// step itself and at the same cost.
  Vector<Real> at(const Real& u) const;

 private:
  struct Attempt;
  Attempt attempt(double length, int rows) const;

  Derivative derivative_;
  double tolerance_;
  int order_;      // rows of the extrapolation table that the next step aims at
  double length_;  // of the next step
  int rows_ = 0;   // of the last step
  Real from_{0}, to_{0};
  Vector<Real> before_, state_, slope_before_, slope_;
};

/// The flow of a route from its start.
template <class Real>
Flow<Real> make_flow(const Route<Real>& route, double tolerance);

/// The state of `route`'s flow at u.
template <class Real>
Vector<Real> flow_to(const Route<Real>& route, const Real& u, double tolerance);

/// The same with E = ∫ ‖∇L‖² dτ as one more, last, component; τ = τ₀(e^u − 1) must be a number of Real.
template <class Real>
Vector<Real> flow_with_energy(const Route<Real>& route, const Real& tau0, const Real& u, double tolerance);

}  // namespace benign::sim

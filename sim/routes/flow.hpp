#pragma once
// Gradient flow: explicit extrapolation where it is not stiff, collocation where it is.
//
// The variable is u = log(1 + s), s = τ/τ₀: near the start it is s itself, late it is log s. Runs of any length take
// few steps in it, and because the gain du → ds enters the gradient as a logarithm, no time is too late for a double.
//
// The stiffness is λ, the norm of the StiffEquation's coupling: the rate in u at which the signal directions answer to
// themselves. Explicit steps cannot be much longer than 5/λ, whatever the tolerance; a step of collocation costs about
// twice as much as one of extrapolation, and its length does not know λ. So the method is chosen anew before
// every step, a function of the state alone but for a margin against switching to and fro.

#include "sim/integrators/collocation.hpp"
#include "sim/integrators/extrapolation.hpp"
#include "sim/routes/route.hpp"

#include <optional>

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
  using Derivative = typename Extrapolation<Real>::Derivative;

  /// From `start` at u = 0. `stiff` describes the same equation, and must outlive the flow; null makes every step
  /// explicit.
  Flow(Derivative derivative, const StiffEquation<Real>* stiff, Vector<Real> start, double tolerance);

  /// One accepted step from `from()` to `to()`. Throws std::runtime_error if no step is short enough.
  void step();
  /// Steps until `to()` is at u or beyond, and calls `each()` after every one.
  template <class Each>
  void reach(const Real& u, const Each& each) {
    while (sign_of<Real>(u - to()) == Sign::positive) step(), each();
  }
  const Real& from() const { return implicit() ? collocation_->from() : extrapolation_.from(); }
  const Real& to() const { return implicit() ? collocation_->to() : extrapolation_.to(); }

  /// The state at any u between `from()` and `to()`, as accurate as the step; after an explicit step at its cost.
  Vector<Real> at(const Real& u) const { return implicit() ? collocation_->at(u) : extrapolation_.at(u); }

  bool implicit() const { return implicit_; }  ///< whether the last step was
  long evaluations() const;                    ///< of the right-hand side, in steps so far

 private:
  double stiffness() const;

  const StiffEquation<Real>* stiff_;
  Extrapolation<Real> extrapolation_;
  std::optional<Collocation<Real>> collocation_;
  bool implicit_ = false;
};

enum class Stepping { automatic, explicit_only };

/// The flow of a route from its start.
template <class Real>
Flow<Real> make_flow(const Route<Real>& route, double tolerance, Stepping stepping = Stepping::automatic);

/// The state of `route`'s flow at u.
template <class Real>
Vector<Real> flow_to(const Route<Real>& route, const Real& u, double tolerance);

/// The same with E = ∫ ‖∇L‖² dτ as one more, last, component; τ = τ₀(e^u − 1) must be a number of Real.
template <class Real>
Vector<Real> flow_with_energy(const Route<Real>& route, const Real& tau0, const Real& u, double tolerance);

}  // namespace benign::sim

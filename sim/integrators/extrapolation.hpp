#pragma once
// Integration by extrapolation of variable order and step (Gragg, Bulirsch and Stoer): explicit.
//
// The order grows with the digits that are asked for, without the bound of 16 that Boost.Odeint's Bulirsch–Stoer
// stepper has: at 50 digits that is the difference between minutes and seconds.

#include "sim/integrators/stiff_equation.hpp"

#include <functional>

namespace benign::sim {

template <class Real>
class Extrapolation {
 public:
  /// Writes dx/du at (x, u).
  using Derivative = std::function<void(const Vector<Real>& state, Vector<Real>& derivative, const Real& u)>;

  /// `tolerance` is relative and absolute. `factored` describes the same equation, must outlive this, and has its rate:
  /// a step then takes factors of Φ and no flat states (factored_step.hpp).
  Extrapolation(Derivative derivative, double tolerance, const StiffEquation<Real>* factored = nullptr);

  /// Starts anew at (state, u) with a step of about `length`.
  void start(Vector<Real> state, const Real& u, double length);

  /// One accepted step from `from()` to `to()`. Throws std::runtime_error if no step is short enough.
  void step();
  const Real& from() const { return from_; }
  const Real& to() const { return to_; }
  const Vector<Real>& state() const { return state_; }
  double next_length() const { return length_; }
  long evaluations() const { return evaluations_; }

  /// The state at any u between `from()` and `to()`: inside, by a shorter step of the same order, as accurate as the
  /// step itself and at the same cost.
  Vector<Real> at(const Real& u) const;

 private:
  struct Attempt;
  class FlatStep;
  /// The right-hand side at a step's end: of a flat state, or in parts.
  struct Slope {
    Vector<Real> flat;
    typename StiffEquation<Real>::Rate rate;
  };
  Slope slope_at(const Vector<Real>& state, const Real& u);
  Attempt attempt(double length, int rows);
  template <class Step>
  Attempt attempt(Step step, double length, int rows);
  template <class Step>
  Vector<Real> end_of(Step step, const Real& length) const;

  Derivative derivative_;
  double tolerance_;
  const StiffEquation<Real>* factored_;
  int order_;          // rows of the extrapolation table that the next step aims at
  double length_ = 0;  // of the next step
  int rows_ = 0;       // of the last step
  Real from_{0}, to_{0};
  Vector<Real> before_, state_;
  Slope slope_before_, slope_;
  long evaluations_ = 0;
};

}  // namespace benign::sim

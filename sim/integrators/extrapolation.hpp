#pragma once
// Integration by extrapolation of variable order and step (Gragg, Bulirsch and Stoer): explicit.
//
// The order grows with the digits that are asked for, without the bound of 16 that Boost.Odeint's Bulirsch–Stoer
// stepper has: at 50 digits that is the difference between minutes and seconds.

#include "theory/numbers/real.hpp"

#include <functional>

namespace benign::sim {

template <class Real>
class Extrapolation {
 public:
  /// Writes dx/du at (x, u).
  using Derivative = std::function<void(const Vector<Real>& state, Vector<Real>& derivative, const Real& u)>;

  /// `tolerance` is relative and absolute.
  Extrapolation(Derivative derivative, double tolerance);

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
  Attempt attempt(double length, int rows);

  Derivative derivative_;
  double tolerance_;
  int order_;          // rows of the extrapolation table that the next step aims at
  double length_ = 0;  // of the next step
  int rows_ = 0;       // of the last step
  Real from_{0}, to_{0};
  Vector<Real> before_, state_, slope_before_, slope_;
  long evaluations_ = 0;
};

}  // namespace benign::sim

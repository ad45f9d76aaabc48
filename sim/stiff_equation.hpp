#pragma once
// An equation dx/du = f(x, u) whose stiffness goes through a few numbers: what an implicit method has to know of it.
//
// There are r functions P(x) of the state, and all that is fast in f is its answer to them: the Jacobian is
//
//     ∂f/∂x ≈ E L,   L = ∂P/∂x of shape (r, size), E the answer of the rate to P of shape (size, r),
//
// plus what an explicit iteration can carry. For the flow of a route P are the two logits of the probes μ₊ and μ₋: a
// step of u moves them nSNR² times as far as any noise, and they move the logits of all tokens (THEORY section 3).

#include "theory/real.hpp"

namespace benign::sim {

template <class Real>
class StiffEquation {
 public:
  /// All that is known at one (state, u).
  struct Stage {
    Vector<Real> rate;      ///< f(x, u)
    Matrix<Real> coupling;  ///< −L E, of shape (r, r), up to what `frozen` leaves out: its size is the stiffness
    Matrix<Real> drive;     ///< what the equation needs to apply E; of r columns
    Vector<Real> memo;      ///< what it needs to apply L
  };

  virtual ~StiffEquation() = default;

  /// What costs too much for every stage, taken once a step.
  virtual Matrix<Real> frozen(const Vector<Real>& state) const = 0;
  virtual Stage stage(const Vector<Real>& state, const Real& u, const Matrix<Real>& frozen) const = 0;

  /// L · direction, length r.
  virtual Vector<Real> response(const Vector<Real>& state, const Stage& stage, const Vector<Real>& direction) const = 0;

  /// E · shift, for a shift of P of length r.
  virtual Vector<Real> answer(const Vector<Real>& state, const Stage& stage, const Vector<Real>& shift) const = 0;
};

}  // namespace benign::sim

#pragma once
// An equation dx/du = f(x, u) whose stiffness goes through a few numbers: what an implicit method has to know of it
// (THEORY section 3.6). There are r functions P(x) of the state, and all that is fast in f is its answer to them,
//
//     ∂f/∂x ≈ E L,   L = ∂P/∂x of shape (r, size), E the answer of the rate to P of shape (size, r),
//
// plus what an explicit iteration can carry. For the flow of a route P are the two logits of the probes μ₊ and μ₋.
//
// A state is a core y, short, and a matrix Φ that moves by outer products, dΦ/du = l rᵀ, so that a step of s stages
// moves it by a matrix of rank s and only the end of a step has to write it.

#include "sim/linear/moved_matrix.hpp"

namespace benign::sim {

template <class Real>
class StiffEquation {
 public:
  /// Where Φ, column-major, lies in the flat vector of a state; the rest is y, in order.
  struct Shape {
    Index offset, rows, cols;
  };
  struct Point {
    Vector<Real> core;
    MovedMatrix<Real> matrix;
  };
  struct Rate {
    Vector<Real> core, left, right;  ///< dy/du; l and r of dΦ/du = l rᵀ
  };
  /// All that is known at one (state, u).
  struct Stage {
    Rate rate;              ///< f(x, u)
    Matrix<Real> coupling;  ///< −L E, of shape (r, r), up to what `frozen` leaves out: its size is the stiffness
    Matrix<Real> drive;     ///< what the equation needs to apply E
    Vector<Real> memo;      ///< what it needs to apply L
  };

  virtual ~StiffEquation() = default;
  /// Whether `rate`, which is f(x, u) alone, costs less than by a flat state.
  virtual bool has_rate() const { return false; }
  virtual Rate rate(const Point& x, const Real& u) const { return stage(x, u, frozen(x)).rate; }
  virtual Shape shape() const = 0;

  /// What costs too much for every stage, taken once a step.
  virtual Matrix<Real> frozen(const Point& x) const = 0;
  virtual Stage stage(const Point& x, const Real& u, const Matrix<Real>& frozen) const = 0;

  /// L · direction, length r.
  virtual Vector<Real> response(const Point& x, const Stage& stage, const Point& direction) const = 0;

  /// E · shift, for a shift of P of length r: what it adds to dy/du and to l; r does not answer.
  virtual Rate answer(const Point& x, const Stage& stage, const Vector<Real>& shift) const = 0;

  /// The point that a flat state is; it keeps a pointer into the state.
  Point point(const Vector<Real>& state) const {
    const auto [offset, rows, cols] = shape();
    const Index after = state.size() - offset - rows * cols;
    Point x{Vector<Real>(offset + after), {state.data() + offset, rows, cols}};
    x.core << state.head(offset), state.tail(after);
    return x;
  }
  Vector<Real> state(const Point& x) const {
    const auto [offset, rows, cols] = shape();
    const Index size = rows * cols, after = x.core.size() - offset;
    Vector<Real> state = Vector<Real>::Zero(offset + size + after);
    state.head(offset) = x.core.head(offset);
    if (x.matrix.base) state.segment(offset, size) = Eigen::Map<const Vector<Real>>(x.matrix.base, size);
    x.matrix.add_terms_to(state.data() + offset);
    state.tail(after) = x.core.tail(after);
    return state;
  }
};

}  // namespace benign::sim

#pragma once
// Collocation at many Radau points with an iteration that is implicit in the stiff directions alone. On a step of
// length h from x₀ the polynomial X with X′ = f at the points u + c_i h solves X = x₀ + hA f(X). With R = x₀ + hA
// f(X) − X,
//
//     ρ_i = L R_i,    η_i + h Σ_j A_ij coupling_j η_j = ρ_i,    X_i ← X_i + R_i + h Σ_j A_ij E_j η_j
//
// is Newton's correction for the Jacobian E L of a StiffEquation: r·s numbers, whatever the size of the state. An
// approximate E or L costs iterations, never accuracy. THEORY section 3.6, also why no linearly implicit rule is taken.
//
// A step's stages are cores and the factors of Φ's outer products; Φ itself is written once, at the end of the step.
// The error is read off the Legendre series of X′, which is the dense output too, as accurate as the step.

#include "sim/integrators/radau.hpp"
#include "sim/integrators/stiff_equation.hpp"

#include <optional>

namespace benign::sim {

template <class Real>
class Collocation {
 public:
  /// `equation` must outlive it. `tolerance`, relative and absolute, decides the number of stages.
  Collocation(const StiffEquation<Real>& equation, double tolerance);

  /// Starts anew at (state, u) with a step of about `length`.
  void start(Vector<Real> state, const Real& u, double length);

  /// One accepted step from `from()` to `to()`. Throws std::runtime_error if no step is short enough.
  ///
  /// A step may be shorter than the spacing of u: when noisy samples pull the relevant token down, the fall from
  /// attention e^{−u} speeds itself up and ends on a scale of 1 in s, e^{−u} in u. The state moves then, and u stands.
  void step();
  const Real& from() const { return from_; }
  const Real& to() const { return to_; }
  const Vector<Real>& state() const { return state_; }
  double next_length() const { return length_; }
  long evaluations() const { return evaluations_; }

  /// The state at any u between `from()` and `to()`.
  Vector<Real> at(const Real& u) const;

 private:
  using Point = typename StiffEquation<Real>::Point;
  using Stage = typename StiffEquation<Real>::Stage;

  /// One column a stage, or, as a series, a Legendre polynomial: cores, and the factors of Φ′ = l rᵀ.
  struct Columns {
    Matrix<Real> core, left, right;
  };
  Columns predict(const Point& x0, double length) const;
  int solve(const Point& x0, Columns& X, Matrix<Real>& core_rates, double length);
  Point point(const Columns& X, Index i, const Matrix<Real>& weights) const;
  Point start_point();

  const StiffEquation<Real>& equation_;
  double tolerance_;
  Radau<Real> radau_;
  double length_ = 0;       // of the next step
  double last_length_ = 0;  // of the last one; to_ − from_ is this rounded, even to 0: see `step`
  Real from_{0}, to_{0};
  Vector<Real> before_, state_;
  std::optional<PreparedMatrix<Real>> base_;  // Φ of state_, during a step
  Columns rates_;                             // core: y′ at the stages of the last step; no columns before the first
  Columns series_;                            // of the same
  long evaluations_ = 0;
};

}  // namespace benign::sim

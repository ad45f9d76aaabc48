#pragma once
// The data of a family of runs to first order in the parameter that moves: with X(t) = X₀ + tr, t ∈ [−1, 1], the ‖μ‖, ρ or α of
// a member, its inner products and values are at + t slope, where `at` is as wide as what is of second order
// (THEORY section 6.1).
//
// Inner products are polynomials of degree 2 in ‖μ‖ and in ρ, values are a + b/‖μ‖ and of degree 1 in ρ, and the step is linear in α, so
// that three places of the range tell all of them:
//
//     f(t) = f(0) + t (f(1) − f(−1))/2 + rest,   |rest| ≤ |f(1) + f(−1) − 2f(0)|/2.

#include "sim/enclosures/enclosed_run.hpp"

namespace benign::sim {

/// What a step of descent needs, in natural units.
struct StepData {
  Matrix<Enclosure> K, H;    ///< K̂ of shape (N, N); Ĥ of shape (M, M), with a last row for p₀ where p₀ ≠ 0
  Vector<Enclosure> values;  ///< v, length N
  Enclosure step;            ///< α/τ₀
};

struct FamilyLine {
  StepData at, slope;  ///< the slope is empty, and its step 0, of a single run
  bool moves() const { return slope.K.size() > 0; }
};

/// 2^m next to κσ²d: p₀'s row of M is p₀ᵀκσ²d/2^m, so that β = 1 is the number 2^m of a, and the start exact.
Enclosure unit_of_p0(const Frame<Enclosure>& frame);

/// The frame is that of all of `exact`. A family of several ranges moves along the first of ‖μ‖, ρ and α that is one, and is as
/// wide as the others.
FamilyLine family_line(const ExactInstance& exact, const Frame<Enclosure>& frame);

}  // namespace benign::sim

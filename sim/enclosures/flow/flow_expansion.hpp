#pragma once
// The coefficient system (W and p trained from p₀ = 0) expanded in time, order by order, and boxes that hold it over a
// step (THEORY section 6.1):
//
//     dâ/ds = −(I + εΦ̂ᵀK̂)ĝ,   dΦ̂/ds = −ĝâᵀ,   ℓ = b + εK̂Φ̂b,   b = Ĥâ.
//
// Φ̂ has N² entries and is never expanded: its Taylor coefficients are sums of outer products of those of ĝ and â,
//
//     Φ̂_j = −(1/j) Σ_i ĝ_i â_{j−1−i}ᵀ,
//
// so that products with it need inner products alone.

#include "sim/enclosures/flow/flow_matrix.hpp"
#include "sim/frames/frame.hpp"
#include "sim/integrators/taylor_series.hpp"

#include <optional>
#include <vector>

namespace benign::sim {

using Column = Vector<Enclosure>;
using Columns = std::vector<Column>;  // Taylor coefficients of a vector

/// What does not move: the frame of an instance, which must outlive it, and K̂ and Ĥ of its tokens, and Ĵ where ‖q‖² is to be
/// expanded, too; and the unit of time in τ₀, a power of two. Times below are in that unit: a term of order 30 in τ₀ is beneath
/// all doubles once s is 10¹⁰.
struct FlowSystem {
  explicit FlowSystem(const Frame<Enclosure>& the_frame, QNorm q_norm = QNorm::not_needed);

  const Frame<Enclosure>& frame;
  FlowMatrix K, H;
  std::optional<FlowMatrix> J;
  double unit = 1;
};

/// What â and ĝ may be over a step of [0, h].
struct StepRange {
  Column a, g;
  Enclosure span;  // [0, h] in τ₀
};

/// Φ̂ at the start of a step or, with a range, at all of its times: Φ̂₀ − [0, h] g aᵀ. For every t in [0, h] and x(t) in
/// a box, Φ̂(t)x(t) = Φ̂₀x(t) − ∫₀ᵗ ĝ(r) (â(r)·x(t)) dr, whose integrand stays in the interval that `times` multiplies by
/// [0, h].
struct Weights {
  const FlowMatrix& Phi;
  const StepRange* range = nullptr;

  Column times(const Column& x) const;
  Column transposed_times(const Column& x) const;
};

struct FlowExpansion {
  Columns a, g;        ///< terms 0, …, count + 1 of â and 0, …, count of ĝ,
  Columns b, l;        ///< of b and ℓ,
  Columns margins, X;  ///< of the Y_i f_i, length n, and of μ±·q, length 2
  Series q_norm2;      ///< of ‖q‖² = âᵀĴâ + ĉ·(b + ℓ)/(σ²d), ĉ = εΦ̂b; none without Ĵ
};

struct FlowState {
  Column a;
  Matrix<Enclosure> Phi;
};

/// A step from a state: terms 0, …, p − 1, and the last of each vector, p, over the whole step (Lagrange's remainder); of ℓ at least
/// three, for its second derivative.
struct FlowStep {
  double unit;       ///< of its times, in τ₀: a power of two
  double h;          ///< exact,
  bool last;         ///< or all that is left to the horizon, which is no double:
  Enclosure length;  ///< either of them
  std::size_t p;
  FlowExpansion terms;
  double remainder = 0;  ///< the largest of â's
};

/// Σ_k x_k tᵏ, entry by entry.
Column at_time(const Columns& x, const Enclosure& t);

/// The solution through â and `weights`.
FlowExpansion expand(const FlowSystem& system, const Column& a, const Weights& weights, std::size_t count);

/// Boxes that hold â and ĝ over a step, and the terms of the solutions through any state in them.
struct OverStep {
  StepRange range;
  FlowExpansion terms;  ///< of order p at least
};

/// Over a step of `length` > 0, a number in its interval, from exact numbers whose terms up to p ≥ 1 are `at`. The boxes are the
/// range of the terms below p and R, for each entry one that holds 0 inside; they hold the solution if [0, hᵖ] times the p-th
/// terms over them lies inside of R (THEORY section 6.1; of p = 1 it is Picard's condition). Nothing where no R is found.
std::optional<OverStep> expand_over(const FlowSystem& system, const FlowMatrix& Phi, const FlowExpansion& at,
                                    const Enclosure& length, std::size_t p);

/// Φ̂ −= unit ∫₀ʰ ĝ(t)â(t)ᵀ dt for functions that are Σ_{k<p} x_k tᵏ + x_p(t) tᵖ with x_p(t) in the last term's box for every
/// t (the terms below are numbers in their intervals; h > 0 is a number in its interval).
///
/// Of a product of remainders and terms, ∫ ĝ_p(t) t^p â_m t^m dt is in ĝ_p â_m h^{p+m+1}/(p + m + 1), since t^{p+m}
/// keeps its sign. The sum over m is not: â changes sign where it likes, and ĝ_p(t) with it. So ĝ_p multiplies the
/// positive and the negative parts of the â_m h^{p+m+1}/(p + m + 1) one by one, which is the sum over m of the
/// products.
void subtract_outer_integral(Matrix<Enclosure>& Phi, const Columns& a, const Columns& g, std::size_t p,
                             const Enclosure& h, double unit = 1);

}  // namespace benign::sim

#pragma once
// Taylor coefficients of enclosures, order by order: term k of a result from the terms 0, …, k of its operands, so that
// the solution of a differential equation can be expanded while it is made (Moore, "Interval Analysis", 1966).

#include "theory/numbers/enclosure.hpp"

#include <vector>

namespace benign::sim {

using Series = std::vector<Enclosure>;

/// Σ_{i=first}^{k} a_i b_{k−i}.
Enclosure convolved(const Series& a, const Series& b, std::size_t first, std::size_t k);

/// Term k of c = ab.
void multiply(const Series& a, const Series& b, Series& c, std::size_t k);

/// Term k of b = 1/a.
void invert(const Series& a, Series& b, std::size_t k);

/// Term k of b = eᵃ; `a_weighted` keeps the terms i aᵢ.
void exponentiate(const Series& a, Series& a_weighted, Series& b, std::size_t k);

/// A function of t over a step [0, h]: Σ_{k<p} a_k tᵏ + a_p tᵖ, where a_p holds the p-th Taylor coefficient at every
/// time of the step (Lagrange's remainder).
struct StepSeries {
  Series terms;  ///< a_0, …, a_{p−1}, and more that is not read
  std::size_t p = 0;
  Enclosure remainder;  ///< a_p

  /// Its values at the times t, within [0, h].
  Enclosure at(const Enclosure& t) const;
  /// Its derivative, whose (p − 1)-th coefficient over the step is p a_p; p ≥ 1.
  StepSeries derivative() const;
};

/// Whether inner lies in the interior of outer.
bool inside(const Enclosure& inner, const Enclosure& outer);

/// The order, the size of a step's remainder, and the first step; 0 for what fits the working precision.
struct TaylorSteps {
  double tolerance = 0;
  std::size_t order = 0;
  double first_step = 0;

  /// With nothing left open but the first step.
  TaylorSteps at_working_precision() const;
};

}  // namespace benign::sim

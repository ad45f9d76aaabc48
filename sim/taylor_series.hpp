#pragma once
// Taylor coefficients of enclosures, order by order: term k of a result from the terms 0, …, k of its operands, so that
// the solution of a differential equation can be expanded while it is made (Moore, "Interval Analysis", 1966).

#include "theory/enclosure.hpp"

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

/// Σ_{k<p} a_k tᵏ + remainder tᵖ.
Enclosure sum_at(const Series& a, std::size_t p, const Enclosure& remainder, const Enclosure& t);

/// Whether inner lies in the interior of outer.
bool inside(const Enclosure& inner, const Enclosure& outer);

/// The order and the size of a step's remainder; 0 for what fits the working precision.
struct TaylorSteps {
  double tolerance = 0;
  std::size_t order = 0;

  /// With nothing left open.
  TaylorSteps at_working_precision() const;
};

}  // namespace benign::sim

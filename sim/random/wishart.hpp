#pragma once
// Wishart matrices of any number of degrees of freedom, drawn as their triangular factors.
//
// The rows of a standard Gaussian matrix of shape (rows, df), turned by an orthogonal map of their df coordinates, are
// lower trapezoidal: Householder's reflections, row after row, leave independent entries
//
//     L_ii ~ χ_{df − i},   L_ij ~ N(0, 1) for j < i,   0 for j > i,   of shape (rows, min(rows, df))
//
// and the Gram matrix LLᵀ is that of the rows (M. S. Bartlett, Proc. R. Soc. Edinburgh 53, 1933). Where df < rows the
// trapezoid ends after df columns and the matrix is singular, as it must be: no other way of drawing is needed there.

#include "sim/random/random.hpp"
#include "theory/numbers/real.hpp"

namespace benign::sim {

/// L, for df ≥ 0, its rows at the addresses first, first + 1, …. The number of operations does not depend on df.
RowMajor wishart_factor(Index rows, long df, std::uint64_t seed, Stream stream, std::uint64_t first = 0);

/// √χ²_df, df ≥ 1, at an address of its own: exact in law for every df that a double holds (2^53).
double chi(long df, std::uint64_t seed, Stream stream, std::uint64_t index);

}  // namespace benign::sim

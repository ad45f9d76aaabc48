#pragma once
// Products of matrices of doubles without any rounding: the inner products of the data as the dyadic rationals they
// are. THEORY section 6.1.
//
// A matrix is Σ_k 2^{exponent + k·bits} D_k, its digits D_k whole numbers of at most 2^{bits−1} in size, kept as
// doubles, so few bits that the kernels for double compute products of two digit matrices exactly, in any order. No
// digit is dropped, so nothing depends on an order of summation or on the number of threads.
//
// One multiprecision product for each of the N d² terms of M₀ = SW₀ would be 640 million of them at d = 2000; this
// takes (digits of S)·(digits of W₀) products of matrices in double.

#include "sim/frames/products.hpp"
#include "theory/numbers/enclosure.hpp"

#include <vector>

namespace benign::sim {

struct ExactMatrix {
  Index rows = 0, cols = 0;
  int bits = 0;       ///< of a digit
  long exponent = 0;  ///< of the last place
  std::vector<RowMajor> digits;

  /// An entry, rounded outward once.
  Enclosure entry(Index i, Index j) const;
};

/// How many bits a digit may have where `inner` products are summed.
int digit_bits(Index inner);

/// Throws std::domain_error where an entry is 2^1023 or larger, or not a number.
ExactMatrix exact(const RowMajor& x, int bits);

/// A Bᵀ, for A and B with digits of at most digit_bits(A.cols) bits, as many in both.
ExactMatrix exact_product_transposed(const ExactMatrix& A, const ExactMatrix& B);

/// A times the transpose of its first rows, `cols` of them: the symmetric part of it is computed once.
ExactMatrix exact_gram(const ExactMatrix& A, Index cols);

/// A W₀ and A W₀ᵀ, W₀ drawn panel by panel.
ExactMatrix exact_product(const ExactMatrix& A, const InitialWeights& W0);
ExactMatrix exact_product_transposed(const ExactMatrix& A, const InitialWeights& W0);

}  // namespace benign::sim

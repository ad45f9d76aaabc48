#pragma once
// The inner loops of every route for pairs of doubles (dd): products as linear.hpp has them, in vectors.
//
// Every term a x of a sum is taken as p + e, p the rounded product of the heads and e its error and the mixed products;
// the p are summed with the error of every addition (Knuth), which is added to what the e sum up to, and one pair comes
// out. With u = 2^−53 and n terms, THEORY section 3.8 has
//
//     |y − Σ a x| ≤ u² (n²/2 + 5 n + 16) Σ |a x|;
//
// what is seen at n = 160 is up to 31 u². The sums have a fixed order in eight lanes. p and its error are two numbers whichever
// way they are found, by fused multiply-add or by Dekker's splitting: the bits do not depend on the processor. Below
// 2^−960, where that would not hold, e is left out.

#include "theory/numbers/dd.hpp"

#include <cstddef>

namespace benign::sim::pairs {

void times(std::size_t rows, std::size_t cols, const dd* A, const dd* x, dd* y);
void transposed_times(std::size_t rows, std::size_t cols, const dd* A, const dd* x, dd* y);
/// A += u vᵀ, each entry rounded as one product and one sum of pairs are.
void add_outer(std::size_t rows, std::size_t cols, dd* A, const dd* u, const dd* v);

/// A += u vᵀ + w zᵀ, the two products of an entry summed first.
void add_two_outers(std::size_t rows, std::size_t cols, dd* A, const dd* u, const dd* v, const dd* w, const dd* z);

}  // namespace benign::sim::pairs

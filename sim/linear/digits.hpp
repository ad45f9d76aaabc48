#pragma once
// The inner loops of products in digits of 22 bits: what is summed is whole numbers below 2^53 in doubles, so that
// nothing is rounded, whatever the order, and the widest vectors give the same bits as the narrowest.
//
// A number is 2^e Σ_k d_k 2^(−22 (k + 1)), with `Count` signed digits |d_k| ≤ 2^21 and the highest first. Of a product
// of two, the sums P_w = Σ_{s + t = w} a_s x_t are kept for w < Count; at most 2^11 products of digits share a sum.
//
// A matrix has its rows in blocks of eight, the last filled up with zeros: digit k of row 8 b + r and column j is at
// ((b · cols + j) · Count + k) · 8 + r, as a float, which holds it.

#include <cstddef>
#include <cstdint>

namespace benign::sim::digits {

constexpr int bits = 22;
constexpr std::size_t block = 8;

/// totals[(b · Count + w) · 8 + r] = Σ_j P_w of A's entry in row 8 b + r and column j with x[j · Count + k].
template <int Count>
void times(std::size_t blocks, std::size_t cols, const float* A, const double* x, std::int64_t* totals);

/// totals[j · Count + w] = Σ_{b, r} P_w of A's entry in row 8 b + r and column j with x[(b · Count + k) · 8 + r].
template <int Count>
void transposed_times(std::size_t blocks, std::size_t cols, const float* A, const double* x, std::int64_t* totals);

/// A += Σ_q u_q v_qᵀ for `Terms` outer products, with one exponent for A and u_q v_q in every row, carried and cut off:
/// term q has its digits at u + q · blocks · Count · 8, as x has above, and at v + q · cols · Count.
template <int Count, int Terms>
void add_outers(std::size_t blocks, std::size_t cols, float* A, const double* u, const double* v);

}  // namespace benign::sim::digits

#pragma once
// The inner loops of every route, for double.
//
// Each is written over a fixed number of lanes with a fixed order of summation and without fused multiply-add,
// and compiled for SSE2, AVX2 and AVX-512 in one binary. The widest that the processor has is chosen when the
// program starts; the bits of the result are the same whichever it is. (Eigen's own products are compiled for one
// width only and sum in an order that depends on it.)
//
// Matrices are column-major and contiguous unless the name says otherwise; outputs never alias inputs.

#include <cstddef>

namespace benign::sim::kernels {

/// y = A x, with A of shape (rows, cols).
void times(std::size_t rows, std::size_t cols, const double* A, const double* x, double* y);

/// y = Aᵀ x.
void transposed_times(std::size_t rows, std::size_t cols, const double* A, const double* x, double* y);

/// y = Aᵀ x and then A += u vᵀ, in one pass over A.
void transposed_times_then_add_outer(std::size_t rows, std::size_t cols, double* A, const double* x, double* y,
                                     const double* u, const double* v);

/// A += u vᵀ + w zᵀ.
void add_two_outers(std::size_t rows, std::size_t cols, double* A, const double* u, const double* v,
                    const double* w, const double* z);

/// C += A B for row-major A (rows, inner), B (inner, cols), C (rows, cols) with row strides lda, ldb, ldc.
void add_product_row_major(std::size_t rows, std::size_t inner, std::size_t cols, const double* A, std::size_t lda,
                           const double* B, std::size_t ldb, double* C, std::size_t ldc);

}  // namespace benign::sim::kernels

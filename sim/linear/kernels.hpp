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
void add_two_outers(std::size_t rows, std::size_t cols, double* A, const double* u, const double* v, const double* w,
                    const double* z);

// A symmetric matrix with further rows below it, packed: a column's entries from the diagonal down. `rows` and `cols` are
// those of all of it. Columns are in panels of eight; of each, the blocks of eight by eight from the diagonal's down
// follow each other, each by columns, filled up with zeros. (Half the bytes, in the order in which they are read.)

std::size_t symmetric_size(std::size_t rows, std::size_t cols);
void pack_symmetric(std::size_t rows, std::size_t cols, const double* A, double* packed);
void unpack_symmetric(std::size_t rows, std::size_t cols, const double* packed, double* A);

/// y = A x.
void symmetric_times(std::size_t rows, std::size_t cols, const double* packed, const double* x, double* y);

/// A += u vᵀ + v uᵀ, with u and v of length `rows`.
void symmetric_add_outers(std::size_t rows, std::size_t cols, double* packed, const double* u, const double* v);

/// C += A B, with A of shape (rows, inner) and C (rows, cols) row-major with row strides lda and ldc, and element (k,
/// j) of B at B[k · b_row + j · b_column].
void add_product(std::size_t rows, std::size_t inner, std::size_t cols, const double* A, std::size_t lda,
                 const double* B, std::size_t b_row, std::size_t b_column, double* C, std::size_t ldc);

}  // namespace benign::sim::kernels

#include "sim/linear/kernels.hpp"
#include "sim/linear/lanes.hpp"

#include <algorithm>
#include <type_traits>

namespace benign::sim::kernels {
namespace {

using std::size_t;

/// Entries i, …, i + 8·Blocks − 1 of A x, each summed over the columns in order.
template <class V, size_t Blocks>
BENIGN_INLINE void rows_times(size_t rows, size_t cols, const double* A, const double* x, double* y) {
  Lanes<V> sum[Blocks] = {};
  for (size_t j = 0; j < cols; ++j, A += rows)
    for (size_t k = 0; k < Blocks; ++k) {
      Lanes<V> a;
      load(a, A + k * lanes);
      add_product(sum[k], a, x[j]);
    }
  for (size_t k = 0; k < Blocks; ++k) store(y + k * lanes, sum[k]);
}

/// As many rows at a time as there are registers for; the last eight may repeat rows that are done already.
template <class V, size_t Most>
BENIGN_INLINE void times_in(size_t rows, size_t cols, const double* A, const double* x, double* y) {
  size_t i = 0;
  for (; i + Most * lanes <= rows; i += Most * lanes) rows_times<V, Most>(rows, cols, A + i, x, y + i);
  for (; i + 2 * lanes <= rows; i += 2 * lanes) rows_times<V, 2>(rows, cols, A + i, x, y + i);
  for (; i + lanes <= rows; i += lanes) rows_times<V, 1>(rows, cols, A + i, x, y + i);
  if (i < rows && rows >= lanes) return rows_times<V, 1>(rows, cols, A + rows - lanes, x, y + rows - lanes);
  for (; i < rows; ++i) {
    y[i] = 0;
    for (size_t j = 0; j < cols; ++j) y[i] += A[j * rows + i] * x[j];
  }
}

/// y_j = Σ_i A_ij x_i over eight running sums, added up as a binary tree, then the remainder in order; and A_ij += u_i v_j
/// where there is a u. `Cols` columns at a time.
template <class V, size_t Cols, class Matrix>
BENIGN_INLINE void columns_times(size_t rows, size_t cols, Matrix* A, const double* x, double* y, const double* u,
                                 const double* v) {
  constexpr bool moves = !std::is_const_v<Matrix>;
  size_t j = 0;
  for (; j + Cols <= cols; j += Cols, A += Cols * rows) {
    Lanes<V> sum[Cols] = {};
    double v_j[Cols] = {};  // copies, which no store to A changes
    if constexpr (moves) std::copy_n(v + j, Cols, v_j);
    size_t i = 0;
    for (; i + lanes <= rows; i += lanes) {
      Lanes<V> x_i, u_i;
      load(x_i, x + i);
      if constexpr (moves) load(u_i, u + i);
      for (size_t c = 0; c < Cols; ++c) {
        Lanes<V> a;
        load(a, A + c * rows + i);
        add_product(sum[c], a, x_i);
        if constexpr (moves) add_product(a, u_i, v_j[c]), store(A + c * rows + i, a);
      }
    }
    sum_lanes(sum, y + j);
    for (; i < rows; ++i)
      for (size_t c = 0; c < Cols; ++c) {
        y[j + c] += A[c * rows + i] * x[i];
        if constexpr (moves) A[c * rows + i] += u[i] * v_j[c];
      }
  }
  if constexpr (Cols > 1) columns_times<V, 1>(rows, cols - j, A, x, y + j, u, v + j);
}

}  // namespace

// Columns and rows at a time, such that the sums and their factors stay in the 16, 16 and 32 registers of an instruction
// set.
#define BENIGN_KERNELS(isa, V, Blocks, Cols)                                                                        \
  BENIGN_TARGET(isa) void times(size_t rows, size_t cols, const double* A, const double* x, double* y) {            \
    times_in<V, Blocks>(rows, cols, A, x, y);                                                                       \
  }                                                                                                                 \
  BENIGN_TARGET(isa) void transposed_times(size_t rows, size_t cols, const double* A, const double* x, double* y) { \
    columns_times<V, Cols>(rows, cols, A, x, y, nullptr, nullptr);                                                  \
  }                                                                                                                 \
  BENIGN_TARGET(isa)                                                                                                \
  void transposed_times_then_add_outer(size_t rows, size_t cols, double* A, const double* x, double* y,             \
                                       const double* u, const double* v) {                                          \
    columns_times<V, Cols>(rows, cols, A, x, y, u, v);                                                              \
  }
namespace sse2 {
BENIGN_KERNELS("sse2", Two, 3, 2)
}
namespace avx2 {
BENIGN_KERNELS("avx2", Four, 6, 4)
}
namespace avx512 {
BENIGN_KERNELS("avx512f", Eight, 20, 8)
}
#undef BENIGN_KERNELS

void times(size_t rows, size_t cols, const double* A, const double* x, double* y) {
  BENIGN_WIDEST(times)(rows, cols, A, x, y);
}

void transposed_times(size_t rows, size_t cols, const double* A, const double* x, double* y) {
  BENIGN_WIDEST(transposed_times)(rows, cols, A, x, y);
}

void transposed_times_then_add_outer(size_t rows, size_t cols, double* A, const double* x, double* y, const double* u,
                                     const double* v) {
  BENIGN_WIDEST(transposed_times_then_add_outer)(rows, cols, A, x, y, u, v);
}

BENIGN_CLONED
void add_two_outers(size_t rows, size_t cols, double* A, const double* u, const double* v, const double* w,
                    const double* z) {
  for (size_t j = 0; j < cols; ++j) {
    double* a = A + j * rows;
    const double vj = v[j], zj = z[j];
    for (size_t i = 0; i < rows; ++i) a[i] += u[i] * vj + w[i] * zj;
  }
}

}  // namespace benign::sim::kernels

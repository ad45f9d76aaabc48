#include "sim/linear/kernels.hpp"
#include "sim/linear/lanes.hpp"

#include <algorithm>
#include <vector>

namespace benign::sim::kernels {
namespace {

using std::size_t;
constexpr size_t block_size = lanes * lanes;

size_t blocks_of(size_t size) { return (size + lanes - 1) / lanes; }

/// A vector filled up with zeros to whole blocks; of each slot a thread has one, to be used again.
double* padded(int slot, size_t size, const double* x, size_t blocks) {
  thread_local std::vector<double> slots[4];
  auto& copy = slots[slot];
  copy.resize(blocks * lanes);
  std::copy_n(x, size, copy.begin());
  std::fill(copy.begin() + static_cast<std::ptrdiff_t>(size), copy.end(), 0.0);
  return copy.data();
}

/// y += a_0 x_0 + … over the columns of a block, two at a time.
template <class V, size_t Cols>
BENIGN_INLINE void add_columns(Lanes<V>& y, const Lanes<V> (&a)[Cols], const double* x) {
  for (size_t c = 0; c < Cols; c += 2)
    for (size_t k = 0; k < y.parts; ++k) y.part[k] += a[c].part[k] * x[c] + a[c + 1].part[k] * x[c + 1];
}

/// For `Cols` columns of the blocks below the diagonal: y_i += A_ij x_j, and to sum_j the A_ij x_i.
template <class V, size_t Cols>
BENIGN_INLINE void below(size_t blocks, const double* A, const double* x, const double* x_j, double* y, double* sums) {
  Lanes<V> sum[Cols] = {};
  double factors[Cols];  // copies, which no store to y changes
  for (size_t c = 0; c < Cols; ++c) factors[c] = x_j[c];
  for (size_t i = 0; i < blocks; ++i, A += block_size) {
    Lanes<V> y_i, x_i, a[Cols];
    load(y_i, y + i * lanes), load(x_i, x + i * lanes);
    for (size_t c = 0; c < Cols; ++c) load(a[c], A + c * lanes), add_product(sum[c], a[c], x_i);
    add_columns(y_i, a, factors);
    store(y + i * lanes, y_i);
  }
  sum_lanes(sum, sums);
}

/// y = A x, with x and y of whole blocks, and y zero before. An entry of A below the diagonal's blocks serves twice.
template <class V, size_t Cols>
BENIGN_INLINE void times_in(size_t row_blocks, size_t col_blocks, const double* A, const double* x, double* y) {
  for (size_t p = 0; p < col_blocks; ++p) {
    const double* const x_p = x + p * lanes;
    double *const y_p = y + p * lanes, sums[lanes];
    Lanes<V> y_i;
    load(y_i, y_p);
    for (size_t c = 0; c < lanes; c += 2) {
      Lanes<V> a[2];
      load(a[0], A + c * lanes), load(a[1], A + (c + 1) * lanes);
      add_columns(y_i, a, x_p + c);
    }
    const size_t rest = row_blocks - p - 1;
    for (size_t c = 0; c < lanes; c += Cols)
      below<V, Cols>(rest, A + block_size + c * lanes, x_p + lanes, x_p + c, y_p + lanes, sums + c);
    Lanes<V> sum;
    load(sum, sums);
    for (size_t k = 0; k < sum.parts; ++k) y_i.part[k] += sum.part[k];
    store(y_p, y_i);
    A += (rest + 1) * block_size;
  }
}

/// A += u vᵀ + v uᵀ, with u and v of whole blocks; those of the columns are zero beyond the matrix's.
template <class V, size_t Cols>
BENIGN_INLINE void add_outers_in(size_t row_blocks, size_t col_blocks, double* A, const double* u, const double* v,
                                 const double* u_cols, const double* v_cols) {
  for (size_t p = 0; p < col_blocks; ++p) {
    const size_t rest = row_blocks - p;
    for (size_t first = 0; first < lanes; first += Cols) {
      double u_j[Cols], v_j[Cols];
      for (size_t c = 0; c < Cols; ++c) {
        u_j[c] = u_cols[p * lanes + first + c];
        v_j[c] = v_cols[p * lanes + first + c];
      }
      for (size_t i = 0; i < rest; ++i) {
        Lanes<V> u_i, v_i;
        load(u_i, u + (p + i) * lanes), load(v_i, v + (p + i) * lanes);
        for (size_t c = 0; c < Cols; ++c) {
          double* const place = A + i * block_size + (first + c) * lanes;
          Lanes<V> a;
          load(a, place);
          for (size_t k = 0; k < a.parts; ++k) a.part[k] += u_i.part[k] * v_j[c] + v_i.part[k] * u_j[c];
          store(place, a);
        }
      }
    }
    A += rest * block_size;
  }
}

}  // namespace

// Columns at a time, such that the sums and their factors stay in the registers of an instruction set.
#define BENIGN_KERNELS(isa, V, Cols)                                                                           \
  BENIGN_TARGET(isa)                                                                                           \
  void symmetric_times(size_t row_blocks, size_t col_blocks, const double* A, const double* x, double* y) {    \
    times_in<V, Cols>(row_blocks, col_blocks, A, x, y);                                                        \
  }                                                                                                            \
  BENIGN_TARGET(isa)                                                                                           \
  void symmetric_add_outers(size_t row_blocks, size_t col_blocks, double* A, const double* u, const double* v, \
                            const double* u_cols, const double* v_cols) {                                      \
    add_outers_in<V, Cols>(row_blocks, col_blocks, A, u, v, u_cols, v_cols);                                   \
  }
namespace sse2 {
BENIGN_KERNELS("sse2", Two, 2)
}
namespace avx2 {
BENIGN_KERNELS("avx2", Four, 2)
}
namespace avx512 {
BENIGN_KERNELS("avx512f", Eight, 8)
}
#undef BENIGN_KERNELS

namespace {

/// Calls entry(i, j, place) for what is stored of the matrix.
template <class Entry>
void for_each_stored(size_t rows, size_t cols, const Entry& entry) {
  const size_t row_blocks = blocks_of(rows);
  size_t place = 0;
  for (size_t p = 0; p < cols; p += lanes)
    for (size_t b = p / lanes; b < row_blocks; ++b)
      for (size_t j = p; j < p + lanes; ++j)
        for (size_t i = b * lanes; i < (b + 1) * lanes; ++i, ++place)
          if (i < rows && j < cols) entry(i, j, place);
}

}  // namespace

size_t symmetric_size(size_t rows, size_t cols) {
  const size_t row_blocks = blocks_of(rows), col_blocks = blocks_of(cols);
  return block_size * (col_blocks * row_blocks - col_blocks * (col_blocks - 1) / 2);
}

void pack_symmetric(size_t rows, size_t cols, const double* A, double* packed) {
  std::fill_n(packed, symmetric_size(rows, cols), 0.0);
  for_each_stored(rows, cols, [=](size_t i, size_t j, size_t place) { packed[place] = A[j * rows + i]; });
}

void unpack_symmetric(size_t rows, size_t cols, const double* packed, double* A) {
  for_each_stored(rows, cols, [=](size_t i, size_t j, size_t place) {
    A[j * rows + i] = packed[place];
    if (i < cols) A[i * rows + j] = packed[place];
  });
}

void symmetric_times(size_t rows, size_t cols, const double* packed, const double* x, double* y) {
  const size_t row_blocks = blocks_of(rows);
  double* const sums = padded(1, 0, nullptr, row_blocks);
  BENIGN_WIDEST(symmetric_times)(row_blocks, blocks_of(cols), packed, padded(0, cols, x, row_blocks), sums);
  std::copy_n(sums, rows, y);
}

void symmetric_add_outers(size_t rows, size_t cols, double* packed, const double* u, const double* v) {
  const size_t row_blocks = blocks_of(rows), col_blocks = blocks_of(cols);
  BENIGN_WIDEST(symmetric_add_outers)
  (row_blocks, col_blocks, packed, padded(0, rows, u, row_blocks), padded(1, rows, v, row_blocks),
   padded(2, cols, u, col_blocks), padded(3, cols, v, col_blocks));
}

}  // namespace benign::sim::kernels

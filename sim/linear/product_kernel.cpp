#include "sim/linear/kernels.hpp"

#include "theory/numbers/instruction_sets.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

namespace benign::sim::kernels {
namespace {

using std::size_t;
constexpr size_t lanes = 8;
typedef double Lanes __attribute__((vector_size(lanes * sizeof(double))));
typedef double UnalignedLanes __attribute__((vector_size(lanes * sizeof(double)), aligned(sizeof(double))));

BENIGN_INLINE void load(Lanes& to, const double* from) { to = *reinterpret_cast<const UnalignedLanes*>(from); }
BENIGN_INLINE void store(double* to, const Lanes& from) { *reinterpret_cast<UnalignedLanes*>(to) = from; }

/// A factor with any strides: element (i, j) at data[i · row + j · column].
struct Strided {
  const double* data;
  size_t row, column;
};

constexpr size_t inner_block = 128, cols_block = 256;  // a packed block of B takes 256 KiB, a tile of it at most 16 KiB

/// C += A B on a tile of `Rows` rows and `Vectors` groups of lanes, summed over `inner` from zero before it is added.
/// B is packed (inner, Vectors · lanes); only the first `cols` columns of C are touched.
template <size_t Rows, size_t Vectors>
BENIGN_INLINE void add_tile(size_t inner, const double* A, size_t lda, const double* B, double* C, size_t ldc,
                            size_t cols) {
  constexpr size_t width = Vectors * lanes;
  Lanes sum[Rows][Vectors] = {};
  for (size_t k = 0; k < inner; ++k) {
    Lanes b[Vectors];
    for (size_t v = 0; v < Vectors; ++v) load(b[v], B + k * width + v * lanes);
    for (size_t i = 0; i < Rows; ++i)
      for (size_t v = 0; v < Vectors; ++v) sum[i][v] += A[i * lda + k] * b[v];
  }
  for (size_t i = 0; i < Rows; ++i)
    if (cols == width)
      for (size_t v = 0; v < Vectors; ++v) {
        Lanes c;
        load(c, C + i * ldc + v * lanes);
        store(C + i * ldc + v * lanes, c + sum[i][v]);
      }
    else
      for (size_t j = 0; j < cols; ++j) C[i * ldc + j] += sum[i][j / lanes][j % lanes];
}

/// Copies a block of B to tiles of `width` columns, each contiguous, the last filled up with zeros.
BENIGN_INLINE void pack(size_t inner, size_t cols, size_t width, Strided B, double* packed) {
  for (size_t j = 0; j < cols; j += width, packed += inner * width) {
    const size_t valid = std::min(width, cols - j);
    if (valid < width) std::memset(packed, 0, inner * width * sizeof(double));
    if (B.column == 1)
      for (size_t k = 0; k < inner; ++k)
        std::memcpy(packed + k * width, B.data + k * B.row + j, valid * sizeof(double));
    else
      for (size_t jj = 0; jj < valid; ++jj)
        for (size_t k = 0; k < inner; ++k) packed[k * width + jj] = B.data[k * B.row + (j + jj) * B.column];
  }
}

/// One block of the product: B's block is packed once and serves every row of A.
template <size_t Rows, size_t Vectors>
BENIGN_INLINE void add_block(size_t rows, size_t inner, size_t cols, const double* A, size_t lda, Strided B, double* C,
                             size_t ldc, double* packed) {
  constexpr size_t width = Vectors * lanes;
  pack(inner, cols, width, B, packed);
  for (size_t j = 0; j < cols; j += width, packed += inner * width) {
    const size_t valid = std::min(width, cols - j);
    size_t i = 0;
    for (; i + Rows <= rows; i += Rows)
      add_tile<Rows, Vectors>(inner, A + i * lda, lda, packed, C + i * ldc + j, ldc, valid);
    for (; i < rows; ++i) add_tile<1, Vectors>(inner, A + i * lda, lda, packed, C + i * ldc + j, ldc, valid);
  }
}

// Tiles that fill, and do not overfill, the 16, 16 and 32 vector registers of the three instruction sets.
void add_block_sse2(size_t rows, size_t inner, size_t cols, const double* A, size_t lda, Strided B, double* C,
                    size_t ldc, double* packed) {
  add_block<2, 1>(rows, inner, cols, A, lda, B, C, ldc, packed);
}
BENIGN_TARGET("avx2")
void add_block_avx2(size_t rows, size_t inner, size_t cols, const double* A, size_t lda, Strided B, double* C,
                    size_t ldc, double* packed) {
  add_block<5, 1>(rows, inner, cols, A, lda, B, C, ldc, packed);
}
BENIGN_TARGET("avx512f")
void add_block_avx512(size_t rows, size_t inner, size_t cols, const double* A, size_t lda, Strided B, double* C,
                      size_t ldc, double* packed) {
  add_block<8, 2>(rows, inner, cols, A, lda, B, C, ldc, packed);
}

decltype(&add_block_sse2) widest_block() {
  if (BENIGN_HAS("avx512f")) return add_block_avx512;
  if (BENIGN_HAS("avx2")) return add_block_avx2;
  return add_block_sse2;
}

}  // namespace

void add_product(size_t rows, size_t inner, size_t cols, const double* A, size_t lda, const double* B, size_t b_row,
                 size_t b_column, double* C, size_t ldc) {
  static const auto add = widest_block();
  thread_local const std::unique_ptr<double[]> packed(new double[inner_block * cols_block]);  // fresh pages cost more
  for (size_t k = 0; k < inner; k += inner_block)
    for (size_t j = 0; j < cols; j += cols_block)
      add(rows, std::min(inner_block, inner - k), std::min(cols_block, cols - j), A + k, lda,
          {B + k * b_row + j * b_column, b_row, b_column}, C + j, ldc, packed.get());
}

}  // namespace benign::sim::kernels

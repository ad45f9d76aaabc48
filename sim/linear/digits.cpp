#include "sim/linear/digits.hpp"

#include "theory/numbers/instruction_sets.hpp"

#include <algorithm>

namespace benign::sim::digits {
namespace {

using std::size_t;

/// Vectors of so many doubles, and as many floats.
template <size_t Lanes>
struct Vectors;
template <>
struct Vectors<2> {
  typedef double Doubles __attribute__((vector_size(16)));
  typedef float Floats __attribute__((vector_size(8), aligned(4)));
  typedef double Stored __attribute__((vector_size(16), aligned(8)));
};
template <>
struct Vectors<4> {
  typedef double Doubles __attribute__((vector_size(32)));
  typedef float Floats __attribute__((vector_size(16), aligned(4)));
  typedef double Stored __attribute__((vector_size(32), aligned(8)));
};
template <>
struct Vectors<8> {
  typedef double Doubles __attribute__((vector_size(64)));
  typedef float Floats __attribute__((vector_size(32), aligned(4)));
  typedef double Stored __attribute__((vector_size(64), aligned(8)));
};

/// As many terms of a product may be summed before a sum is emptied: what is at most 2^11 − 1 products of 2^42 stays below 2^53.
template <int Count>
constexpr size_t most_terms = 2047 / Count;

template <size_t Lanes, int Count>
BENIGN_INLINE void times_in(size_t blocks, size_t cols, const float* A, const double* x, std::int64_t* totals) {
  using Doubles = typename Vectors<Lanes>::Doubles;
  using Floats = typename Vectors<Lanes>::Floats;
  std::fill_n(totals, blocks * Count * block, std::int64_t{0});
  for (size_t b = 0; b < blocks; ++b)
    for (size_t first = 0; first < cols; first += most_terms<Count>)
      for (size_t part = 0; part < block; part += Lanes) {
        Doubles sums[Count] = {};
        const size_t end = std::min(first + most_terms<Count>, cols);
        for (size_t j = first; j < end; ++j) {
          const float* a = A + (b * cols + j) * Count * block + part;
          const double* xj = x + j * Count;
#pragma GCC unroll 16
          for (int s = 0; s < Count; ++s) {
            const Doubles digit = __builtin_convertvector(*reinterpret_cast<const Floats*>(a + s * block), Doubles);
#pragma GCC unroll 16
            for (int t = 0; t < Count - s; ++t) sums[s + t] += digit * xj[t];
          }
        }
        for (int w = 0; w < Count; ++w)
          for (size_t r = 0; r < Lanes; ++r)
            totals[(b * Count + w) * block + part + r] += static_cast<std::int64_t>(sums[w][r]);
      }
}

template <size_t Lanes, int Count>
BENIGN_INLINE void transposed_times_in(size_t blocks, size_t cols, const float* A, const double* x,
                                       std::int64_t* totals) {
  using Doubles = typename Vectors<Lanes>::Doubles;
  using Floats = typename Vectors<Lanes>::Floats;
  using Stored = typename Vectors<Lanes>::Stored;
  std::fill_n(totals, cols * Count, std::int64_t{0});
  constexpr size_t most_blocks = most_terms<Count> / (block / Lanes);
  for (size_t j = 0; j < cols; ++j)
    for (size_t first = 0; first < blocks; first += most_blocks) {
      Doubles sums[Count] = {};
      const size_t end = std::min(first + most_blocks, blocks);
      for (size_t b = first; b < end; ++b)
        for (size_t part = 0; part < block; part += Lanes) {
          const float* a = A + (b * cols + j) * Count * block + part;
          const double* xb = x + b * Count * block + part;
#pragma GCC unroll 16
          for (int s = 0; s < Count; ++s) {
            const Doubles digit = __builtin_convertvector(*reinterpret_cast<const Floats*>(a + s * block), Doubles);
#pragma GCC unroll 16
            for (int t = 0; t < Count - s; ++t) sums[s + t] += digit * *reinterpret_cast<const Stored*>(xb + t * block);
          }
        }
      for (int w = 0; w < Count; ++w)
        for (size_t r = 0; r < Lanes; ++r) totals[j * Count + w] += static_cast<std::int64_t>(sums[w][r]);
    }
}

template <size_t Lanes, int Count, int Terms>
BENIGN_INLINE void add_outers_in(size_t blocks, size_t cols, float* A, const double* u, const double* v) {
  using Doubles = typename Vectors<Lanes>::Doubles;
  using Floats = typename Vectors<Lanes>::Floats;
  using Stored = typename Vectors<Lanes>::Stored;
  constexpr double magic = 0x1.8p52, unit = 1 << bits;  // (x + magic) − magic is x rounded to a whole number
  for (size_t b = 0; b < blocks; ++b)
    for (size_t part = 0; part < block; part += Lanes)
      for (size_t j = 0; j < cols; ++j) {
        Doubles sums[Count] = {};
        for (int q = 0; q < Terms; ++q) {
          const double* uq = u + (q * blocks + b) * Count * block + part;
          const double* vq = v + (q * cols + j) * Count;
#pragma GCC unroll 16
          for (int s = 0; s < Count; ++s) {
            const Doubles digit = *reinterpret_cast<const Stored*>(uq + s * block);
#pragma GCC unroll 16
            for (int t = 0; t < Count - s; ++t) sums[s + t] += digit * vq[t];
          }
        }
        float* a = A + (b * cols + j) * Count * block + part;
        Doubles carry = (sums[Count - 1] * (1 / unit) + magic) - magic;
#pragma GCC unroll 16
        for (int k = Count - 1; k > 0; --k) {
          Floats* to = reinterpret_cast<Floats*>(a + k * block);
          const Doubles digit = (__builtin_convertvector(*to, Doubles) + sums[k - 1]) + carry;
          carry = (digit * (1 / unit) + magic) - magic;
          *to = __builtin_convertvector(digit - carry * unit, Floats);
        }
        Floats* to = reinterpret_cast<Floats*>(a);
        *to = __builtin_convertvector(__builtin_convertvector(*to, Doubles) + carry, Floats);
      }
}

#define BENIGN_DIGIT_KERNELS(name, target, Lanes)                                                                    \
  template <int Count>                                                                                               \
  target void times_##name(size_t blocks, size_t cols, const float* A, const double* x, std::int64_t* totals) {      \
    times_in<Lanes, Count>(blocks, cols, A, x, totals);                                                              \
  }                                                                                                                  \
  template <int Count>                                                                                               \
  target void transposed_##name(size_t blocks, size_t cols, const float* A, const double* x, std::int64_t* totals) { \
    transposed_times_in<Lanes, Count>(blocks, cols, A, x, totals);                                                   \
  }                                                                                                                  \
  template <int Count, int Terms>                                                                                    \
  target void add_outers_##name(size_t blocks, size_t cols, float* A, const double* u, const double* v) {            \
    add_outers_in<Lanes, Count, Terms>(blocks, cols, A, u, v);                                                       \
  }
BENIGN_DIGIT_KERNELS(sse2, , 2)
BENIGN_DIGIT_KERNELS(avx2, BENIGN_TARGET("avx2"), 4)
BENIGN_DIGIT_KERNELS(avx512, BENIGN_TARGET("avx512f"), 8)
#undef BENIGN_DIGIT_KERNELS

template <class Kernel>
Kernel* widest(Kernel* sse2, Kernel* avx2, Kernel* avx512) {
  if (BENIGN_HAS("avx512f")) return avx512;
  return BENIGN_HAS("avx2") ? avx2 : sse2;
}

}  // namespace

template <int Count>
void times(size_t blocks, size_t cols, const float* A, const double* x, std::int64_t* totals) {
  static const auto kernel = widest(times_sse2<Count>, times_avx2<Count>, times_avx512<Count>);
  kernel(blocks, cols, A, x, totals);
}

template <int Count>
void transposed_times(size_t blocks, size_t cols, const float* A, const double* x, std::int64_t* totals) {
  static const auto kernel = widest(transposed_sse2<Count>, transposed_avx2<Count>, transposed_avx512<Count>);
  kernel(blocks, cols, A, x, totals);
}

template <int Count, int Terms>
void add_outers(size_t blocks, size_t cols, float* A, const double* u, const double* v) {
  static const auto kernel =
      widest(add_outers_sse2<Count, Terms>, add_outers_avx2<Count, Terms>, add_outers_avx512<Count, Terms>);
  kernel(blocks, cols, A, u, v);
}

#define BENIGN_INSTANTIATE(Count)                                                                    \
  template void times<Count>(size_t, size_t, const float*, const double*, std::int64_t*);            \
  template void transposed_times<Count>(size_t, size_t, const float*, const double*, std::int64_t*); \
  template void add_outers<Count, 1>(size_t, size_t, float*, const double*, const double*);          \
  template void add_outers<Count, 2>(size_t, size_t, float*, const double*, const double*);
BENIGN_INSTANTIATE(9)   // 50 digits
BENIGN_INSTANTIATE(16)  // 100 digits
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim::digits

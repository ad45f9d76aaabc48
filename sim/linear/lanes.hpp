#pragma once
// Eight doubles in vectors as wide as an instruction set has them: four of two in SSE2, two of four in AVX2, one of
// eight in AVX-512. A loop written over them has the same sums in the same order whichever it is compiled for.
// (Where a vector is wider than the registers, the compiler keeps it in memory.)

#include "theory/numbers/instruction_sets.hpp"

#include <cstddef>

/// The function of this name in the namespace sse2, avx2 or avx512: the widest that the processor has.
#define BENIGN_WIDEST(function)                                         \
  [] {                                                                  \
    static const auto widest = BENIGN_HAS("avx512f") ? avx512::function \
                               : BENIGN_HAS("avx2")  ? avx2::function   \
                                                     : sse2::function;   \
    return widest;                                                      \
  }()

namespace benign::sim::kernels {

constexpr std::size_t lanes = 8;

typedef double Two __attribute__((vector_size(2 * sizeof(double))));
typedef double Four __attribute__((vector_size(4 * sizeof(double))));
typedef double Eight __attribute__((vector_size(8 * sizeof(double))));

template <class Vector>
struct Lanes {
  static constexpr std::size_t width = sizeof(Vector) / sizeof(double), parts = lanes / width;
  typedef Vector Unaligned __attribute__((aligned(sizeof(double))));
  Vector part[parts];
};

template <class V>
BENIGN_INLINE void load(Lanes<V>& to, const double* from) {
  for (std::size_t k = 0; k < to.parts; ++k)
    to.part[k] = *reinterpret_cast<const typename Lanes<V>::Unaligned*>(from + k * to.width);
}
template <class V>
BENIGN_INLINE void store(double* to, const Lanes<V>& from) {
  for (std::size_t k = 0; k < from.parts; ++k)
    *reinterpret_cast<typename Lanes<V>::Unaligned*>(to + k * from.width) = from.part[k];
}

/// sum += a x, lane by lane; x another eight or one number.
template <class V>
BENIGN_INLINE void add_product(Lanes<V>& sum, const Lanes<V>& a, const Lanes<V>& x) {
  for (std::size_t k = 0; k < sum.parts; ++k) sum.part[k] += a.part[k] * x.part[k];
}
template <class V>
BENIGN_INLINE void add_product(Lanes<V>& sum, const Lanes<V>& a, double x) {
  for (std::size_t k = 0; k < sum.parts; ++k) sum.part[k] += a.part[k] * x;
}

/// to[c] is the sum of the lanes of s[c], for each of `Count` of them: as a binary tree, lane k with lane k + 4 first.
template <std::size_t Count, class V>
BENIGN_INLINE void sum_lanes(const Lanes<V> (&s)[Count], double* to) {
  if constexpr (Count == lanes && sizeof(V) == sizeof(Eight)) {  // eight trees side by side
    Eight four[4], two[2];
    for (std::size_t c = 0; c < 4; ++c) {
      const Eight a = s[c].part[0], b = s[c + 4].part[0];
      four[c] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
                __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (std::size_t c = 0; c < 2; ++c)
      two[c] = __builtin_shufflevector(four[c], four[c + 2], 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(four[c], four[c + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    store(to, Lanes<V>{{__builtin_shufflevector(two[0], two[1], 0, 8, 2, 10, 4, 12, 6, 14) +
                        __builtin_shufflevector(two[0], two[1], 1, 9, 3, 11, 5, 13, 7, 15)}});
  } else {
    for (std::size_t c = 0; c < Count; ++c) {
      double x[lanes];
      store(x, s[c]);
      to[c] = ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
    }
  }
}

}  // namespace benign::sim::kernels

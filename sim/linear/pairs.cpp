#include "sim/linear/pairs.hpp"

#include "theory/numbers/instruction_sets.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace benign::sim::pairs {
namespace {

using std::size_t;
constexpr size_t lanes = 8;  // of a sum, in vectors of 2 or 4

template <size_t Width>
struct Vectors;
template <>
struct Vectors<2> {
  typedef double One __attribute__((vector_size(16)));
  typedef double Stored __attribute__((vector_size(16), aligned(8)));
};
template <>
struct Vectors<4> {
  typedef double One __attribute__((vector_size(32)));
  typedef double Stored __attribute__((vector_size(32), aligned(8)));
};
/// Pairs in two vectors.
template <size_t Width>
struct Pairs {
  typename Vectors<Width>::One head, tail;
};

template <class One, size_t... K>
BENIGN_INLINE void separate(const One& a, const One& b, One& even, One& odd, std::index_sequence<K...>) {
  even = __builtin_shufflevector(a, b, (2 * K)...);
  odd = __builtin_shufflevector(a, b, (2 * K + 1)...);
}
template <class One, size_t... K>
BENIGN_INLINE void interleave(const One& head, const One& tail, One& a, One& b, std::index_sequence<K...>) {
  constexpr size_t width = sizeof...(K);
  a = __builtin_shufflevector(head, tail, (K / 2 + (K % 2) * width)...);
  b = __builtin_shufflevector(head, tail, (width / 2 + K / 2 + (K % 2) * width)...);
}

template <size_t Width>
BENIGN_INLINE void load(Pairs<Width>& to, const double* from) {
  using Stored = typename Vectors<Width>::Stored;
  const typename Vectors<Width>::One a = *reinterpret_cast<const Stored*>(from),
                                     b = *reinterpret_cast<const Stored*>(from + Width);
  separate(a, b, to.head, to.tail, std::make_index_sequence<Width>());
}
template <size_t Width>
BENIGN_INLINE void store(double* to, const Pairs<Width>& from) {
  using Stored = typename Vectors<Width>::Stored;
  typename Vectors<Width>::One a, b;
  interleave(from.head, from.tail, a, b, std::make_index_sequence<Width>());
  *reinterpret_cast<Stored*>(to) = a;
  *reinterpret_cast<Stored*>(to + Width) = b;
}

template <class One>
BENIGN_INLINE One size_of(const One& x) {
  typedef std::int64_t Bits __attribute__((vector_size(sizeof(One))));
  return reinterpret_cast<One>(reinterpret_cast<Bits>(x) & std::numeric_limits<std::int64_t>::max());
}

/// a b − product, exactly, where neither is out of range.
template <bool Fused, class One>
BENIGN_INLINE One error_of(const One& a, const One& b, const One& product) {
  if constexpr (Fused) {
    One error;
    for (size_t k = 0; k < sizeof(One) / sizeof(double); ++k) error[k] = __builtin_fma(a[k], b[k], -product[k]);
    return error;
  } else {
    constexpr double split = 0x1p27 + 1;
    const One a_far = split * a, b_far = split * b, a1 = a_far - (a_far - a), b1 = b_far - (b_far - b);
    const One a2 = a - a1, b2 = b - b1;
    return ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
  }
}

/// The product of the heads, and what is missing from it, where it is in range; |x| < 2^990.
template <bool Fused, size_t Width>
BENIGN_INLINE Pairs<Width> product(const Pairs<Width>& a, const Pairs<Width>& x) {
  using One = typename Vectors<Width>::One;
  const One heads = a.head * x.head;
  const One rest = error_of<Fused>(a.head, x.head, heads) + (a.head * x.tail + a.tail * x.head);
  const One some = size_of(heads) >= dd::smallest_exact ? rest : One{};
  return {heads, size_of(a.head) < dd::largest_exact ? some : One{}};
}

/// sum += a x.
template <bool Fused, size_t Width>
BENIGN_INLINE void add_product(Pairs<Width>& sum, const Pairs<Width>& a, const Pairs<Width>& x) {
  using One = typename Vectors<Width>::One;
  const Pairs<Width> term = product<Fused>(a, x);
  const One head = sum.head + term.head, of_term = head - sum.head;
  sum.tail += ((sum.head - (head - of_term)) + (term.head - of_term)) + term.tail;
  sum.head = head;
}

template <size_t Width>
BENIGN_INLINE Pairs<Width> broadcast(const dd& x) {
  const typename Vectors<Width>::One zero = {};
  return {zero + x.head(), zero + x.tail()};
}

/// A pair of what two running sums come to.
BENIGN_INLINE dd normalised(double head, double tail) { return dd::sum(head, std::isfinite(head) ? tail : 0.0); }

template <bool Fused, size_t Width>
BENIGN_INLINE void times_in(size_t rows, size_t cols, const double* A, const dd* x, dd* y) {
  for (size_t first = 0; first < rows; first += lanes) {
    const size_t valid = std::min(lanes, rows - first);
    Pairs<Width> sums[lanes / Width] = {};
    double padded[2 * lanes] = {};
    for (size_t j = 0; j < cols; ++j) {
      const double* a = A + 2 * (j * rows + first);
      if (valid < lanes) a = std::copy(a, a + 2 * valid, padded) - 2 * valid;
      const Pairs<Width> xj = broadcast<Width>(x[j]);
      for (size_t part = 0; part < lanes / Width; ++part) {
        Pairs<Width> entries;
        load(entries, a + 2 * part * Width);
        add_product<Fused>(sums[part], entries, xj);
      }
    }
    for (size_t i = 0; i < valid; ++i)
      y[first + i] = normalised(sums[i / Width].head[i % Width], sums[i / Width].tail[i % Width]);
  }
}

template <bool Fused, size_t Width>
BENIGN_INLINE dd dot_in(size_t size, const double* a, const double* x) {
  Pairs<Width> sums[lanes / Width] = {};
  double padded_a[2 * lanes] = {}, padded_x[2 * lanes] = {};
  for (size_t first = 0; first < size; first += lanes) {
    const double *from = a + 2 * first, *of_x = x + 2 * first;
    if (size - first < lanes) {
      std::copy(from, a + 2 * size, padded_a);
      std::copy(of_x, x + 2 * size, padded_x);
      from = padded_a, of_x = padded_x;
    }
    for (size_t part = 0; part < lanes / Width; ++part) {
      Pairs<Width> entries, factors;
      load(entries, from + 2 * part * Width);
      load(factors, of_x + 2 * part * Width);
      add_product<Fused>(sums[part], entries, factors);
    }
  }
  dd lane[lanes];
  for (size_t k = 0; k < lanes; ++k)
    lane[k] = normalised(sums[k / Width].head[k % Width], sums[k / Width].tail[k % Width]);
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

template <bool Fused, size_t Width>
BENIGN_INLINE void transposed_times_in(size_t rows, size_t cols, const double* A, const dd* x, dd* y) {
  for (size_t j = 0; j < cols; ++j)
    y[j] = dot_in<Fused, Width>(rows, A + 2 * j * rows, reinterpret_cast<const double*>(x));
}

/// a += p + q, |q| ≤ u |p|, as dd's operator does it.
template <size_t Width>
BENIGN_INLINE void add_pair(double* at, const typename Vectors<Width>::One& p, const typename Vectors<Width>::One& q) {
  using One = typename Vectors<Width>::One;
  Pairs<Width> a;
  load(a, at);
  const One heads = a.head + p, of_p = heads - a.head, heads_rest = (a.head - (heads - of_p)) + (p - of_p);
  const One tails = a.tail + q, of_q = tails - a.tail, tails_rest = (a.tail - (tails - of_q)) + (q - of_q);
  const One first = heads_rest + tails, sum = heads + first, rest = (first - (sum - heads)) + tails_rest;
  const One head = sum + rest, tail = rest - (head - sum), zero = head - head;
  a.head = head, a.tail = zero == 0 ? tail : One{};
  store(at, a);
}

/// a += u v, as dd's operators do it; or a += u v + w z, the two products summed first.
template <bool Fused, size_t Width, int Terms>
BENIGN_INLINE void add_multiples(double* at, const double* const (&of_u)[Terms], const Pairs<Width> (&v)[Terms]) {
  using One = typename Vectors<Width>::One;
  Pairs<Width> u;
  load(u, of_u[0]);
  Pairs<Width> term = product<Fused>(u, v[0]);
  if constexpr (Terms == 2) {
    load(u, of_u[1]);
    const Pairs<Width> other = product<Fused>(u, v[1]);
    const One sum = term.head + other.head, of_other = sum - term.head;
    term.tail = ((term.head - (sum - of_other)) + (other.head - of_other)) + (term.tail + other.tail);
    term.head = sum;
  }
  const One p = term.head + term.tail;
  add_pair<Width>(at, p, term.tail - (p - term.head));
}

template <bool Fused, size_t Width, int Terms>
BENIGN_INLINE void add_outers_in(size_t rows, size_t cols, double* A, const dd* const (&u)[Terms],
                                 const dd* const (&v)[Terms]) {
  for (size_t j = 0; j < cols; ++j) {
    double* a = A + 2 * j * rows;
    Pairs<Width> vj[Terms];
    const double* from[Terms];
    for (int q = 0; q < Terms; ++q) vj[q] = broadcast<Width>(v[q][j]), from[q] = reinterpret_cast<const double*>(u[q]);
    size_t i = 0;
    for (; i + Width <= rows; i += Width) {
      add_multiples<Fused, Width, Terms>(a + 2 * i, from, vj);
      for (auto& one : from) one += 2 * Width;
    }
    if (i == rows) continue;
    double padded_a[2 * Width] = {}, padded_u[Terms][2 * Width] = {};
    std::copy(a + 2 * i, a + 2 * rows, padded_a);
    for (int q = 0; q < Terms; ++q) {
      std::copy(from[q], from[q] + 2 * (rows - i), padded_u[q]);
      from[q] = padded_u[q];
    }
    add_multiples<Fused, Width, Terms>(padded_a, from, vj);
    std::copy(padded_a, padded_a + 2 * (rows - i), a + 2 * i);
  }
}

#define BENIGN_PAIR_KERNELS(name, target, Fused, Width)                                                  \
  target void times_##name(size_t rows, size_t cols, const double* A, const dd* x, dd* y) {              \
    times_in<Fused, Width>(rows, cols, A, x, y);                                                         \
  }                                                                                                      \
  target void transposed_##name(size_t rows, size_t cols, const double* A, const dd* x, dd* y) {         \
    transposed_times_in<Fused, Width>(rows, cols, A, x, y);                                              \
  }                                                                                                      \
  target void add_outer_##name(size_t rows, size_t cols, double* A, const dd* u, const dd* v) {          \
    add_outers_in<Fused, Width, 1>(rows, cols, A, {u}, {v});                                             \
  }                                                                                                      \
  target void add_two_##name(size_t rows, size_t cols, double* A, const dd* u, const dd* v, const dd* w, \
                             const dd* z) {                                                              \
    add_outers_in<Fused, Width, 2>(rows, cols, A, {u, w}, {v, z});                                       \
  }
BENIGN_PAIR_KERNELS(sse2, , false, 2)
#ifdef BENIGN_HAS_TARGETS  // vectors of eight are slower: GCC 12 takes them apart
BENIGN_PAIR_KERNELS(avx2, BENIGN_TARGET("avx2,fma"), true, 4)
#endif
#undef BENIGN_PAIR_KERNELS

struct Kernels {
  decltype(&times_sse2) times = times_sse2, transposed = transposed_sse2;
  decltype(&add_outer_sse2) add_outer = add_outer_sse2;
  decltype(&add_two_sse2) add_two = add_two_sse2;
};
const Kernels& widest() {
  static const Kernels kernels = [] {
#ifdef BENIGN_HAS_TARGETS
    if (BENIGN_HAS("avx2") && BENIGN_HAS("fma"))
      return Kernels{times_avx2, transposed_avx2, add_outer_avx2, add_two_avx2};
#endif
    return Kernels{};
  }();
  return kernels;
}

bool any_too_large(size_t size, const dd* x) {
  return std::any_of(x, x + size, [](const dd& one) { return !(std::abs(one.head()) < dd::largest_exact); });
}
const double* doubles(const dd* x) { return reinterpret_cast<const double*>(x); }

}  // namespace

void times(size_t rows, size_t cols, const dd* A, const dd* x, dd* y) {
  if (!any_too_large(cols, x)) return widest().times(rows, cols, doubles(A), x, y);
  std::fill_n(y, rows, dd(0));
  for (size_t j = 0; j < cols; ++j)
    for (size_t i = 0; i < rows; ++i) y[i] += A[j * rows + i] * x[j];
}

void transposed_times(size_t rows, size_t cols, const dd* A, const dd* x, dd* y) {
  if (!any_too_large(rows, x)) return widest().transposed(rows, cols, doubles(A), x, y);
  for (size_t j = 0; j < cols; ++j) {
    y[j] = 0;
    for (size_t i = 0; i < rows; ++i) y[j] += A[j * rows + i] * x[i];
  }
}

void add_outer(size_t rows, size_t cols, dd* A, const dd* u, const dd* v) {
  if (!any_too_large(cols, v)) return widest().add_outer(rows, cols, reinterpret_cast<double*>(A), u, v);
  for (size_t j = 0; j < cols; ++j)
    for (size_t i = 0; i < rows; ++i) A[j * rows + i] += u[i] * v[j];
}

void add_two_outers(size_t rows, size_t cols, dd* A, const dd* u, const dd* v, const dd* w, const dd* z) {
  if (!any_too_large(cols, v) && !any_too_large(cols, z))
    return widest().add_two(rows, cols, reinterpret_cast<double*>(A), u, v, w, z);
  add_outer(rows, cols, A, u, v);
  add_outer(rows, cols, A, w, z);
}

}  // namespace benign::sim::pairs

#include "proofs_check/checker/descent/q_norm.hpp"

#include <algorithm>
#include <tbb/parallel_for.h>

namespace benign::checker {
namespace {

/// Σ_k x_k y_k over doubles with places `stride` apart.
Interval dot(const double* x, std::size_t stride, const Intervals& y) {
  Interval sum(0), one;
  for (std::size_t k = 0; k < y.size(); ++k) {
    mpfr_set_d(one.low(), x[k * stride], MPFR_RNDD), mpfr_set_d(one.high(), x[k * stride], MPFR_RNDU);
    add_product(sum, one, y[k]);
  }
  return sum;
}

/// Sᵀx for the first entries of x.
Intervals combination(const RowMajor& S, Intervals x) {
  x.resize(static_cast<std::size_t>(S.rows()));
  const auto d = static_cast<std::size_t>(S.cols());
  Intervals y(d);
  tbb::parallel_for(std::size_t{0}, d, [&](std::size_t j) { y[j] = dot(S.data() + j, d, x); });
  return y;
}

Intervals times_transposed(const sim::InitialWeights& W0, const Intervals& x) {
  if (W0.identity()) return x;
  const Index d = W0.d();
  constexpr Index width = 4;
  Intervals y(x.size());
  tbb::parallel_for(Index{0}, (d + width - 1) / width, [&](Index panel) {
    const Index begin = panel * width, count = std::min(width, d - begin);
    const RowMajor block = W0.block(0, d, begin, count);
    for (Index j = 0; j < count; ++j)
      y[static_cast<std::size_t>(begin + j)] = dot(block.data() + j, static_cast<std::size_t>(count), x);
  });
  return y;
}

Intervals times(const sim::InitialWeights& W0, const Intervals& x) {
  if (W0.identity()) return x;
  Intervals y(x.size());
  tbb::parallel_for(Index{0}, W0.d(), [&](Index i) {
    const RowMajor row = W0.block(i, 1, 0, W0.d());
    y[static_cast<std::size_t>(i)] = dot(row.data(), 1, x);
  });
  return y;
}

}  // namespace

Interval dot(const ExactMatrix& A, std::size_t i, const Intervals& x) {
  Interval sum(0);
  for (std::size_t j = 0; j < A.columns; ++j) add_product(sum, entry(A, i, j), x[j]);
  return sum;
}

Interval q_norm2_by_entries(const sim::Instance& instance, const Intervals& a, const Intervals& c) {
  const RowMajor& S = instance.train.tokens;
  Intervals p = times_transposed(instance.W0, combination(S, a));
  for (Index j = 0; j < instance.p0.size(); ++j)
    add_product(p[static_cast<std::size_t>(j)], Interval::exactly(instance.p0[j]), a.back());
  const Intervals start = times(instance.W0, p), moved = combination(S, c);
  Interval sum(0);
  for (std::size_t j = 0; j < start.size(); ++j) sum += square(start[j] + moved[j]);
  return sum;
}

Interval q_norm2_by_inner_products(const InnerProducts& x, const Intervals& a, const Intervals& c) {
  const bool moved = a.size() > x.N;
  Intervals parts(x.N);
  tbb::parallel_for(std::size_t{0}, x.N, [&](std::size_t i) {
    Interval with_a = dot(x.J, i, a), Ha = dot(x.H, i, a);
    if (moved) {
      add_product(with_a, Interval(2) * entry(x.m, i, 0), a[x.N]);
      add_product(Ha, entry(x.l, i, 0), a[x.N]);
    }
    parts[i] = a[i] * with_a + c[i] * (Interval(2) * Ha + dot(x.K, i, c));
  });
  Interval sum = moved ? square(a[x.N]) * entry(x.Q, 0, 0) : Interval(0);
  for (const Interval& part : parts) sum += part;
  return sum;
}

}  // namespace benign::checker

// What each precision costs, side by side in one run: a step, a flow, and the kernels that they are made of, at N = 160.
// Run: build/tests/benign_precisions; tests/precisions.py writes its table into sim/README.md.
//
// `peak` is a kernel on a matrix that the first cache holds: the multiplications and additions that a product is made of,
// as fast as this processor does them. A step's limit is its five products and one outer product (coefficients; two
// products and two outer products of statistics) at that speed.

#include "sim/linear/digits.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/simulate.hpp"

#include <benchmark/benchmark.h>

using namespace benign;
using namespace benign::sim;

namespace {

constexpr Index N = 160;

template <class Real>
std::vector<Real> numbers(Index count) {
  std::vector<Real> x;
  for (Index k = 0; k < count; ++k) x.push_back(Real(k % 17 - 8) / Real(k % 29 + 3));
  return x;
}

template <class Real>
void step(benchmark::State& state, RouteKind route) {
  RunConfig config;
  config.data = DataKind::gram;
  config.route = route;
  const Run<Real> run(config, QNorm::not_needed);
  const auto descent = run.route().descent(run.route().start());
  for (auto _ : state) descent->advance(run.frame().scales.step);
}
template <class Real>
void coefficients(benchmark::State& state) {
  step<Real>(state, RouteKind::coefficients);
}
template <class Real>
void statistics(benchmark::State& state) {
  step<Real>(state, RouteKind::statistics);
}

/// To log s = 20 at d = 10⁵ and ‖μ‖ = 100, n = 20, T = 8.
template <class Real>
void flow(benchmark::State& state) {
  RunConfig config;
  config.data = DataKind::gram;
  config.flow = true;
  config.parameters.d = 100'000;
  config.parameters.mu = theory::Decimal("100");
  config.log_s_max = theory::Decimal("20");
  const Run<Real> run(config, QNorm::not_needed);
  for (auto _ : state) {
    Flow<Real> flow = make_flow(run.route(), default_tolerance<Real>());
    long steps = 0;
    flow.reach(horizon<Real>(config), [&] { ++steps; });
    state.counters["evaluations"] = static_cast<double>(flow.evaluations());
    state.counters["steps"] = static_cast<double>(steps);
  }
}

template <class Real>
void product(benchmark::State& state) {
  const auto A = numbers<Real>(N * N), x = numbers<Real>(N);
  std::vector<Real> y(N);
  for (auto _ : state) times<Real>(N, N, A.data(), x.data(), y.data());
}
template <class Real>
void prepared_product(benchmark::State& state) {
  const auto A = numbers<Real>(N * N), x = numbers<Real>(N);
  const PreparedMatrix<Real> prepared(N, N, A.data());
  std::vector<Real> y(N);
  for (auto _ : state) prepared.times(x.data(), y.data());
}
/// The sums of products of numbers as they stand, one operation of the type after another.
template <class Real>
void plain_product(benchmark::State& state) {
  const auto A = numbers<Real>(N * N), x = numbers<Real>(N);
  std::vector<Real> y(N);
  for (auto _ : state) {
    for (Real& one : y) one = Real(0);
    for (Index j = 0; j < N; ++j)
      for (Index i = 0; i < N; ++i)
        add_product(y[static_cast<std::size_t>(i)], A[static_cast<std::size_t>(j * N + i)],
                    x[static_cast<std::size_t>(j)]);
    benchmark::DoNotOptimize(y.data());
  }
}
template <class Real>
void outer_product(benchmark::State& state) {
  const auto u = numbers<Real>(N), v = numbers<Real>(N);
  auto A = numbers<Real>(N * N);
  if constexpr (is_multiprecision<Real>) {
    DigitMatrix<Real> matrix(N, N, A.data());
    for (auto _ : state) matrix.add_two_outers(u.data(), v.data(), v.data(), u.data());
  } else {
    for (auto _ : state) add_two_outers<Real>(N, N, A.data(), u.data(), v.data(), v.data(), u.data());
  }
}

/// Entries of a product a second, in the first cache.
template <class Real>
void peak(benchmark::State& state) {
  constexpr std::size_t rows = 8, cols = 16;
  if constexpr (is_multiprecision<Real>) {
    constexpr int count = std::is_same_v<Real, mp50> ? 9 : 16;
    const std::vector<float> A(rows * cols * count, 3.0F);
    const std::vector<double> x(cols * count, 5.0);
    std::vector<std::int64_t> totals(rows * count);
    for (auto _ : state) digits::times<count>(1, cols, A.data(), x.data(), totals.data());
  } else {
    const auto A = numbers<Real>(rows * cols), x = numbers<Real>(cols);
    std::vector<Real> y(rows);
    for (auto _ : state) times<Real>(rows, cols, A.data(), x.data(), y.data());
  }
  state.counters["entries"] =
      benchmark::Counter(static_cast<double>(rows * cols), benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

#define BENIGN_BENCHMARKS(Real)                                                 \
  BENCHMARK_TEMPLATE(coefficients, Real)->Unit(benchmark::kMicrosecond);        \
  BENCHMARK_TEMPLATE(statistics, Real)->Unit(benchmark::kMicrosecond);          \
  BENCHMARK_TEMPLATE(flow, Real)->Unit(benchmark::kMillisecond)->Iterations(1); \
  BENCHMARK_TEMPLATE(product, Real)->Unit(benchmark::kMicrosecond);             \
  BENCHMARK_TEMPLATE(prepared_product, Real)->Unit(benchmark::kMicrosecond);    \
  BENCHMARK_TEMPLATE(plain_product, Real)->Unit(benchmark::kMicrosecond);       \
  BENCHMARK_TEMPLATE(outer_product, Real)->Unit(benchmark::kMicrosecond);       \
  BENCHMARK_TEMPLATE(peak, Real)->Unit(benchmark::kMicrosecond);
BENIGN_FOR_EACH_REAL(BENIGN_BENCHMARKS)
BENCHMARK_MAIN();

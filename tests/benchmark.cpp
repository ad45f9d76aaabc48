// What a step costs in each route, a frame, and a whole cell of a phase diagram. Run: build/tests/benign_benchmark
//
// A step of `coefficients` should be at least 100 times, and of `statistics` 200 times, faster than one of `direct` at
// d = 2000, and neither should know d. A cell of inner products alone should cost at d = 10^12 what it does at 10^3.

#include "sim/sweeps/cells.hpp"
#include "sim/runs/simulate.hpp"

#include <benchmark/benchmark.h>

using namespace benign;
using namespace benign::sim;

namespace {

RunConfig at_dimension(long d) {
  RunConfig config;
  config.parameters.d = d;
  return config;
}

void step(benchmark::State& state, RouteKind route) {
  RunConfig config = at_dimension(state.range(0));
  config.route = route;
  const Run<double> run(config, QNorm::not_needed);
  Vector<double> x = run.route().start();
  for (auto _ : state) run.route().descend(x, run.frame().scales.step);
}

/// The right-hand side of the flow.
void flow_evaluation(benchmark::State& state) {
  const Run<double> run(at_dimension(state.range(0)), QNorm::not_needed);
  Vector<double> x = run.route().start(), dx;
  for (auto _ : state) run.route().flow(x, 0.5, dx);
}

void initial_weights(benchmark::State& state, theory::Init init) {
  RunConfig config = at_dimension(state.range(0));
  config.parameters.init = init;
  const InitialWeights W0(config.parameters, 1);
  for (auto _ : state)
    for (Index row = 0; row < W0.d(); row += 8) benchmark::DoNotOptimize(W0.block(row, 8, 0, W0.d()).data());
}

/// W₀ once, in memory, as a run of `direct` starts.
void direct_start(benchmark::State& state) {
  RunConfig config = at_dimension(state.range(0));
  config.route = RouteKind::direct;
  const Run<double> run(config, QNorm::not_needed);
  for (auto _ : state) benchmark::DoNotOptimize(run.route().start().data());
}

void frame(benchmark::State& state, QNorm q_norm, theory::Init init) {
  RunConfig config = at_dimension(state.range(0));
  config.parameters.init = init;
  const Instance instance = draw_instance(config.parameters, config.data, 1);
  for (auto _ : state) benchmark::DoNotOptimize(make_frame<double>(instance, q_norm).K.data());
}

void population_test(benchmark::State& state) {
  const PopulationTest test(theory::Parameters{});
  for (auto _ : state) benchmark::DoNotOptimize(test({1.0, 1.1, 0.5}));
}

/// The inner products of `gram`, with factors as they are drawn anew for each d, n, T and seed.
void gram_frame(benchmark::State& state) {
  RunConfig config = at_dimension(state.range(0));
  config.parameters.init = theory::Init::gaussian;
  const Instance instance = draw_instance(config.parameters, DataKind::gram, 1);
  for (auto _ : state)
    benchmark::DoNotOptimize(make_gram_frame<double>(instance, draw_gram_factors(config.parameters, 1)).K.data());
}

/// A cell of 1000 steps with its population test loss, next to others of the same d; ‖μ‖ is such that SNR = 0.447.
void cell(benchmark::State& state, DataKind data, RouteKind route) {
  RunConfig config = at_dimension(state.range(0));
  auto& p = config.parameters;
  config.data = data, config.route = route;
  p.init = theory::Init::gaussian;
  set_axis(config, "snr", theory::Decimal("0.447"));
  p.lr = theory::Decimal("0.1"), p.lr_unit = theory::LrUnit::tau0;
  SharedDraws shared;
  for (auto _ : state) {
    const Run<double> run(config, QNorm::needed, shared);
    benchmark::DoNotOptimize(run.test(run_to_end(run).state)->loss);
  }
}

}  // namespace

BENCHMARK_CAPTURE(step, direct, RouteKind::direct)->Arg(2000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(step, coefficients, RouteKind::coefficients)->Arg(2000)->Arg(20000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(step, statistics, RouteKind::statistics)->Arg(2000)->Arg(20000)->Unit(benchmark::kMicrosecond);
BENCHMARK(flow_evaluation)->Arg(2000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(initial_weights, uniform, theory::Init::uniform)->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(initial_weights, gaussian, theory::Init::gaussian)->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK(direct_start)->Arg(2000)->Unit(benchmark::kMillisecond);
// Frames run on all cores: real time is what counts.
BENCHMARK_CAPTURE(frame, uniform_logits_only, QNorm::not_needed, theory::Init::uniform)
    ->Arg(2000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(frame, uniform, QNorm::needed, theory::Init::uniform)
    ->Arg(2000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(frame, gaussian, QNorm::needed, theory::Init::gaussian)
    ->Arg(2000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(gram_frame)->Arg(1000)->Arg(1'000'000'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cell, gram, DataKind::gram, RouteKind::coefficients)
    ->Arg(1000)
    ->Arg(2000)
    ->Arg(1'000'000'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(cell, direct, DataKind::dense, RouteKind::direct)->Arg(2000)->Unit(benchmark::kMillisecond);
BENCHMARK(population_test)->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();

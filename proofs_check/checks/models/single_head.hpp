#pragma once
// What the claims about single-head attention (sim/models/single_head.cpp) have in common.

#include "proofs_check/framework/hypotheses.hpp"
#include "sim/runs/method.hpp"
#include "sim/runs/parameter_table.hpp"
#include "theory/laws/two_steps.hpp"

namespace benign::proofs {

inline constexpr const char* single_head_model = "single-head";

/// The state of a run in double after these steps, and what is read of it.
inline sim::Readout<double> read_after(const sim::Run<double>& run, long steps) {
  return run.route().read(sim::descend_to(run, steps));
}

inline sim::Run<double> closed_run(const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  config.flow = false, config.precision = Precision::binary64, config.route = sim::RouteKind::coefficients;
  return laboratory.run<double>(config);
}

/// The smallest Yf, over its sample's size: what decides whether labels are fitted.
inline double least_margin(const sim::Run<double>& run, const sim::Readout<double>& seen) {
  const auto& samples = run.frame().samples;
  const Vector<double> f = sim::outputs_of(samples, seen);
  return *sim::smallest_margin(samples, run.frame().noisy, f, [](bool, int) { return true; });
}

inline sim::TestError test_of(const sim::Run<double>& run, const sim::Readout<double>& seen) {
  return run.model().in<double>().test(run.config().parameters, run.config().route, seen).value();
}

/// A setting in which n SNR² is c, and α/τ₀ is a.
inline void set_strength(Laboratory& laboratory, long n, long d, double c, double a) {
  auto& p = laboratory.config.parameters;
  p.n = n, p.d = d;
  p.mu = sim::decimal_of(std::sqrt(c * static_cast<double>(d) / static_cast<double>(n)));
  p.lr_unit = theory::LrUnit::tau0, p.lr = sim::decimal_of(a);
}

inline Hypothesis small_noise(const Laboratory& laboratory, double most) {
  const double unit = theory::noise_unit(laboratory.config.parameters, laboratory.delta);
  return {format("sqrt(n/d) sqrt(2 log(4n/delta)) <= %.3g (it is %.3g)", most, unit), unit <= most};
}

}  // namespace benign::proofs

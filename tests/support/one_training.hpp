#pragma once
// A model's closed system against its training in d dimensions, head and all.

#include "sim/runs/method.hpp"
#include "tests/support/compare.hpp"

namespace benign::tests {

template <class Real>
sim::Readout<Real> readout_at_end(const sim::RunConfig& config) {
  const sim::Run<Real> run(config);
  const auto method = sim::make_method(run);
  sim::train(*method, config.parameters.steps, [](long) {});
  return run.route().read(method->state());
}

template <class Real>
void require_one_training(sim::RunConfig reduced, double tolerance) {
  sim::RunConfig direct = reduced;
  reduced.route = sim::RouteKind::coefficients, direct.route = sim::RouteKind::direct;
  const auto a = readout_at_end<Real>(reduced), b = readout_at_end<Real>(direct);
  CHECK(relative_difference(a.logits, b.logits) <= tolerance);
  CHECK(relative_difference(a.head->values, b.head->values) <= tolerance);
  const auto largest = [](const Vector<Real>& x) { return representative<Real>(x.template lpNorm<Eigen::Infinity>()); };
  const double logits = largest(b.logits), values = largest(b.head->values);
  require_close(a.mu_plus_q, b.mu_plus_q, tolerance, logits);
  require_close(a.mu_minus_q, b.mu_minus_q, tolerance, logits);
  require_close(a.head->mu_plus, b.head->mu_plus, tolerance, values);
  require_close(a.head->mu_minus, b.head->mu_minus, tolerance, values);
  if (b.q_norm2) require_close(*a.q_norm2, *b.q_norm2, tolerance);
  require_close(a.head->norm2, b.head->norm2, tolerance);
  if (!b.head->with_q) return;
  const double lengths = std::sqrt(representative(*b.q_norm2) * representative(b.head->norm2));
  require_close(*a.head->with_q, *b.head->with_q, tolerance, lengths);
}

}  // namespace benign::tests

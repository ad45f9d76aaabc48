#include "sim/runs/escalation.hpp"

#include "sim/routes/flow.hpp"
#include "sim/runs/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace benign::sim {
namespace {

constexpr double loosened = 32;

double distance(const RunNumbers& x, const RunNumbers& y) {
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i].has_value() != y[i].has_value()) return std::numeric_limits<double>::infinity();
    if (!x[i] || *x[i] == *y[i]) continue;  // from the start, −∞, in both
    const double apart = std::abs(representative<mp100>(*x[i] - *y[i]));
    largest = std::max(largest, apart / std::max(1.0, std::abs(representative(*y[i]))));
  }
  return largest;
}

RunNumbers outcome_of(const RunConfig& config, Precision precision, double tolerance) {
  return with_precision(precision, [&]<class Real>(std::type_identity<Real>) {
    const Run<Real> run(config, QNorm::not_needed);
    const auto result = simulate<Real>(run, 0, {}, {}, tolerance);
    const auto& readout = result.last.readout;
    RunNumbers outcome = {mp100(result.last.train_loss), mp100(readout.mu_plus_q), mp100(readout.mu_minus_q)};
    for (const auto& event : {result.events.fit, result.events.gap, result.events.memorised})
      outcome.push_back(event ? std::optional<mp100>(*event) : std::nullopt);
    return outcome;
  });
}

}  // namespace

Escalation escalate(const std::function<RunNumbers(Precision, double)>& outcome) {
  Escalation found{Precision::binary64};
  while (found.precision != Precision::digits100) {
    const auto [tolerance, roundoff] = with_precision(found.precision, []<class Real>(std::type_identity<Real>) {
      return std::pair{default_tolerance<Real>(), unit_roundoff<Real>()};
    });
    const auto next = static_cast<Precision>(static_cast<int>(found.precision) + 1);
    const RunNumbers higher = outcome(next, tolerance);
    found.error = distance(outcome(next, loosened * tolerance), higher) + 16 * roundoff;
    found.difference = distance(outcome(found.precision, tolerance), higher);
    found.confirmed = found.difference <= found.error;
    if (found.confirmed) break;
    found.precision = next;
  }
  return found;
}

Escalation escalate(const RunConfig& config) {
  return escalate([&](Precision precision, double tolerance) { return outcome_of(config, precision, tolerance); });
}

}  // namespace benign::sim

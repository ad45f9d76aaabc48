#include "theory/laws/regime.hpp"

#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::theory {
namespace {

double signal_over_noise(const Parameters& p) { return p.mu.as<double>() / p.sigma.as<double>(); }

double log_tokens_over(const Parameters& p, double delta) {
  return elementary::log(static_cast<double>(p.tokens()) / delta);
}

}  // namespace

double snr(const Parameters& p) { return signal_over_noise(p) / std::sqrt(static_cast<double>(p.d)); }

Borders borders(const Parameters& p) {
  return {elementary::pow(static_cast<double>(p.d), -0.25), 1 / std::sqrt(static_cast<double>(p.n))};
}

Regime regime(const Parameters& p) {
  const auto [harmful, not_overfitting] = borders(p);
  const double ratio = snr(p);
  if (harmful > not_overfitting)
    return ratio * ratio < harmful * not_overfitting ? Regime::harmful : Regime::not_overfitting;
  if (ratio < harmful) return Regime::harmful;
  return ratio > not_overfitting ? Regime::not_overfitting : Regime::benign;
}

double slack_A1_signal(const Parameters& p) {
  const double strength = signal_over_noise(p);
  return static_cast<double>(p.d) / (static_cast<double>(p.n) * strength * strength);
}

double slack_A1_dimension(const Parameters& p, double delta) {
  const double n = static_cast<double>(p.n), log = log_tokens_over(p, delta);
  return static_cast<double>(p.d) / (n * n * log * log);
}

double slack_A1(const Parameters& p, double delta) {
  return std::min(slack_A1_signal(p), slack_A1_dimension(p, delta));
}

double slack_A2(const Parameters& p, double delta) {
  return signal_over_noise(p) /
         (elementary::pow(static_cast<double>(p.d), 0.25) * std::sqrt(log_tokens_over(p, delta)));
}

}  // namespace benign::theory

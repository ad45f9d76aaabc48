#pragma once
// The limit d → ∞ by its own route.

#include "sim/runs/run_config.hpp"

#include <cmath>
#include <string>

namespace benign {

/// What the limit depends on besides n SNR².
struct LimitSetting {
  long n = 20, T = 8;
  const char *rho = "0.1", *eta = "0.2";

  std::string text() const {
    return "n, T, rho, eta = " + std::to_string(n) + ", " + std::to_string(T) + ", " + rho + ", " + eta;
  }
};

/// The flow up to `log_s_max`.
inline sim::RunConfig limit_config(const char* mu, long d, const std::string& log_s_max,
                                   const LimitSetting& setting = {}) {
  sim::RunConfig config;
  config.route = sim::RouteKind::limit;
  auto& p = config.parameters;
  p.n = setting.n, p.T = setting.T, p.rho = theory::Decimal(setting.rho), p.eta = theory::Decimal(setting.eta);
  p.mu = theory::Decimal(mu), p.d = d, p.steps = 1;
  config.flow = true;
  config.log_s_max = theory::Decimal(log_s_max);
  return config;
}

/// At ‖μ‖ = 10⁶, where what is left of σ/‖μ‖ does not matter, with the d that makes n SNR² = x.
inline sim::RunConfig limit_config_at(double x, const std::string& log_s_max, const LimitSetting& setting = {}) {
  return limit_config("1000000", std::lround(static_cast<double>(setting.n) * 1e12 / x), log_s_max, setting);
}

}  // namespace benign

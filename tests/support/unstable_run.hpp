#pragma once
// Small descents near and beyond stability, for what encloses them.

#include "sim/runs/run_config.hpp"
#include "theory/numbers/limbs.hpp"

namespace benign::tests {

inline sim::RunConfig unstable(const char* mu, const char* lr, const char* sigma_p,
                               sim::Train train = sim::Train::W_and_p, const char* sigma_w = "0.5") {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 14, p.init = theory::Init::gaussian, p.eta = theory::Decimal("0.5");
  p.mu = theory::Decimal(mu), p.lr = theory::Decimal(lr), p.sigma_w = theory::Decimal(sigma_w),
  p.sigma_p = theory::Decimal(sigma_p);
  config.seed = 3, config.train = train;
  return config;
}

/// Of an orbit in 50 digits.
constexpr long orbit_test_bits = limbs::bits_of<mp50> + 16;

}  // namespace benign::tests

// The law of memorisation: its slope by three routes, and the limit system's own times.

#include "tests/support/limit_config.hpp"
#include "sim/runs/simulate.hpp"
#include "theory/laws/memorisation.hpp"
#include "theory/model/model.hpp"
#include "theory/laws/regime.hpp"
#include "theory/laws/rates.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>

using namespace benign;
using theory::Decimal;

namespace {

const double gamma_ = theory::head_scale<double>();
const double w_clean = theory::sigmoid<double>(-gamma_), w_noisy = theory::sigmoid<double>(gamma_);

/// k from the equations as they stand (THEORY section 5.14), by Runge and Kutta's method until X falls:
/// dy_{2,3} = −w_c(1∓ρ) e^{y_{2,3}−y₁}, dz_{2,3} = w_n(1∓ρ) e^{z_{2,3}−z₁}, dX = −(x/n)(1−ρ)[N_c Σ dy + N_n Σ dz].
double slope_by_integration(double n, double rho, double clean, double noisy) {
  using State = std::array<double, 4>;  // y₂, y₃, z₂, z₃
  const auto rate = [&](const State& s) -> State {
    const double y1 = -s[0] - s[1], z1 = -s[2] - s[3];
    return {-w_clean * (1 - rho) * std::exp(s[0] - y1), -w_clean * (1 + rho) * std::exp(s[1] - y1),
            w_noisy * (1 - rho) * std::exp(s[2] - z1), w_noisy * (1 + rho) * std::exp(s[3] - z1)};
  };
  const auto add = [](State a, const State& b, double h) {
    for (std::size_t i = 0; i < 4; ++i) a[i] += h * b[i];
    return a;
  };
  State s{};
  double best = 0;
  const double h = 1e-5;
  for (;;) {
    const State k1 = rate(s), k2 = rate(add(s, k1, h / 2)), k3 = rate(add(s, k2, h / 2)), k4 = rate(add(s, k3, h));
    for (std::size_t i = 0; i < 4; ++i) s[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    const double X = -(1 - rho) / n * (clean * (s[0] + s[1]) + noisy * (s[2] + s[3]));
    if (X < best) return (1 - rho) * best;
    best = X;
  }
}

theory::Parameters parameters(long n, long T, const char* rho, const char* eta) {
  theory::Parameters p;
  p.n = n, p.T = T, p.rho = Decimal(rho), p.eta = Decimal(eta);
  return p;
}

}  // namespace

TEST_CASE("the slope of memorisation is that of its equations", "[memorisation]") {
  CHECK(theory::memorisation_slope(parameters(20, 8, "0.1", "0.2")) == Approx(0.01126).margin(5e-6).epsilon(0));
  CHECK(theory::memorisation_slope(parameters(20, 8, "0.2", "0.2")) == Approx(0.00880).margin(5e-6).epsilon(0));
  struct Set {
    long n;
    const char *rho, *eta;
    double noisy;
  };
  for (const auto& set :
       {Set{20, "0.1", "0.2", 2}, {20, "0.3", "0.1", 1}, {40, "0.05", "0.3", 6}, {8, "0.5", "0.25", 1}}) {
    const auto p = parameters(set.n, 8, set.rho, set.eta);
    const double n = static_cast<double>(set.n),
                 expected = slope_by_integration(n, p.rho.as<double>(), n / 2 - set.noisy, set.noisy);
    CHECK(theory::memorisation_slope(p) == Approx(expected).epsilon(1e-8));
  }
}

TEST_CASE("the slope of memorisation without weakly relevant tokens is elementary", "[memorisation]") {
  // k = m/((m+1) n) ∫₀^{D*} (N_c w_c − N_n w_n e^D)/(w_c + w_n e^D) dD, by the midpoint rule; e^{D*} = N_c w_c/(N_n
  // w_n).
  for (const long T : {3, 8, 30}) {
    const double end = std::log(8 * w_clean / (2 * w_noisy)), m = static_cast<double>(T - 1);
    double integral = 0;
    constexpr int parts = 20000;
    for (int k = 0; k < parts; ++k) {
      const double e = std::exp(end * (k + 0.5) / parts);
      integral += end / parts * (8 * w_clean - 2 * w_noisy * e) / (w_clean + w_noisy * e);
    }
    CHECK(theory::memorisation_slope(parameters(20, T, "0", "0.2")) ==
          Approx(m / (m + 1) / 20 * integral).epsilon(1e-8));
  }
}

TEST_CASE("nothing to memorise, or nothing to hold it back", "[memorisation]") {
  CHECK(std::isinf(theory::memorisation_slope(parameters(20, 8, "0.1", "0"))));
  CHECK(theory::memorisation_slope(parameters(20, 8, "0.1", "0.5")) == 0);
}

TEST_CASE("local slopes of the limit's memorisation approach k as k - 1/(2x)", "[memorisation][limit]") {
  for (const auto& set : {LimitSetting{20, 8, "0.1", "0.2"},
                          {20, 8, "0.2", "0.2"},
                          {20, 4, "0.1", "0.1"},
                          {40, 16, "0.1", "0.3"},
                          {10, 8, "0.3", "0.2"}}) {
    const double k = theory::memorisation_slope(parameters(set.n, set.T, set.rho, set.eta));
    const auto time = [&](double log_s) {  // and x, where k x = log_s
      const auto config = limit_config_at(log_s / k, std::to_string(std::lround(1.3 * log_s + 20)), set);
      const auto events = sim::simulate<double>(config, 0, {}).events;
      return std::pair{theory::n_snr2(config.parameters), events.memorised.value()};
    };
    const auto [x1, s1] = time(100);
    const auto [x2, s2] = time(200);
    const double slope = (s2 - s1) / (x2 - x1), mean_correction = std::log(x2 / x1) / (2 * (x2 - x1));
    INFO(set.text() << ": k = " << k << ", slope " << slope << " = k (1 + " << slope / k - 1 << "), corrected (1 + "
                    << (slope + mean_correction) / k - 1 << ")");
    CHECK(std::abs((slope + mean_correction) / k - 1) < 2e-3);
    // The correction is there: without it the slope is as far off as it says.
    CHECK(std::abs((slope + mean_correction) / k - 1) < 0.5 * mean_correction / k);
  }
}

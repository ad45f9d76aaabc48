#include "theory/laws/rates.hpp"

#include "theory/model/model.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::theory {
namespace {

struct Setting {
  double T, rho, eta, gamma, w_clean, w_noisy, excess;  // excess = N_c w_c − N_n w_n
};

Setting setting(const Parameters& p) {
  Setting x{};
  x.T = static_cast<double>(p.T), x.rho = p.rho.as<double>(), x.eta = p.eta.as<double>();
  x.gamma = head_scale<double>();
  x.w_clean = sigmoid<double>(-x.gamma / x.T), x.w_noisy = sigmoid<double>(x.gamma / x.T);
  const double noisy = static_cast<double>(noise_count(p)) / 2, clean = static_cast<double>(p.n) / 2 - noisy;
  x.excess = clean * x.w_clean - noisy * x.w_noisy;
  return x;
}

}  // namespace

double n_snr2(const Parameters& p) { return static_cast<double>(p.n) * snr(p) * snr(p); }

Rates first_rates(const Parameters& p) {
  const Setting x = setting(p);
  const double T2 = x.T * x.T, own = x.gamma / x.T;
  const double signal = snr(p) * snr(p) * x.gamma * (x.T - 1 - 2 * x.rho) / T2 * x.excess;
  const double shared = signal * (1 - 2 * x.rho / (x.T - 1));
  Rates rates{};
  rates.noise_clean = x.w_clean * own * (x.T - 1) / x.T, rates.noise_noisy = -x.w_noisy * own * (x.T - 1) / x.T;
  rates.signal = signal;
  rates.gap_clean = x.w_clean * own + shared, rates.gap_noisy = -x.w_noisy * own + shared;
  rates.c_clean = rates.gap_clean * T2 / (x.T - 1), rates.c_noisy = rates.gap_noisy * T2 / (x.T - 1);
  return rates;
}

double effective_gap(const double* logits, long T) {
  const double largest = *std::max_element(logits + 1, logits + T);
  double sum = 0;
  for (long t = 1; t < T; ++t) sum += elementary::exp(logits[t] - largest);
  return logits[0] - largest - elementary::log(sum / static_cast<double>(T - 1));
}

double turning_point(const Parameters& p) {
  const Setting x = setting(p);
  if (x.excess <= 0) return HUGE_VAL;
  const double n = static_cast<double>(p.n);
  return n * x.w_noisy * x.T / ((1 - 2 * x.rho / (x.T - 1)) * (x.T - 1 - 2 * x.rho) * x.excess);
}

double half_attention_time(const Parameters& p) {
  const double m = static_cast<double>(p.T - 1);
  return (2 * elementary::log(m) + m - 1 / m) / first_rates(p).c_clean;
}

}  // namespace benign::theory

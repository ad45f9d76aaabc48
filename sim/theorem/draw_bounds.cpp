#include "sim/theorem/draw_bounds.hpp"

namespace benign::sim {
namespace {

constexpr int draw_families = 7;

/// √(2 log(7 count/δ)): count e^{−τ²/2} = δ/7.
Enclosure deviation_quantile(long count, const Enclosure& delta) {
  return sqrt(2 * log(Enclosure(draw_families) * count / delta));
}

/// The largest deviation from 1 of the squared singular values of a Gaussian matrix of so many rows over √d
/// (Davidson and Szarek 2001).
Enclosure gram_deviation(long rows, const Enclosure& tau, const Enclosure& root_d) {
  const Enclosure t = (sqrt(Enclosure(rows)) + tau) / root_d;
  return 2 * t + t * t;
}

}  // namespace

DrawBounds::DrawBounds(const theory::Parameters& p, const DrawSlice& s) {
  const long n = p.n, T = p.T, rank = n * (T - 1);
  samples[1] = theory::noise_count(p), samples[0] = n - samples[1];
  const Enclosure one = deviation_quantile(1, s.delta), two = deviation_quantile(2, s.delta), root_d = sqrt(s.d);
  const Enclosure rho = p.rho.as<Enclosure>(), snr2 = (s.x + s.half) / n;
  snr = sqrt(snr2);
  // (PC)ᵀPC: both signals alike, and their product from the tokens' means.
  signal2 = (1 + 2 * rho * rho - ((1 + rho) * (1 + rho) + rho * rho) / T) * n / 2;
  const Enclosure lambda = signal2 + (1 + rho) * rho * n / T;
  limit_norm = 1 + snr2 * lambda;
  const Enclosure least = greater(2 * signal2 - lambda, Enclosure(0));  // the smaller eigenvalue of (PC)ᵀPC
  damping = 1 / (1 + (s.x - s.half) / n * least);
  const Enclosure z = (sqrt(Enclosure(rank)) + sqrt(Enclosure(2)) + one) / root_d;
  noise = gram_deviation(rank, two, root_d) + 2 * snr * sqrt(lambda) * z;
  norm = limit_norm + noise;
  const bool identity = p.init == theory::Init::identity;
  const Enclosure B = identity ? Enclosure(0) : gram_deviation(rank + 2, two, root_d);
  weights = B * norm;
  slice = s.half / n * lambda;
  row_length = snr2 * sqrt(signal2) + snr * z;
  row = snr * z + snr * B * sqrt(norm) + s.half / n * sqrt(signal2);
  inverse_mu = 1 / s.mu;
  value = deviation_quantile(p.tokens(), s.delta) / s.mu;
  for (int g = 0; g < 2; ++g) values[g] = (sqrt(Enclosure(samples[g] * T)) + one) / s.mu;
  const Enclosure kappa = identity ? Enclosure(1) : ratio<Enclosure>(1, 3);
  epsilon = 1 / (kappa * kappa * s.d);
  initial_norm = identity ? Enclosure(1) : 2 + one / root_d;
  this->kappa = kappa;
}

}  // namespace benign::sim

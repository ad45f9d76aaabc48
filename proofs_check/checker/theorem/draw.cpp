#include "proofs_check/checker/theorem/draw.hpp"

namespace benign::checker {

DrawLimits::DrawLimits(const theory::Parameters& p, const Slice& slice) {
  const bool identity = p.init == theory::Init::identity;
  flipped = theory::noise_count(p), clean = p.n - flipped;
  const Interval n(p.n), T(p.T), N(p.n * p.T), rank(p.n * (p.T - 1)), root_d = sqrt(slice.d),
                                                                      rho = Interval::decimal(p.rho.text());
  // An event with `count` cases, each of probability e^{−x²/2} at most: together δ/7.
  const auto tail = [&](const Interval& count) { return sqrt(Interval(2) * log(Interval(7) * count / slice.delta)); };
  const auto gram = [&](const Interval& rows) {
    const Interval t = (sqrt(rows) + tail(Interval(2))) / root_d;
    return square(Interval(1) + t) - Interval(1);
  };
  snr2 = (slice.middle + slice.half) / n;
  const Interval snr = sqrt(snr2);
  // Σ over samples: of its own class 1 + ρ² − (1 + ρ)²/T, of the other ρ² − ρ²/T; both signals meet in −ρ(1 + ρ)/T.
  const Interval own = Interval(1) + square(rho) - square(Interval(1) + rho) / T, other = square(rho) - square(rho) / T,
                 squared = n / Interval(2) * (own + other), cross = n * rho * (Interval(1) + rho) / T,
                 largest_eigenvalue = squared + cross;
  signal = sqrt(squared);
  damping = Interval(1) / (Interval(1) + (slice.middle - slice.half) / n * largest(squared - cross, Interval(0)));
  K = Interval(1) + snr2 * largest_eigenvalue;
  const Interval column = (sqrt(rank) + sqrt(Interval(2)) + tail(Interval(1))) / root_d;
  noise = gram(rank) + Interval(2) * snr * sqrt(largest_eigenvalue) * column;
  K_hat = K + noise;
  const Interval B = identity ? Interval(0) : gram(rank + Interval(2));
  initial = B * K_hat;
  width = slice.half / n * largest_eigenvalue;
  k_row = snr2 * signal + snr * column;
  h_row = snr * column + snr * B * sqrt(K_hat) + slice.half / n * signal;
  inverse_mu = Interval(1) / slice.mu;
  value = tail(N) * inverse_mu;
  clean_values = (sqrt(Interval(clean) * T) + tail(Interval(1))) * inverse_mu;
  flipped_values = (sqrt(Interval(flipped) * T) + tail(Interval(1))) * inverse_mu;
  kappa = identity ? Interval(1) : Interval(1) / Interval(3);
  epsilon = Interval(1) / (square(kappa) * slice.d);
  initial_norm2 = identity ? Interval(1) : square(Interval(2) + tail(Interval(1)) / root_d);
}

}  // namespace benign::checker

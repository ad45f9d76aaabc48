#include "theory/laws/keys_queries.hpp"

#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/model/model.hpp"

#include <algorithm>
#include <cmath>

namespace benign::theory {
namespace {

/// m = log(1/(e^ε − 1)), the margin whose loss is ε.
double margin_of_loss(double epsilon) { return -elementary::log(elementary::expm1(epsilon)); }

/// max{‖μ‖², σ²d} √d_h.
double largest_scale(const Parameters& p) {
  const double mu = p.mu.as<double>();
  return std::max(mu * mu, scales<double>(p).token_norm2) * std::sqrt(static_cast<double>(p.d_h));
}

}  // namespace

double even_border(const Parameters& p) { return 52 * static_cast<double>(p.T) - 4; }

double even_rate(const Parameters& p) {
  const double M = static_cast<double>(p.T);
  return (n_snr2(p) / 2 + 26 * M - 2) / (M * M);
}

double fit_time(const Parameters& p, double g, double epsilon) {
  const double w = p.w_o.as<double>(), m = margin_of_loss(epsilon);
  return (1 / elementary::expm1(epsilon) + m - 1) / (w * w * g);
}

double even_share(const Parameters& p) {
  const double x = n_snr2(p) / even_border(p);
  return x / (1 + x);
}

double selected_share(const Parameters& p) {
  const double M = static_cast<double>(p.T);
  return (2 * M - 1) / (M * M);
}

double loss_of_share(double share, double epsilon) { return logistic_loss(share * margin_of_loss(epsilon)); }

double slack_width(const Parameters& p, double epsilon) {
  const double n = static_cast<double>(p.n), snr2 = n_snr2(p) / n, snr4 = snr2 * snr2;
  return static_cast<double>(p.d_h) * epsilon * epsilon / (std::max(snr4, 1 / snr4) * n * n);
}

double slack_dimension(const Parameters& p, double epsilon) {
  const double n = static_cast<double>(p.n);
  return static_cast<double>(p.d) * epsilon * epsilon / (n * n * static_cast<double>(p.d_h));
}

double slack_start(const Parameters& p) {
  const double sigma_h = theory::sigma_h<double>(p);
  return 1 / (sigma_h * sigma_h * largest_scale(p));
}

double slack_step(const Parameters& p) {
  const auto scale = scales<double>(p);
  return 1 / (scale.step * scale.tau0 * largest_scale(p));
}

}  // namespace benign::theory

#include "theory/laws/two_steps.hpp"

#include "theory/model/model.hpp"

#include <cmath>
#include <limits>

namespace benign::theory {
namespace {

double strength(const Parameters& p) {
  const double ratio = p.mu.as<double>() / p.sigma.as<double>();
  return static_cast<double>(p.n) * ratio * ratio / static_cast<double>(p.d);
}

double share_flipped(const Parameters& p) { return static_cast<double>(noise_count(p)) / static_cast<double>(p.n); }

}  // namespace

TwoSteps two_steps(const Parameters& p, int label) {
  const double a = scales<double>(p).step, c = strength(p);
  const double eta = 2 * static_cast<double>(noise_count(p, label)) / static_cast<double>(p.n);
  const double kappa = 1 - 2 * eta, x = kappa * c / 2;
  const double clean = sigmoid(-a * (x + 1) / 8), flipped = sigmoid(a * (x - 1) / 8);
  const double value_unit = a / 4, logit_unit = a * a / 16;
  TwoSteps seen{};
  seen.signal_value = value_unit * c * (kappa / 2 + (1 - eta) * clean - eta * flipped);
  seen.clean_value = value_unit * (1 + 2 * clean), seen.flipped_value = value_unit * (1 + 2 * flipped);
  seen.signal_logit = logit_unit * c / 2 * ((1 - eta) * clean * (x - 1) - eta * flipped * (x + 1));
  seen.clean_logit = -logit_unit * clean * (x - 1), seen.flipped_logit = logit_unit * flipped * (x + 1);
  const double V = seen.signal_value;
  seen.fit = V > 0 ? seen.flipped_logit - seen.signal_logit + elementary::log(seen.flipped_value / V)
                   : std::numeric_limits<double>::infinity();
  return seen;
}

double noise_unit(const Parameters& p, double delta) {
  const double n = static_cast<double>(p.n);
  return std::sqrt(n / static_cast<double>(p.d) * 2 * elementary::log(4 * n / delta));
}

double selection_margin(const Parameters& p) {
  const double eta = share_flipped(p), c = strength(p), ratio = static_cast<double>(p.n) / static_cast<double>(p.d);
  const double m = (1 - 2 * eta) / (1 + 2 / c);
  return m / std::sqrt(ratio * ((1 - eta) * (1 - m) * (1 - m) + eta * (1 + m) * (1 + m)));
}

double margin_border(const Parameters& p) { return 2 / (1 - share_flipped(p)); }

}  // namespace benign::theory

#include "theory/laws/good_event.hpp"

#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::theory {
namespace {

double tokens(const Parameters& p) { return static_cast<double>(p.tokens()); }

/// 2√(x/d) + 2x/d: a χ²_d variable over d deviates from 1 by more with probability at most 2e^{−x}.
double chi_squared_deviation(double x, double d) { return 2 * std::sqrt(x / d) + 2 * x / d; }

}  // namespace

double norm_bound(const Parameters& p, double delta) {
  return chi_squared_deviation(elementary::log(2 * tokens(p) / delta), static_cast<double>(p.d));
}

double noise_product_bound(const Parameters& p, double delta) {
  // Given ε', ⟨ε, ε'⟩ is Gaussian, and P(|Z| > t) ≤ e^{−t²/2}.
  return std::sqrt(2 * elementary::log(tokens(p) * (tokens(p) - 1) / 2 / delta));
}

double signal_product_bound(const Parameters& p, double delta) {
  return std::sqrt(2 * elementary::log(2 * tokens(p) / delta));
}

double initial_weights_bound(const Parameters& p, double delta) {
  if (p.init == Init::identity) return 0;
  const double d = static_cast<double>(p.d), pairs = tokens(p) * (tokens(p) + 1) / 2 + 2 * tokens(p);
  const double x = elementary::log(4 * pairs / delta), gaussian = chi_squared_deviation(x, d);
  return p.init == Init::gaussian ? gaussian : std::max(gaussian, std::sqrt(6 * x / d));
}

}  // namespace benign::theory

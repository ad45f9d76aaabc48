#include "theory/laws/error_law.hpp"

#include "theory/model/model.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/elementary.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace benign::theory {
namespace {

double normal_cdf(double x) { return elementary::erfc(-x / std::numbers::sqrt2) / 2; }

/// ∫ φ(z) f(z) dz; what lies beyond 9 standard deviations is below 1e-18.
template <class F>
double normal_mean(const F& f) {
  constexpr double reach = 9;
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
      [&](double z) { return elementary::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi) * f(z); }, -reach, reach, 10,
      1e-13);
}

/// P(token t is largest, and weight(z) counts it), with z the standardised logit of token t.
template <class Weight>
double largest_with(const std::vector<double>& means, std::size_t t, const Weight& weight) {
  return normal_mean([&](double z) {
    double product = weight(z);
    for (std::size_t j = 0; j < means.size(); ++j)
      if (j != t) product *= normal_cdf(z + means[t] - means[j]);
    return product;
  });
}

/// The sum over all tokens of what is the same for those of one kind: probability(kind, one token of it).
template <class Probability>
double over_kinds(const Layout<double>& kinds, const Probability& probability) {
  double sum = 0;
  std::size_t first = 0;
  for (const auto& kind : kinds) {
    if (kind.count > 0) sum += static_cast<double>(kind.count) * probability(kind, first);
    first += static_cast<std::size_t>(kind.count);
  }
  return sum;
}

/// For every token mean(its kind).
template <class Mean>
std::vector<double> token_means(const Layout<double>& kinds, const Mean& mean) {
  std::vector<double> means;
  for (const auto& kind : kinds) means.insert(means.end(), static_cast<std::size_t>(kind.count), mean(kind));
  return means;
}

}  // namespace

std::vector<double> largest_probabilities(const std::vector<double>& means) {
  std::vector<double> found(means.size());
  for (std::size_t t = 0; t < means.size(); ++t)
    found[t] = t > 0 && means[t] == means[t - 1] ? found[t - 1] : largest_with(means, t, [](double) { return 1.0; });
  return found;
}

double head_value(const Parameters& p) { return head_scale<double>() * p.mu.as<double>() / p.sigma.as<double>(); }

double error_law_z(const Parameters& p) { return n_snr2(p) * snr(p) * snr(p) * static_cast<double>(p.d); }

double error_law_m(const Parameters& p, Kind noisy_kind) {
  const auto limit = limit_direction_law(p.n, p.T, p.rho.as<double>(), 0, groups_selecting(p, noisy_kind));
  const double T = static_cast<double>(p.T);
  return limit.c.mean() * std::sqrt(T / (T - 1) * error_law_z(p));
}

double error_law(double m, double rho, long T) {
  const auto kinds = layout(rho, T);
  const auto means = token_means(kinds, [m](const TokenKind<double>& kind) { return (kind.own + kind.other) * m; });
  return over_kinds(kinds, [&](const TokenKind<double>& kind, std::size_t t) {
    if (kind.own > kind.other) return 0.0;  // it answers right, at ‖μ‖/σ = ∞
    return (kind.own < kind.other ? 1.0 : 0.5) * largest_with(means, t, [](double) { return 1.0; });
  });
}

double hard_selection_error(const Parameters& p, const SeenDirection& q) {
  const double sigma = p.sigma.as<double>(), length = std::sqrt(q.q_norm2), value = head_value(p);
  const auto kinds = layout<double>(p);
  // ν·q/(‖ν‖‖q‖) with ν = γ(μ₊ − μ₋)/‖μ‖² and ‖ν‖ = 1/‖μ‖.
  const double along = head_scale<double>() * (q.mu_plus_q - q.mu_minus_q) / (p.mu.as<double>() * length);
  const double across = std::sqrt(std::max(1 - along * along, 0.0));
  double error = 0;
  for (const int y : {+1, -1}) {
    const double own = (y > 0 ? q.mu_plus_q : q.mu_minus_q) / (sigma * length),
                 other = (y > 0 ? q.mu_minus_q : q.mu_plus_q) / (sigma * length);
    const auto means =
        token_means(kinds, [&](const TokenKind<double>& kind) { return kind.own * own + kind.other * other; });
    error += over_kinds(kinds, [&](const TokenKind<double>& kind, std::size_t t) {
      return largest_with(means, t, [&](double z) {
        const double answer = (kind.own - kind.other) * value + y * along * z;
        return across > 0 ? normal_cdf(-answer / across) : static_cast<double>(answer < 0);
      });
    });
  }
  return error / 2;
}

SeenDirection expected_limit_direction(const Parameters& p, const std::vector<SelectingGroup>& groups) {
  const double d = static_cast<double>(p.d), sigma = p.sigma.as<double>();
  const auto limit = limit_direction_law(p.n, p.T, p.rho.as<double>(), n_snr2(p), groups);
  const double snr2 = snr(p) * snr(p), left = d - static_cast<double>(p.n * (p.T - 1));
  return {snr2 * limit.A[0], snr2 * limit.A[1], limit.norm2 / (sigma * sigma * left)};
}

double infinite_time_error(const Parameters& p) {
  if (p.d <= p.n * (p.T - 1)) return std::nan("");
  return hard_selection_error(p, expected_limit_direction(p, groups_by_value(p)));
}

}  // namespace benign::theory

#include "sim/generalisation/order_bounds.hpp"

#include "theory/model/model.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace benign::sim {
namespace {

/// A number b with Φ̄(b) next to the probability: no more than a choice, whose tail is enclosed afterwards.
double quantile(double probability) {
  return -elementary::normal_quantile(std::clamp(probability, 1e-300, 1.0 - 1e-9));
}

Enclosure power(const Enclosure& x, long exponent) {
  Enclosure y(1), square = x;
  for (; exponent > 0; exponent /= 2, square *= square)
    if (exponent % 2 == 1) y *= square;
  return y;
}

/// What one class sees.
struct OrderedClass {
  long T;
  Enclosure rho, own, other;  // ρ, X_y, X_{−y}
  Enclosure noise;            // σ‖q‖
  Enclosure clear;            // γ‖μ‖/σ
  Enclosure along, rest;      // |c|, √(1 − c²)

  /// B with P(‖z‖ > B) ≤ e^{−x}.
  Enclosure length(const Enclosure& x) const { return sqrt(T + 2 * sqrt(T * x) + 2 * x); }

  /// The best of some.
  Enclosure from_above() const {
    Enclosure least(1);
    for (double epsilon = 0.25; epsilon > 1e-40; epsilon /= epsilon > 1e-4 ? 1.5 : 10)
      if (const Enclosure bound = from_above(epsilon); !is_nan(bound)) least = lesser(least, bound);
    return least;
  }
  Enclosure from_above(double epsilon) const {
    const long m = T - 1;
    const double b0 = quantile(epsilon), x = -elementary::log(epsilon);
    Enclosure failure = normal_tail(Enclosure(b0)) + exp(-Enclosure(x));
    const Enclosure highest = greater(Enclosure(0), greater(rho * own, rho * other));
    Enclosure squares(1), r1, choose(1);
    for (long j = 1; j <= m; ++j) {
      choose = choose * (m - j + 1) / j;
      const double b = quantile(representative(exp((log(Enclosure(epsilon)) - log(choose)) / j)));
      failure += choose * power(normal_tail(Enclosure(b)), j);
      const Enclosure r = exp(highest - own + noise * (Enclosure(b0) + Enclosure(b)));
      if (j == 1) r1 = r;
      squares += r * r;
    }
    const Enclosure margin = clear * (1 - rho * r1);
    if (sign_of(margin) != Sign::positive) return Enclosure(1);
    return failure + normal_tail((margin / sqrt(squares) - along * length(Enclosure(x))) / rest);
  }

  Enclosure from_below() const {
    constexpr int slabs = 40;
    constexpr double first = -4, thickness = 0.2;
    const Enclosure m(T - 1), x(9), spread = 1 / sqrt(m);
    const Enclosure shift = rho * (own + other) / m - own, aside = along * length(x);
    std::vector<Enclosure> probability;
    for (int k = 0; k < slabs; ++k)
      probability.push_back(normal_tail(Enclosure(first + thickness * k)) -
                            normal_tail(Enclosure(first + thickness * (k + 1))));
    Enclosure sum = -exp(-x);
    for (int k = 0; k < slabs; ++k)
      for (int l = 0; l < slabs; ++l) {
        const Enclosure z1(first + thickness * (k + 1)), mean = spread * Enclosure(first + thickness * l);
        const Enclosure others = m * exp(2 * (shift + noise * (mean - z1)));
        const Enclosure A = (clear * (1 / sqrt(1 + others) + rho) + aside) / rest;
        sum += element(probability, k) * element(probability, l) * normal_tail(A);
      }
    return sum;
  }
};

/// Both classes, where ‖q‖ > 0 and |c| < 1 are certain.
std::vector<OrderedClass> ordered_classes(const theory::Parameters& p, const Enclosure& mu_plus_q,
                                          const Enclosure& mu_minus_q, const Enclosure& q_norm2) {
  const Enclosure sigma = p.sigma.as<Enclosure>(), mu = p.mu.as<Enclosure>(), q_norm = sqrt(q_norm2);
  const Enclosure gamma = theory::head_scale<Enclosure>();
  const Enclosure c = abs(gamma * (mu_plus_q - mu_minus_q) / (mu * q_norm));
  if (sign_of(q_norm) != Sign::positive || !(upper(c) < 1)) return {};
  std::vector<OrderedClass> classes;
  for (const auto& [own, other] : {std::pair{mu_plus_q, mu_minus_q}, {mu_minus_q, mu_plus_q}})
    classes.push_back({p.T, p.rho.as<Enclosure>(), own, other, sigma * q_norm, gamma * mu / sigma, c, sqrt(1 - c * c)});
  return classes;
}

}  // namespace

Enclosure order_bound_above(const theory::Parameters& p, const Enclosure& mu_plus_q, const Enclosure& mu_minus_q,
                            const Enclosure& q_norm2) {
  const auto classes = ordered_classes(p, mu_plus_q, mu_minus_q, q_norm2);
  if (classes.empty()) return Enclosure(1);
  return (classes[0].from_above() + classes[1].from_above()) / 2;
}

Enclosure order_bound_below(const theory::Parameters& p, const Enclosure& mu_plus_q, const Enclosure& mu_minus_q,
                            const Enclosure& q_norm2) {
  Enclosure sum(0);
  for (const OrderedClass& seen : ordered_classes(p, mu_plus_q, mu_minus_q, q_norm2))
    if (const Enclosure bound = seen.from_below(); !is_nan(bound)) sum += greater(Enclosure(0), bound) / 2;
  return sum;
}

}  // namespace benign::sim

#pragma once
// The product of the tokens' transforms off the real line, from its definition, by sums in doubles: for what bounds it.

#include "sim/generalisation/token_integral.hpp"

#include <cmath>
#include <complex>
#include <functional>

namespace benign::tests {

/// Φ(u) at a complex u, |Im u| < π/4, to some ten digits: z in steps of 1/16, ten deviations on either side.
inline std::complex<double> transforms(const sim::ShareLaw& law, const sim::Ray& ray, std::complex<double> u) {
  constexpr int n = 16;
  const std::complex<double> i(0, 1);
  const double r2 = 1 - law.c * law.c;
  std::complex<double> product = 1;
  for (const sim::ShareKind& kind : law.kinds) {
    std::complex<double> sum = 0;
    for (int k = -10 * n; k <= 10 * n; ++k) {
      const double z = static_cast<double>(k) / n;
      const std::complex<double> A = std::exp(u + kind.m + law.a * z);
      const std::complex<double> W = -A * (static_cast<double>(ray.kappa) + i * ray.xi * (kind.b + law.c * z)) -
                                     ray.xi * ray.xi * r2 * A * A / 2.0;
      sum += std::exp(W - z * z / 2);
    }
    product *= std::pow(sum / (n * std::sqrt(2 * std::acos(-1.0))), static_cast<double>(kind.count));
  }
  return product;
}

/// ∫ size(u) du from `from` to `to`, by the midpoint rule.
inline double integral(double from, double to, const std::function<double(double u)>& size) {
  const int steps = static_cast<int>((to - from) * 16);
  double sum = 0;
  for (int k = 0; k < steps; ++k) sum += size(from + (to - from) * (k + 0.5) / steps);
  return sum * (to - from) / steps;
}

}  // namespace benign::tests

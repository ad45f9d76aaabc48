#include "sim/generalisation/seen_kinds.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {

double SeenNoise::spread() const {
  const double a = along();
  return std::sqrt(std::max(nu_norm2 - a * a, 0.0));
}

ClassShares class_shares(const theory::Parameters& p) {
  const double plus = p.plus_share.as<double>();
  return {plus, 1 - plus};
}

SeenNoise seen_noise(const theory::Parameters& p, const QScalars& q, NoiseIs which) {
  const double mu = p.mu.as<double>(), mu2 = mu * mu;
  SeenNoise seen;
  seen.nu_norm2 = 1 / mu2;
  double q_norm2 = q.q_norm2;
  seen.nu_q = theory::head_scale<double>() * (q.mu_plus_q - q.mu_minus_q) / mu2;  // ‖ν‖ = 1/‖μ‖
  if (q.head) seen.nu_q = q.head->with_q, seen.nu_norm2 = q.head->norm2;
  if (which == NoiseIs::projected) {
    q_norm2 -= (q.mu_plus_q * q.mu_plus_q + q.mu_minus_q * q.mu_minus_q) / mu2;
    if (q.head) {
      const auto& [plus, minus, unused_norm2, unused_with_q] = *q.head;
      seen.nu_q -= (plus * q.mu_plus_q + minus * q.mu_minus_q) / mu2;
      seen.nu_norm2 -= (plus * plus + minus * minus) / mu2;
    } else {
      seen.nu_q = seen.nu_norm2 = 0;  // the fixed head lies in the plane of the signals
    }
  }
  seen.q_norm = std::sqrt(std::max(q_norm2, 0.0));
  return seen;
}

std::vector<SeenKind> seen_kinds(const theory::Parameters& p, const QScalars& q, int label) {
  const double own = label > 0 ? q.mu_plus_q : q.mu_minus_q, other = label > 0 ? q.mu_minus_q : q.mu_plus_q;
  std::vector<SeenKind> kinds;
  for (const auto& kind : theory::layout<double>(p)) {
    double value = kind.answer();
    if (q.head) {
      const auto& [plus, minus, unused_norm2, unused_with_q] = *q.head;
      value = label * (kind.own * (label > 0 ? plus : minus) + kind.other * (label > 0 ? minus : plus));
    }
    kinds.push_back({kind.count, kind.own * own + kind.other * other, value, kind.noise, kind.projected});
  }
  return kinds;
}

}  // namespace benign::sim

#include "theory/laws/limit_direction.hpp"

#include "theory/laws/error_law.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace benign::theory {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;

/// Along (μ₊, μ₋).
Vector2d strength(int true_label, const TokenKind<double>& kind) {
  return {kind.along(+1, true_label), kind.along(-1, true_label)};
}

struct System {
  Vector2d b = Vector2d::Zero();
  Matrix2d M = Matrix2d::Zero();
};

Vector2d mean_strength(int true_label, long T, double rho) {
  Vector2d sum = Vector2d::Zero();
  for (const auto& kind : layout(rho, T)) sum += static_cast<double>(kind.count) * strength(true_label, kind);
  return sum * (1 / static_cast<double>(T));
}

System system_of(long T, double rho, const std::vector<SelectingGroup>& groups) {
  System system;
  for (const auto& group : groups) {
    const Vector2d mean = mean_strength(group.true_label, T, rho);
    system.b += group.count * (strength(group.true_label, layout(rho, T)[group.kind]) - mean);
    Matrix2d spread = -static_cast<double>(T) * mean * mean.transpose();
    for (const auto& kind : layout(rho, T)) {
      const Vector2d c = strength(group.true_label, kind);
      spread += static_cast<double>(kind.count) * c * c.transpose();
    }
    system.M += group.count * spread;
  }
  return system;
}

/// f(class, strength − mean) for every kind of token that is not selected.
template <class F>
void for_each_rival(long T, double rho, const std::vector<SelectingGroup>& groups, const F& f) {
  for (const auto& group : groups) {
    if (group.count == 0) continue;
    const auto kinds = layout(rho, T);
    for (std::size_t kind = 0; kind < token_kinds; ++kind)
      if (kinds[kind].count > (kind == group.kind ? 1 : 0))
        f(Vector2d(strength(group.true_label, kinds[kind]) - mean_strength(group.true_label, T, rho)));
  }
}

/// The smallest positive root of c₀ + c₁x + c₂x² with c₀ > 0.
double first_root(double c0, double c1, double c2) {
  const double discriminant = c1 * c1 - 4 * c0 * c2;
  if (discriminant < 0) return HUGE_VAL;
  // 2c₀/(−c₁ ± √…) keeps its digits as c₂ → 0.
  double least = HUGE_VAL;
  for (const double root : {std::sqrt(discriminant), -std::sqrt(discriminant)})
    if (-c1 + root > 0) least = std::min(least, 2 * c0 / (-c1 + root));
  return least;
}

}  // namespace

std::vector<SelectingGroup> groups_selecting(const Parameters& p, Kind noisy_kind) {
  std::vector<SelectingGroup> groups;
  for (const int y : {+1, -1}) {
    const double noisy = static_cast<double>(noise_count(p, y));
    groups.push_back({y, relevant, static_cast<double>(p.n) / 2 - noisy});
    groups.push_back({y, noisy_kind, noisy});
  }
  return groups;
}

std::vector<SelectingGroup> groups_by_value(const Parameters& p) {
  const double value = head_value(p);
  const auto kinds = layout<double>(p);
  const std::vector<Kind> of_token = kinds_of_tokens(p.T);
  std::vector<SelectingGroup> groups;
  for (const int y : {+1, -1}) {
    const double noisy = static_cast<double>(noise_count(p, y));
    for (const int flip : {+1, -1}) {  // clean, noisy
      std::vector<double> values, share(token_kinds, 0.0);
      for (const Kind kind : of_token) values.push_back(flip * (kinds[kind].own - kinds[kind].other) * value);
      const auto best = largest_probabilities(values);
      for (std::size_t t = 0; t < best.size(); ++t) share[of_token[t]] += best[t];
      const double count = flip > 0 ? static_cast<double>(p.n) / 2 - noisy : noisy;
      for (std::size_t kind = 0; kind < token_kinds; ++kind)
        groups.push_back({y, static_cast<Kind>(kind), count * share[kind]});
    }
  }
  return groups;
}

LimitDirectionLaw limit_direction_law(long n, long T, double rho, double x, const std::vector<SelectingGroup>& groups) {
  const double samples = static_cast<double>(n), tokens = static_cast<double>(T), snr2 = x / samples;
  const System system = system_of(T, rho, groups);
  LimitDirectionLaw limit;
  limit.A = (Matrix2d::Identity() + snr2 * system.M).inverse() * system.b;
  limit.c = limit.A / samples;
  limit.norm2 = samples * (tokens - 1) / tokens - snr2 * system.b.dot(limit.A);
  limit.least_multiplier = HUGE_VAL;
  for_each_rival(T, rho, groups, [&](const Vector2d& c) {
    limit.least_multiplier = std::min(limit.least_multiplier, 1 / tokens + snr2 * c.dot(limit.A));
  });
  return limit;
}

double all_active_up_to(long n, long T, double rho, const std::vector<SelectingGroup>& groups) {
  // A multiplier times det(I + xM/n) is quadratic in x: adj(I + xM) = I + x(tr M − M) for a matrix of two rows.
  const double samples = static_cast<double>(n), tokens = static_cast<double>(T);
  const System system = system_of(T, rho, groups);
  const Matrix2d M = system.M / samples;
  const Vector2d b = system.b / samples, slope = M.trace() * b - M * b;
  double least = HUGE_VAL;
  for_each_rival(T, rho, groups, [&](const Vector2d& c) {
    least =
        std::min(least, first_root(1 / tokens, M.trace() / tokens + c.dot(b), M.determinant() / tokens + c.dot(slope)));
  });
  return least;
}

}  // namespace benign::theory

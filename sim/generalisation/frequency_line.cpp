#include "sim/generalisation/frequency_line.hpp"

#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace benign::sim {
namespace {

constexpr double furthest_u = 550;
constexpr long most_u = 60000;

}  // namespace

FrequencyLine::FrequencyLine(const ShareLaw& law, const Ray& ray, double tolerance) : law_(law), ray_(ray) {
  const double share = tolerance / 8, T = static_cast<double>(law.tokens()), r2 = upper(law.rest2());
  std::ranges::stable_sort(law_.kinds, std::greater(), &ShareKind::m);
  const double stride = std::clamp(law.a, 0.25, 8.0), top = law_.kinds.front().m;
  double U1 = -top, U2 = -top;
  if (!(std::abs(top) < furthest_u)) return;
  while (!(upper(left(U1, 0)) <= share) && U1 > -furthest_u) U1 -= stride;
  while (!(upper(right(U2)) <= share) && U2 < furthest_u) U2 += stride;
  if (!(U1 > -furthest_u && U2 < furthest_u)) return;
  const double K = ray.kappa > 0 ? T / (2 * law.a * law.a) : T * (1 + law.c * law.c) / (2 * law.a * law.a * r2);
  const double L = elementary::log(4 * (U2 - U1 + 2) / share);
  eta_ = std::sqrt(L / K);
  if (ray.kappa > 0 && ray.xi > 0) eta_ = std::min(eta_, 0.49 * law.a / (ray.xi * std::abs(law.c) + 1e-9));
  h_ = short_step(2 * std::numbers::pi * eta_ / (L + K * eta_ * eta_));
  take_turned(U1, U2, L);
  if (!((U2 - U1) / h_ < most_u)) return;
  first_ = static_cast<long>(std::floor(U1 / h_)), last_ = static_cast<long>(std::ceil(U2 / h_));
  usable_ = true;
}

/// Of some η the one with the longest step for an accuracy of e^{−log_accuracy} relative to the length, if that is longer than
/// the step there is. The ends count too: of a large a they may be far larger than the product between them.
void FrequencyLine::take_turned(double U1, double U2, double log_accuracy) {
  const double turn = 2 * std::numbers::pi, length = U2 - U1 + 2;
  for (double eta = 0.7; eta > 0.01; eta *= 0.85) {
    TurnedLine turned(law_, ray_, eta);
    if (!turned.usable() || !(turn * eta / (log_accuracy + upper(log(turned.growth()))) > h_)) continue;
    const double more = upper(log(turned.size(U1, U2) / length));
    if (!std::isfinite(more)) continue;
    const double h = short_step(turn * eta / (log_accuracy + std::max(more, 0.0)));
    if (h > h_) h_ = h, eta_ = eta, turned_ = std::move(turned);
  }
}

double FrequencyLine::furthest() const {
  return std::max(std::abs(static_cast<double>(first_)), std::abs(static_cast<double>(last_))) * h_;
}

Enclosure FrequencyLine::growth() const {
  const Enclosure a(law_.a), c(law_.c), each = 1 / (2 * a * a);
  return law_.tokens() * (ray_.kappa > 0 ? each : each * (1 + c * c) / law_.rest2());
}

Enclosure FrequencyLine::left(double U, double eta) const {
  const Enclosure r = sqrt(law_.rest2()), a(law_.a);
  Enclosure sum(0);
  for (const ShareKind& kind : law_.kinds) {
    const double rough = ray_.kappa + ray_.xi * (std::abs(kind.b) + std::abs(law_.c) * (2 + eta / law_.a) + 1);
    const double below = -(U + kind.m + elementary::log(rough));
    const double theta = std::clamp(below / (law_.a * law_.a), 0.01, 1.0);
    const Enclosure t(theta);
    const Enclosure size = ray_.kappa + ray_.xi * (std::abs(kind.b) + std::abs(law_.c) * (t * a + 1 + eta / a) + r);
    sum += kind.count * 2 / t * exp(t * (Enclosure(U) + kind.m) + t * t * a * a / 2 + t * log(size / 2));
  }
  return sum;
}

/// The best of some exponents and of the sets of tokens with the largest means.
Enclosure FrequencyLine::right(double U) const {
  const double log_r = elementary::log(ray_.xi) + elementary::log(lower(law_.rest2())) / 2;
  double best = HUGE_VAL, best_theta = 1;
  std::size_t best_set = 1;
  for (double theta = 0.05; theta < 1e4; theta *= 1.3) {
    double sum = 0, s = 0;
    for (std::size_t k = 0; k < law_.kinds.size(); ++k) {
      const double count = static_cast<double>(law_.kinds[k].count);
      const double power = theta * (elementary::log(2 * theta) - 1);
      sum += count * ((ray_.kappa > 0 ? power : power / 2 - theta * log_r) - theta * (U + law_.kinds[k].m) +
                      theta * theta * law_.a * law_.a / 2);
      s += count;
      if (const double size = sum - elementary::log(s * theta); size < best)
        best = size, best_theta = theta, best_set = k + 1;
    }
  }
  const Enclosure t(best_theta), power = t * (log(2 * t) - 1),
                                 shape = ray_.kappa > 0 ? power : power / 2 - t * log(ray_.xi * sqrt(law_.rest2()));
  Enclosure sum(0);
  long s = 0;
  for (std::size_t k = 0; k < best_set; ++k) {
    const ShareKind& kind = law_.kinds[k];
    sum += kind.count * (shape - t * (Enclosure(U) + kind.m) + t * t * law_.a * law_.a / 2);
    s += kind.count;
  }
  return exp(sum) / (s * t);
}

FrequencyLine::Parts FrequencyLine::parts() const {
  Enclosure pi;
  mpfi_const_pi(pi.data());
  const double U1 = node(0), U2 = node(nodes() - 1);
  const Enclosure size =
      turned_ ? turned_->size(U1, U2) : exp(growth() * eta_ * eta_) * (left(U1, eta_) + (U2 - U1) + right(U2));
  return {2 * size / (exp(2 * pi * eta_ / h_) - 1), left(U1, 0), right(U2)};
}

}  // namespace benign::sim

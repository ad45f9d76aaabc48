#include "sim/generalisation/token_profile.hpp"

#include "theory/numbers/elementary.hpp"

#include <array>

namespace benign::sim {

constexpr std::size_t most = 4096;  // looks

Profile Shape::profile(double angle) const {
  const double flat = centre_ - 22, step = std::min(0.25, 0.25 * s_), c1 = elementary::cos(angle),
               c2 = elementary::cos(2 * angle);
  const double tilt = (angle - y_) / s_, aside = elementary::sin(angle) * share_.c * tilt;
  const double deep = negligible + (y_ == 0 ? 60 : 0), left = v0_ - far * s_, end = v0_ + far * s_;
  // Left of `flat` the integrand is φ(z).
  const double first = s_ <= 1 ? left : std::max(left, std::min(flat, v0_));
  const double plateau_z = s_ <= 1 ? far : std::min(first - v0_, 0.0) / s_;
  std::array<double, most> g;
  std::size_t n = 0;
  const double plateau = s_ <= 1 ? -HUGE_VAL : (tilt * tilt - plateau_z * plateau_z) / 2;
  double best = plateau, A = elementary::exp(first);
  const double grow = elementary::exp(step);
  bool for_ever = false, past = false;
  for (double x = first; n < most; x += step, A *= grow) {
    const double z = (x - v0_) / s_,
                 at = (tilt * tilt - z * z) / 2 - A * (c1 * (share_.b + share_.c * z) - aside) + A * A * c2 * r2_ / 2;
    g[n++] = at;
    if (at > best) best = at;
    past = at < best - deep;
    const double square = A * A * c2 * r2_;
    for_ever = square > 2 * A * (std::abs(share_.b) + std::abs(share_.c) * (std::abs(z) + std::abs(tilt) + 1 / s_)) &&
               s_ * square > 2 * std::abs(z) && s_ * s_ * square > 1;
    if (past || for_ever || x > end) break;
  }
  Profile found;
  std::size_t last = n - 1;
  if (!past) {
    double highest_after = g[n - 1];
    std::size_t k = n - 1;
    bool minimum = false;
    for (; k > 0; --k) {
      highest_after = std::max(highest_after, g[k]);
      minimum = g[k - 1] > g[k] && (for_ever || highest_after > g[k] + 0.3);
      if (minimum && !for_ever && !(g[n - 1] > g[n - 2])) {
        const double before = *std::max_element(g.begin(), g.begin() + static_cast<std::ptrdiff_t>(k));
        minimum = highest_after > before + 0.5;
      }
      if (minimum) break;
    }
    if (for_ever && !minimum) {  // it rises all the way: leave where it does so most slowly
      k = 1;
      for (std::size_t j = 1; j + 1 < n; ++j)
        if (g[j + 1] - g[j] < g[k + 1] - g[k]) k = j;
    }
    if (for_ever || minimum) found.bend = true, found.minimum = first + step * static_cast<double>(k), last = k;
  }
  const auto top = std::max_element(g.begin(), g.begin() + static_cast<std::ptrdiff_t>(last) + 1);
  found.height = *top, found.peak = first + step * static_cast<double>(top - g.begin());
  if (plateau > found.height) found.height = plateau, found.peak = std::min(first, v0_);
  std::size_t from = 0, to = last;
  while (from < last && g[from] < found.height - negligible) ++from;
  while (to > from && g[to] < found.height - negligible) --to;
  found.left = from > 0 ? first + step * (static_cast<double>(from) - 1) : s_ <= 1 ? left : v0_ - s_ * 9.7;
  found.right = first + step * static_cast<double>(to + 1);
  if (found.bend && g[last] < found.height - negligible && y_ > 0) found.bend = false;
  return found;
}

}  // namespace benign::sim

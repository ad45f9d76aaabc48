#include "theory/laws/delay.hpp"

#include "theory/laws/limit_direction.hpp"
#include "theory/laws/rates.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::theory {

double delay_strength(const Parameters& p) {
  if (p.rho.exact() != 0)
    return limit_direction_law(p.n, p.T, p.rho.as<double>(), 0, groups_selecting(p, weak_other)).c.minCoeff();
  const double n = static_cast<double>(p.n), T = static_cast<double>(p.T);
  const auto noisy = static_cast<double>(std::max(noise_count(p, +1), noise_count(p, -1)));
  return (T - 1) / T * (n / 2 - 2 * noisy) / n;
}

double delay_slope(const Parameters& p) {
  const double c = delay_strength(p);
  return c > 0 ? elementary::log(static_cast<double>(p.T)) / c : HUGE_VAL;
}

double delay(const Parameters& p) { return delay_slope(p) / n_snr2(p) + delay_offset; }

}  // namespace benign::theory

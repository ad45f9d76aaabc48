#include "theory/laws/lone_sample.hpp"

#include "theory/model/model.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

namespace benign::theory {
namespace {

template <class F>
double bracketed_root(const F& f, double low, double high) {
  std::uintmax_t most = 300;
  const auto ends = boost::math::tools::toms748_solve(f, low, high, boost::math::tools::eps_tolerance<double>(), most);
  return ends.first + (ends.second - ends.first) / 2;
}

struct State {
  double f, Z;
};

/// f and Z at r > 0. With δ = 1 + P − r max y > 0, the smallest D, log Π D = Σ log(δ + r(max y − y_t)) increases in δ.
State at(const std::vector<double>& y, double r) {
  const double largest = *std::max_element(y.begin(), y.end());
  const auto log_product = [&](double log_delta) {
    double sum = 0;
    for (const double value : y) sum += elementary::log(elementary::exp(log_delta) + r * (largest - value));
    return sum;
  };
  double low = -1;
  while (log_product(low) > 0) low *= 2;  // the largest value's own factor falls without bound
  const double delta = elementary::exp(bracketed_root(log_product, low, 1e-12));
  State state{0, 0};
  for (const double value : y) {
    const double inverse = 1 / (delta + r * (largest - value));
    state.f += value * inverse, state.Z += inverse;
  }
  state.f /= state.Z;
  return state;
}

}  // namespace

double lone_fit_time(const std::vector<double>& y) {
  double sum = 0, largest = -1;
  for (const double value : y) sum += value, largest = std::max(largest, value);
  if (sum >= 0) return 0;
  if (largest <= 0) return HUGE_VAL;
  double high = 1;  // log(1 + r)
  while (at(y, elementary::expm1(high)).f < 0)
    if ((high *= 1.5) > 600) return HUGE_VAL;
  const double end = bracketed_root([&](double x) { return at(y, elementary::expm1(x)).f; }, 1e-9, high);
  const auto slope = [&](double x) {
    const State state = at(y, elementary::expm1(x));
    return elementary::exp(x) * state.Z / sigmoid(-state.f);
  };
  return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(slope, 0.0, end, 10, 1e-9);
}

}  // namespace benign::theory

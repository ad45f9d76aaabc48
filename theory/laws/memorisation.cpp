#include "theory/laws/memorisation.hpp"

#include "theory/model/model.hpp"
#include "theory/numbers/elementary.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include <cmath>

namespace benign::theory {
namespace {

/// The tokens that compete with the relevant one, by p = e^{−a} of the first of them.
struct Competitors {
  double rho, kappa, m;  // m: how many that are alike, at ρ = 0

  explicit Competitors(const Parameters& p)
      : rho(p.rho.as<double>()), kappa((1 + rho) / (1 - rho)), m(static_cast<double>(p.T - 1)) {}

  double other(double p) const { return 1 - kappa + kappa * p; }  // e^{−a} of token 3
  double F(double p) const {
    if (rho == 0) return (elementary::pow(p, m + 1) - 1) / (m + 1);
    return (1 - kappa) * (p * p - 1) / 2 + kappa * (p * p * p - 1) / 3;
  }
  double Q(double p) const {
    return rho == 0 ? m * elementary::log(p) : elementary::log(p) + elementary::log(other(p));
  }
  /// dQ/dF.
  double pull(double p) const {
    if (rho == 0) return m / elementary::pow(p, m + 1);
    return (1 - kappa + 2 * kappa * p) / elementary::power(p * other(p), 2);
  }
  /// Where a token's attention has grown without bound.
  double end() const { return rho == 0 ? 0 : 1 - 1 / kappa; }
};

template <class F>
double root(const F& f, double low, double high) {
  std::uintmax_t most = 200;
  const auto bracket =
      boost::math::tools::toms748_solve(f, low, high, boost::math::tools::eps_tolerance<double>(), most);
  return (bracket.first + bracket.second) / 2;
}

}  // namespace

double memorisation_slope(const Parameters& parameters) {
  const double w_clean = sigmoid<double>(-head_scale<double>()), w_noisy = sigmoid<double>(head_scale<double>());
  const double n = static_cast<double>(parameters.n), noisy = static_cast<double>(noise_count(parameters)) / 2;
  const double clean = n / 2 - noisy;
  if (noisy == 0) return HUGE_VAL;
  if (clean * w_clean <= noisy * w_noisy) return 0;
  const Competitors tokens(parameters);

  const auto p_at = [&](double r) {  // w_n F(p) = −w_c F(r)
    const double F = -w_clean / w_noisy * tokens.F(r);
    double high = 2;
    while (tokens.F(high) < F) high *= 2;
    return root([&](double p) { return tokens.F(p) - F; }, 1, high);
  };
  // X rises with θ until N_c w_c dQ/dF (p) = N_n w_n dQ/dF (r).
  const auto rise = [&](double r) {
    return elementary::log(clean * w_clean * tokens.pull(p_at(r))) - elementary::log(noisy * w_noisy * tokens.pull(r));
  };
  const double least = tokens.end() + 1e-9 * (1 - tokens.end());
  const double r = root(rise, least, 1);
  return elementary::power(1 - tokens.rho, 2) / n * (clean * tokens.Q(p_at(r)) + noisy * tokens.Q(r));
}

double memorisation_local_slope(const Parameters& parameters, double x) {
  return memorisation_slope(parameters) - 1 / (2 * x);
}

}  // namespace benign::theory

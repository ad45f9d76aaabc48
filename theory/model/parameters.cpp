#include "theory/model/parameters.hpp"

#include "theory/numbers/enclosure.hpp"

namespace benign::theory {
namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

/// Beyond these an N×N matrix, or a d-dimensional index, no longer fits a machine; they also keep n·T from overflowing.
constexpr long most_samples = 1'000'000, most_tokens = 10'000, most_steps = 1'000'000'000'000;
constexpr long largest_dimension = 1'000'000'000'000'000;
const cpp_rational largest_scale = pow(cpp_int(10), 30), smallest_scale = 1 / largest_scale;

}  // namespace

std::vector<Violation> validate(const Parameters& p) {
  std::vector<Violation> found;
  const auto require = [&](bool holds, const char* symbol, const std::string& value, const char* allowed) {
    if (!holds) found.push_back({symbol, value, allowed});
  };
  const auto require_decimal = [&](const char* symbol, const Decimal& x, auto in_range, const char* allowed) {
    require(in_range(x.exact()), symbol, x.text(), allowed);
  };
  // Wide, but such that no product of a few of them leaves the doubles.
  const auto positive = [](const cpp_rational& x) { return x >= smallest_scale && x <= largest_scale; };

  require(p.n >= 2 && p.n <= most_samples && p.n % 2 == 0, "n", std::to_string(p.n),
          "an even integer from 2 to 1000000");
  require(p.T >= 3 && p.T <= most_tokens, "T", std::to_string(p.T), "an integer from 3 to 10000");
  require(p.d >= 2 && p.d <= largest_dimension, "d", std::to_string(p.d), "an integer from 2 to 10^15");
  require_decimal("mu", p.mu, positive, "a number from 1e-30 to 1e30");
  require_decimal(
      "rho", p.rho, [](const cpp_rational& x) { return x >= 0 && x < 1; }, "a number in [0, 1)");
  require_decimal(
      "eta", p.eta, [](const cpp_rational& x) { return x >= 0 && 2 * x <= 1; }, "a number in [0, 1/2]");
  require_decimal("sigma", p.sigma, positive, "a number from 1e-30 to 1e30");
  if (p.sigma_w) {
    require_decimal("sigma-w", *p.sigma_w, positive, "a number from 1e-30 to 1e30");
    require(p.init != Init::identity, "sigma-w", p.sigma_w->text(), "nothing with --init identity");
  }
  require_decimal(
      "sigma-p", p.sigma_p, [](const cpp_rational& x) { return x >= 0 && x <= largest_scale; },
      "a number from 0 to 1e30");
  require_decimal("lr", p.lr, positive, "a number from 1e-30 to 1e30");
  require(p.steps >= 1 && p.steps <= most_steps, "steps", std::to_string(p.steps), "an integer from 1 to 10^12");
  return found;
}

long noise_count(const Parameters& p) {
  const cpp_rational share = p.eta.exact() * p.n;
  const cpp_int floor = numerator(share) / denominator(share);
  return static_cast<long>(floor) + (floor < share ? 1 : 0);
}

long noise_count(const Parameters& p, int label) {
  const long all = noise_count(p);
  return label > 0 ? (all + 1) / 2 : all / 2;
}

template <class Real>
Real sigma_w(const Parameters& p) {
  using std::sqrt;
  if (p.init == Init::identity) return Real(0);
  return p.sigma_w ? p.sigma_w->as<Real>() : Real(1) / sqrt(Real(3) * p.d);
}

template <class Real>
Scales<Real> scales(const Parameters& p) {
  Scales<Real> s;
  const Real sigma = p.sigma.as<Real>();
  if (p.init == Init::identity) {
    s.kappa = Real(1);
  } else if (p.sigma_w) {
    const Real entry = p.sigma_w->as<Real>();
    s.kappa = entry * entry * Real(p.d);
  } else {
    s.kappa = ratio<Real>(1, 3);
  }
  s.token_norm2 = sigma * sigma * Real(p.d);
  s.tau0 = Real(p.n) / (s.kappa * s.token_norm2);
  s.epsilon = Real(1) / (s.kappa * s.kappa * s.token_norm2);
  s.step = p.lr.as<Real>();
  if (p.lr_unit == LrUnit::absolute) s.step /= s.tau0;
  return s;
}

#define BENIGN_INSTANTIATE(Real)                  \
  template Real sigma_w<Real>(const Parameters&); \
  template Scales<Real> scales<Real>(const Parameters&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::theory

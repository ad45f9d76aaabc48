#include "proofs_check/checker/descent/members.hpp"

namespace benign::checker {
namespace {

Interval power_of_two(long exponent) {
  Whole one;
  mpz_set_ui(one.x, 1);
  return Interval::dyadic(one.x, exponent);
}

/// From x(−1) to x(1), in a straight line.
Functions line(const Interval& low, const Interval& high) {
  Functions x;
  x.add_polynomial((low + high) / Interval(2), (high - low) / Interval(2), Interval(0), Interval(0));
  return x;
}
Functions line(const theory::Decimal& x) {
  if (!x.is_range()) return line(number(x), number(x));
  return line(number(x.low()), number(x.high()));
}

Functions steps(theory::Parameters p) {
  const theory::Decimal all = p.lr;
  const auto at = [&](const theory::Decimal& one) { return p.lr = one, step_length(p); };
  return all.is_range() ? line(at(all.low()), at(all.high())) : line(at(all), at(all));
}

}  // namespace

Interval number(const theory::Decimal& x) {
  if (!x.is_range()) return Interval::decimal(x.text());
  return Interval::between(Interval::decimal(x.low().text()), Interval::decimal(x.high().text()));
}

Common::Common(sim::Instance instance, bool with_q_norm) : train(instance.train) {
  theory::Parameters p = instance.parameters;
  p.mu = theory::Decimal("0");
  epsilon = sim::draw_train(p, instance.kind, instance.seed).tokens.leftCols(2);
  const Index N = train.tokens.rows(), d = train.tokens.cols();
  RowMajor& P = instance.train.tokens;
  P = RowMajor::Zero(N + 2, d);
  P.topRightCorner(N, d - 2) = train.tokens.rightCols(d - 2);
  P(N, 0) = P(N + 1, 1) = 1;
  products = inner_products(instance, with_q_norm);
}

Members::Members(const Common& common, const theory::Parameters& p) : mu(line(p.mu)), step(steps(p)) {
  const auto N = static_cast<std::size_t>(common.epsilon.rows()), T = static_cast<std::size_t>(common.train.T);
  const Functions rho = line(p.rho), one = line(theory::Decimal("1")), none = line(theory::Decimal("0"));
  const Interval any_mu = number(p.mu), root = sqrt(Interval(2)), little = power_of_two(-50),
                 least = power_of_two(-1000);
  RowMajor C0(static_cast<Index>(N), 2);
  std::vector<Size> distances;
  for (std::size_t k = 0; k < N; ++k) {
    const std::size_t own = common.train.true_label[k / T] > 0 ? 0 : 1, t = k % T;
    Jet at, all;  // c₁ − c₂, and what noise and roundings are along e₁ − e₂
    Interval off(0);
    for (const std::size_t a : {std::size_t{0}, std::size_t{1}}) {
      const Functions& c = t == 0 && a == own ? one : (t == 1 && a == own) || (t == 2 && a != own) ? rho : none;
      const Interval epsilon = Interval::exactly(common.epsilon(static_cast<Index>(k), static_cast<Index>(a)));
      const Interval size = little * (abs(epsilon) + abs(range_of(c.at[0], c.all[0])) * any_mu) + least;
      const Interval rounded = Interval::around_zero(Size(size).value());
      const Jet mean = c.at[0] * mu.at[0];
      const double at_zero = (epsilon + mean.value).middle();
      C0(static_cast<Index>(k), static_cast<Index>(a)) = at_zero;
      slope.push_back(mean.slope), rest.push_back(epsilon + mean.value - Interval::exactly(at_zero) + rounded);
      distances.push_back(Size(slope.back()) + Size(rest.back()));
      const Jet sign(Interval(a == 0 ? 1 : -1));
      add_product(at, sign, c.at[0]), add_product(all, sign, c.all[0]);
      off += sign.value * (epsilon + rounded);
    }
    values.at.push_back((at + Jet(off) / mu.at[0]) / Jet(root));
    values.all.push_back((all + Jet(off) / mu.all[0]) / Jet(root));
  }
  away = length(distances);
  products = moved_along(common.products, C0);
}

}  // namespace benign::checker

// The bounds of the test error, by a second evaluation of the formulas that sim/generalisation/order_bounds.hpp states, in 50 digits:
// a dropped factor or term moves them. And between them lies what is known otherwise.

#include "sim/generalisation/enclosed_test.hpp"
#include "sim/generalisation/order_bounds.hpp"

#include <boost/math/special_functions/binomial.hpp>
#include <boost/math/special_functions/erf.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace benign;

namespace {

mp50 tail(const mp50& a) { return boost::math::erfc(mp50(a / sqrt(mp50(2)))) / 2; }

/// b with Φ̄(b) = the probability, as a double chooses it: any b gives a bound.
double place(double probability) {
  return std::sqrt(2.0) * boost::math::erfc_inv(2 * std::clamp(probability, 1e-300, 1.0 - 1e-9));
}

/// One class: X_y, X_{−y}, σ‖q‖, γ‖μ‖/σ, |c|.
struct Class {
  long T;
  mp50 rho, own, other, noise, clear, along;

  mp50 rest() const { return sqrt(1 - along * along); }
  mp50 length(const mp50& x) const { return sqrt(T + 2 * sqrt(T * x) + 2 * x); }

  /// P(wrong) ≤ Φ̄(b₀) + Σ_j C(m, j) Φ̄(b_j)^j + e^{−x} + Φ̄([clear (1 − ρr₁)/√(1 + Σ r_j²) − |c|B]/√(1 − c²)).
  mp50 above(double epsilon) const {
    const long m = T - 1;
    const double b0 = place(epsilon), x = -std::log(epsilon);
    const mp50 highest = std::max({mp50(0), mp50(rho * own), mp50(rho * other)});
    mp50 failure = tail(b0) + exp(-mp50(x)), squares = 1, first = 0;
    for (long j = 1; j <= m; ++j) {
      const mp50 choose = boost::math::binomial_coefficient<double>(static_cast<unsigned>(m), static_cast<unsigned>(j));
      const double b = place(std::pow(epsilon / static_cast<double>(choose), 1.0 / static_cast<double>(j)));
      failure += choose * pow(tail(b), static_cast<int>(j));
      const mp50 r = exp(highest - own + noise * (mp50(b0) + mp50(b)));
      if (j == 1) first = r;
      squares += r * r;
    }
    const mp50 margin = clear * (1 - rho * first);
    if (margin <= 0) return 1;
    return failure + tail(mp50((margin / sqrt(squares) - along * length(x)) / rest()));
  }

  mp50 best_above() const {
    mp50 best = 1;
    for (double epsilon = 0.25; epsilon > 1e-40; epsilon /= epsilon > 1e-4 ? 1.5 : 10)
      best = std::min(best, above(epsilon));
    return best;
  }

  /// Σ over slabs of z₁ and z̄ of width 1/5 from −4 to 4: each at its edge that makes A largest.
  mp50 below() const {
    const mp50 m = T - 1, x = 9, width = mp50(1) / 5;
    mp50 sum = -exp(-x);
    for (int k = 0; k < 40; ++k)
      for (int l = 0; l < 40; ++l) {
        const mp50 z = -4 + width * k, z_next = z + width, mean = -4 + width * l, mean_next = mean + width;
        const mp50 others = m * exp(2 * (rho * (own + other) / m - own + noise * (mean / sqrt(m) - z_next)));
        const mp50 A = (clear * (1 / sqrt(1 + others) + rho) + along * length(x)) / rest();
        sum += (tail(z) - tail(z_next)) * (tail(mean) - tail(mean_next)) * tail(A);
      }
    return std::max(mp50(0), sum);
  }
};

}  // namespace

TEST_CASE("the test error's bounds are what their formulas say", "[enclosure]") {
  const WorkingPrecision precision(160);
  theory::Parameters p;
  int bounded_below = 0;
  for (const auto& [T, mu, plus, minus, norm2] : {std::tuple{8L, "20", 3.6, 3.8, 0.35},
                                                  {8L, "5", 0.6, 0.7, 0.01},
                                                  {3L, "1.5", 1.5, 0.25, 2.0},
                                                  {8L, "3", -0.5, 0.75, 0.5},
                                                  {5L, "40", 6.0, 6.5, 0.02}}) {
    p.T = T, p.mu = theory::Decimal(mu);
    const Enclosure q[] = {Enclosure(plus), Enclosure(minus), Enclosure(norm2)};
    const Enclosure found =
        hull(sim::order_bound_below(p, q[0], q[1], q[2]), sim::order_bound_above(p, q[0], q[1], q[2]));
    const mp50 gamma = 1 / sqrt(mp50(2)), q_norm = sqrt(mp50(norm2)), length(mu);
    const mp50 along = abs(gamma * (mp50(plus) - mp50(minus)) / (length * q_norm));
    mp50 least = 0, most = 0;
    for (const auto& [own, other] : {std::pair{plus, minus}, {minus, plus}}) {
      const Class seen{T, mp50("0.1"), own, other, q_norm, gamma * length, along};
      least += seen.below() / 2, most += seen.best_above() / 2;
    }
    INFO("T = " << T << ", mu = " << mu << ": [" << least << ", " << most << "], found [" << lower_text(found, 20)
                << ", " << upper_text(found, 20) << "]");
    // The choices of b are doubles in both; the slabs' edges are multiples of the double 0.2 there.
    CHECK(abs(mp50(lower_text(found, 40)) - least) <= 1e-13 * (least + mp50("1e-30")));
    CHECK(abs(mp50(upper_text(found, 40)) - most) <= 1e-12 * most);
    CHECK(most <= 1);
    bounded_below += least > 0;
  }
  CHECK(bounded_below >= 2);
}

TEST_CASE("at q = 0 the test error is that of a normal variable", "[enclosure]") {
  const WorkingPrecision precision(100);
  theory::Parameters p;
  p.mu = theory::Decimal("2");
  const Enclosure zero(0), found = sim::enclosed_test_error(p, {zero, zero, zero});
  CHECK(contains(found, tail(mp50(2 / sqrt(mp50(2)) / sqrt(mp50(8))))));
  CHECK(width(found) < 1e-25);
}

TEST_CASE("the test error's upper bound is there for any number of tokens", "[enclosure]") {
  // Of T = 1040 the numbers of subsets are beyond a double. T + 1 events of the least probability looked at, some 1e-39,
  // are given up, and nothing is left beside them.
  const WorkingPrecision precision(64);
  theory::Parameters p;
  p.T = 1040, p.mu = theory::Decimal("60");
  CHECK(upper(sim::order_bound_above(p, Enclosure(30), Enclosure(29), Enclosure(0.5))) < 1e-35);
}

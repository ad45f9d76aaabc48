// The error of hard selection: closed forms, simulation from the definitions, and soft attention along a long q.

#include "tests/support/compare.hpp"
#include "sim/random/random.hpp"
#include "sim/generalisation/test_error.hpp"
#include "theory/laws/error_law.hpp"
#include "theory/laws/late_time.hpp"

#include <rapidcheck.h>

#include <Eigen/Cholesky>
#include <numbers>

using namespace benign;
using namespace benign::theory;
using benign::tests::require_close;

TEST_CASE("the largest of independent normals, where it is known", "[error_law]") {
  for (const double m : {-3.0, 0.0, 0.5, 2.0, 6.0}) {
    const auto two = largest_probabilities({m, 0});
    require_close(two[0], std::erfc(-m / 2) / 2, 1e-13);  // Φ(m/√2)
    require_close(two[1], std::erfc(m / 2) / 2, 1e-13);
  }
  for (const std::size_t T : {1, 3, 8, 100})
    for (const double p : largest_probabilities(std::vector<double>(T, 1.5)))
      require_close(p, 1 / static_cast<double>(T), 1e-12);
  // E max of three standard normals is 3/(2√π): the derivative of P(the first is largest) in its own mean at 0 is
  // E[max; first]/1 = 1/(2√π).
  const double h = 1e-4;
  const double slope = (largest_probabilities({h, 0, 0})[0] - largest_probabilities({-h, 0, 0})[0]) / (2 * h);
  require_close(slope, 1 / (2 * std::sqrt(std::numbers::pi)), 1e-7);
}

TEST_CASE("some token is the largest", "[error_law][property]") {
  CHECK(rc::check([] {
    const auto tenths = *rc::gen::nonEmpty<std::vector<int>>();
    std::vector<double> means;
    for (const int m : tenths) means.push_back(m % 100 / 10.0);
    double sum = 0;
    for (const double p : largest_probabilities(means)) sum += p;
    RC_ASSERT(std::abs(sum - 1) < 1e-11);
  }));
}

TEST_CASE("the error law at the defaults", "[error_law]") {
  // Worked out before this code was written (THEORY section 5.20), to three digits.
  const double z[] = {0.3, 1, 3, 10, 30, 100}, known[] = {0.419, 0.401, 0.368, 0.291, 0.159, 0.020};
  for (std::size_t k = 0; k < 6; ++k)
    CHECK(error_law(0.335 * std::sqrt(8 * z[k] / 7), 0.1, 8) == Approx(known[k]).margin(6e-4));
  CHECK(error_law(0.335 * std::sqrt(8 * 10.0 / 14), 0.1, 8) == Approx(0.343).margin(6e-4));
  CHECK(error_law(0.335 * std::sqrt(8 * 100.0 / 14), 0.1, 8) == Approx(0.088).margin(6e-4));
  // Without signal the wrong weak token or one of five irrelevant ones of eight: 1/8 + 5/16.
  CHECK(error_law(0, 0.1, 8) == Approx(7.0 / 16).epsilon(1e-12));
  CHECK(error_law(0, 0.3, 3) == Approx(1.0 / 3).epsilon(1e-12));

  Parameters p;  // n d SNR⁴ = 20 · 2000 · 0.04
  CHECK(error_law_z(p) == Approx(1600).epsilon(1e-14));
  CHECK(error_law_m(p) == Approx(0.335 * std::sqrt(8 * 1600.0 / 7)).epsilon(1e-13));
  CHECK(error_law_m(p, irrelevant) == Approx(0.325 * std::sqrt(8 * 1600.0 / 7)).epsilon(1e-13));
}

TEST_CASE("hard selection along a q is what its definition says", "[error_law]") {
  // Two signal coordinates and one more: q = (0.4, 0.25, 0.3), small signals, noisy answers, unequal classes.
  Parameters p;
  p.T = 5, p.mu = Decimal("2"), p.rho = Decimal("0.4"), p.sigma = Decimal("1.3");
  const double q[] = {0.4, 0.25, 0.3}, mu = 2, rho = 0.4, sigma = 1.3;
  const double computed = hard_selection_error(p, {mu * q[0], mu * q[1], q[0] * q[0] + q[1] * q[1] + q[2] * q[2]});
  constexpr std::uint64_t draws = 400'000;
  long wrong = 0;
  std::vector<double> noise(16);
  for (std::uint64_t k = 0; k < draws; ++k) {
    sim::fill_normal(7, sim::Stream::test_noise, k, sigma, noise);
    const int y = k % 2 == 0 ? 1 : -1, own = y > 0 ? 0 : 1;
    double best = -HUGE_VAL, answer = 0;
    for (std::size_t t = 0; t < 5; ++t) {
      double x[] = {noise[3 * t], noise[3 * t + 1], noise[3 * t + 2]};
      if (t == 0) x[own] += mu;
      if (t == 1) x[own] += rho * mu;
      if (t == 2) x[1 - own] += rho * mu;
      const double logit = x[0] * q[0] + x[1] * q[1] + x[2] * q[2];
      if (logit > best) best = logit, answer = x[0] - x[1];
    }
    wrong += y * answer < 0;
  }
  const double measured = static_cast<double>(wrong) / draws, error = std::sqrt(measured * (1 - measured) / draws);
  INFO("computed " << computed << ", measured " << measured << " +- " << error);
  CHECK(std::abs(measured - computed) < 5 * error);
  CHECK(error < 1e-3);
}

TEST_CASE("soft attention along a long q selects hard", "[error_law]") {
  Parameters p;
  p.mu = Decimal("12");
  const sim::PopulationTest soft(p);
  const double scale = 1e5;
  const sim::QScalars q{2 * scale, 1.5 * scale, scale * scale};
  const auto test = soft(q);
  const double hard = hard_selection_error(p, {q.mu_plus_q, q.mu_minus_q, q.q_norm2});
  INFO("hard " << hard << ", soft " << 1 - test.accuracy << " +- " << test.accuracy_error);
  CHECK(std::abs(1 - test.accuracy - hard) <= test.accuracy_error);  // four standard errors of the points
  CHECK(test.accuracy_error < 4e-3);
}

TEST_CASE("between equal classes noisy answers change nothing but the relevant token's", "[error_law]") {
  // The two weak tokens are selected equally often, and one's gain is the other's loss: what is left is
  // P(the relevant token is largest) Φ(−γ‖μ‖/σ).
  Parameters p;
  for (const char* mu : {"1", "3", "10", "1000"}) {
    p.mu = Decimal(mu);
    const double relevant = largest_probabilities({2, 0.2, 0.2, 0, 0, 0, 0, 0})[0];
    const double wrong = std::erfc(std::sqrt(0.5) * p.mu.as<double>() / std::sqrt(2)) / 2;
    CHECK(hard_selection_error(p, {2, 2, 1}) == Approx(error_law(2, 0.1, 8) + relevant * wrong).epsilon(1e-12));
  }
}

TEST_CASE("the law with its corrections tends to the law", "[error_law]") {
  // z = 10 at growing d: x = √(zn/d), and the difference falls like x.
  Parameters p;
  double before = 0;
  for (const long d : {100'000'000L, 10'000'000'000L, 1'000'000'000'000L}) {
    p.d = d;
    char mu[40];
    std::snprintf(mu, sizeof mu, "%.17g", std::pow(10.0 * static_cast<double>(d) / 20, 0.25));
    p.mu = Decimal(mu);
    const double off = infinite_time_error(p) - error_law(error_law_m(p), 0.1, 8);
    CHECK(off > 0);
    if (before > 0) CHECK(before / off == Approx(10).epsilon(0.15));
    before = off;
  }
  CHECK(before < 1e-5);
}

TEST_CASE("how W's training changes the late flow, at numbers worked out by hand", "[late_time]") {
  CHECK(span_share(0) == Approx(std::sqrt(0.5)).epsilon(1e-14));
  CHECK(span_share(2 * std::sqrt(3)) == Approx(2 / std::sqrt(5)).epsilon(1e-14));  // y = 2
  CHECK(span_share(1e9) == Approx(1).epsilon(1e-9));
  CHECK(extra_gap(0, 10) == 0);
  CHECK(extra_gap(2 * std::sqrt(3), 100) == Approx(std::log(7) - 0.48 / 49).epsilon(1e-14));  // √(1 + 4Y²) = 7
  Parameters p;  // κ = 1/3, ‖q*‖² = n(T − 1)/(Td)
  CHECK(training_of_W(p, 10, 17.5) == Approx(30 * std::sqrt(17.5 / 2000)).epsilon(1e-14));
}

// Without a signal q* is the shortest q with (x_sel − x_u)·q = 1 for n(T − 1) differences of Gaussian tokens, drawn here;
// its mean squared length is that of the law up to 1/(d − n(T − 1)), the bias of an inverse Wishart matrix.
TEST_CASE("the length of the limit direction knows how many constraints there are", "[error_law]") {
  Parameters p;
  p.n = 10, p.T = 4, p.d = 80, p.mu = Decimal("1e-6");
  const Index rows = p.n * (p.T - 1);
  constexpr int draws = 300;
  double mean = 0;
  for (int draw = 0; draw < draws; ++draw) {
    Matrix<double> tokens(p.tokens(), p.d), A(rows, p.d);
    sim::fill_normal(5, sim::Stream::train_noise, static_cast<std::uint64_t>(draw), 1.0,
                     {tokens.data(), static_cast<std::size_t>(tokens.size())});
    for (Index i = 0, row = 0; i < p.n; ++i)
      for (Index t = 1; t < p.T; ++t) A.row(row++) = tokens.row(i * p.T) - tokens.row(i * p.T + t);
    const Vector<double> one = Vector<double>::Ones(rows);
    mean += one.dot(Matrix<double>(A * A.transpose()).llt().solve(one)) / draws;
  }
  const double law = expected_limit_direction(p, groups_selecting(p, weak_other)).q_norm2;
  CHECK(mean == Approx(law * static_cast<double>(p.d - rows) / static_cast<double>(p.d - rows - 1)).epsilon(0.04));
}

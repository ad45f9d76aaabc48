// The population test error and loss between bounds: they contain what the deterministic computations and Monte Carlo
// find, are as narrow as promised at the three settings of Figure 3, and cover the scalars' own widths.

#include "sim/generalisation/enclosed_test.hpp"
#include "sim/generalisation/sobol_test.hpp"
#include "sim/generalisation/test_error.hpp"
#include "theory/model/layout.hpp"
#include "theory/numbers/elementary.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace benign;
using namespace benign::sim;

namespace {

struct TestSetting {
  const char *mu, *rho = "0.1";
  long T = 8;
  double mu_plus_q, mu_minus_q, q_norm2;

  theory::Parameters parameters() const {
    theory::Parameters p;
    p.T = T, p.mu = theory::Decimal(mu), p.rho = theory::Decimal(rho);
    return p;
  }
  EnclosedScalars scalars() const { return {Enclosure(mu_plus_q), Enclosure(mu_minus_q), Enclosure(q_norm2)}; }
  QScalars point() const { return {mu_plus_q, mu_minus_q, q_norm2}; }
};

/// After 1000 steps at (d, ‖μ‖) = (2000, 20), (4500, 5) and (1000, 100), seed 42.
const TestSetting figure_3[] = {
    {"20", "0.1", 8, 3.6263547957760265, 3.8003801339924737, 0.34678225734713036},
    {"5", "0.1", 8, 0.22604378872576342, 0.30988034796546554, 0.3088025812029065},
    {"100", "0.1", 8, 5.244241663737771, 4.9296111642503355, 0.2520918928540057},
};

Enclosure to_the_end(const TestSetting& s) {
  return enclosed_test_error(s.parameters(), s.scalars(), [](const Enclosure&) { return false; });
}

/// The share of wrong answers and the mean loss of drawn inputs, with their standard errors.
struct DrawnTest {
  double error = 0, error_stderr = 0, loss = 0, loss_stderr = 0;
};

DrawnTest monte_carlo(const theory::Parameters& p, const QScalars& q, long size, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  const double mu = p.mu.as<double>(), sigma = p.sigma.as<double>(), length = std::sqrt(q.q_norm2);
  const auto layout = theory::layout<double>(p);
  double wrong = 0, sum = 0, squares = 0;
  for (long k = 0; k < size; ++k) {
    const double own = k % 2 ? q.mu_plus_q : q.mu_minus_q, other = k % 2 ? q.mu_minus_q : q.mu_plus_q;
    const double c = std::sqrt(0.5) * (own - other) / (mu * length), r = std::sqrt(1 - c * c);
    double top = -HUGE_VAL, total = 0, answer = 0;
    std::vector<std::pair<double, double>> tokens;
    for (const auto& kind : layout)
      for (long t = 0; t < kind.count; ++t) {
        const double z = normal(random), w = normal(random);
        tokens.emplace_back(kind.own * own + kind.other * other + sigma * length * z,
                            kind.answer() + sigma / mu * (c * z + r * w));
        top = std::max(top, tokens.back().first);
      }
    for (const auto& [logit, value] : tokens) {
      const double e = std::exp(logit - top);
      total += e, answer += e * value;
    }
    const double f = answer / total, loss = f < 0 ? std::log1p(std::exp(f)) - f : std::log1p(std::exp(-f));
    wrong += f < 0, sum += loss, squares += loss * loss;
  }
  const double n = static_cast<double>(size), error = wrong / n, loss = sum / n;
  return {error, std::sqrt(error * (1 - error) / n), loss, std::sqrt((squares / n - loss * loss) / n)};
}

struct RandomTest {
  theory::Parameters p;
  QScalars q;

  explicit RandomTest(std::mt19937_64& random) {
    std::uniform_real_distribution<double> unit(0, 1);
    const double mu = std::exp(unit(random) * std::log(100.0));
    p.mu = theory::Decimal(std::to_string(mu)), p.rho = theory::Decimal(std::to_string(0.4 * unit(random)));
    p.T = 3 + static_cast<long>(14 * unit(random));
    const double length = 0.1 * std::pow(500.0, unit(random)), c = 1.96 * (unit(random) - 0.5) * unit(random);
    q.mu_plus_q = -5 + 35 * unit(random), q.q_norm2 = length * length;
    q.mu_minus_q = std::clamp(q.mu_plus_q - std::sqrt(2.0) * c * mu * length, -5.0, 30.0);
    const double most = 0.98 * std::sqrt(2.0) * mu * length;  // c within (-1, 1)
    q.mu_minus_q = std::clamp(q.mu_minus_q, q.mu_plus_q - most, q.mu_plus_q + most);
  }
  EnclosedScalars scalars() const { return {Enclosure(q.mu_plus_q), Enclosure(q.mu_minus_q), Enclosure(q.q_norm2)}; }
};

/// Whether [x] and value ± error have a number in common.
bool meets(const Enclosure& x, double value, double error) {
  return lower(x) <= value + error && upper(x) >= value - error;
}

void check_random(int settings, long size, std::uint64_t seed) {
  const WorkingPrecision precision(128);
  std::mt19937_64 random(seed);
  int told = 0, narrow = 0;
  for (int k = 0; k < settings; ++k) {
    const RandomTest s(random);
    const Enclosure error = enclosed_test_error(s.p, s.scalars()), loss = enclosed_test_loss(s.p, s.scalars());
    const DrawnTest drawn = monte_carlo(s.p, s.q, size, random);
    INFO("T " << s.p.T << ", mu " << s.p.mu.text() << ", rho " << s.p.rho.text() << ", q " << s.q.mu_plus_q << ", "
              << s.q.mu_minus_q << ", " << s.q.q_norm2 << ": error [" << lower(error) << ", " << upper(error)
              << "], drawn " << drawn.error << " +- " << drawn.error_stderr << ", loss [" << lower(loss) << ", "
              << upper(loss) << "], drawn " << drawn.loss << " +- " << drawn.loss_stderr);
    const double n = static_cast<double>(size);
    CHECK(meets(error, drawn.error, 5 * std::sqrt(std::max(upper(error), 30 / n) / n)));
    CHECK(meets(loss, drawn.loss, 5 * drawn.loss_stderr + 1e-12));
    const TestError found = PopulationTest(s.p)(s.q);
    CHECK(meets(error, found.wrong, 2 * found.accuracy_error));
    CHECK(meets(loss, found.loss, 2 * found.loss_error));
    told += width(error) < 1e-3, narrow += width(loss) < 1e-3;
  }
  // Next to |c| = 1 a law's sums are too long, and for ‖μ‖ near σ the loss's series is less sharp.
  CHECK(20 * told >= 19 * settings);
  CHECK(20 * narrow >= 19 * settings);
}

}  // namespace

TEST_CASE("the population test error is enclosed to many digits at the settings of Figure 3", "[enclosure]") {
  const WorkingPrecision precision(128);
  const double known[] = {7.14171076e-10, 0.1240348, 2.29e-21};
  for (std::size_t k = 0; k < 3; ++k) {
    const TestSetting& s = figure_3[k];
    const Enclosure rough = enclosed_test_error(s.parameters(), s.scalars()), sharp = to_the_end(s);
    const TestError found = PopulationTest(s.parameters())(s.point());
    INFO("mu " << s.mu << ": [" << lower(rough) << ", " << upper(rough) << "], [" << lower(sharp) << ", "
               << upper(sharp) << "], computed " << found.wrong);
    CHECK(width(rough) < 2e-4);
    CHECK(contains(rough, sharp));
    if (k < 2) CHECK(width(sharp) < 1e-5 * lower(sharp));
    CHECK(meets(sharp, found.wrong, found.accuracy_error));
    CHECK(meets(sharp, known[k], 3e-3 * known[k] + (k == 1 ? 3e-4 : 0)));
    const Enclosure loss = enclosed_test_loss(s.parameters(), s.scalars());
    CHECK(width(loss) < 1e-5);
    CHECK(meets(loss, found.loss, found.loss_error));
  }
}

TEST_CASE("rare errors have relative bounds", "[enclosure]") {
  const WorkingPrecision precision(128);
  for (const double X : {2.0, 3.5, 4.25}) {  // 4e-5 to 2e-12
    const TestSetting s{"20", "0.1", 8, X, X + 0.125, 0.3};
    const Enclosure sharp = to_the_end(s);
    const TestError found = PopulationTest(s.parameters())(s.point());
    INFO("X " << X << ": [" << lower(sharp) << ", " << upper(sharp) << "], computed " << found.wrong);
    CHECK(width(sharp) < 1e-2 * lower(sharp));
    CHECK(meets(sharp, found.wrong, 3 * found.accuracy_error));
  }
}

TEST_CASE("each sharper sum lies within the one before", "[enclosure]") {
  const WorkingPrecision precision(128);
  for (const TestSetting& s : {figure_3[0], figure_3[1]}) {
    std::vector<Enclosure> seen;
    enclosed_test_error(s.parameters(), s.scalars(), [&](const Enclosure& x) { return seen.push_back(x), false; });
    REQUIRE(seen.size() >= 3);
    for (std::size_t k = 1; k < seen.size(); ++k) {
      CHECK(contains(seen[k - 1], seen[k]));
      CHECK(lower(seen[k]) <= upper(seen[k]));
    }
  }
}

TEST_CASE("the scalars' own widths are covered", "[enclosure]") {
  // One scalar at a time is moved by w; the bounds of all of it contain those of either end, with little to spare where
  // the law depends on that scalar most.
  const WorkingPrecision precision(128);
  const auto to_7_digits = [](const Enclosure& x) { return width(x) < 1e-7; };
  for (const TestSetting& s :
       {figure_3[1], TestSetting{"100", "0.1", 8, 0.5, 0.5, 9}, TestSetting{"3", "0.3", 5, 1, -1, 1}})
    for (const int which : {0, 2}) {
      const double w = 1e-3;
      TestSetting low = s, high = s;
      EnclosedScalars box = s.scalars();
      if (which == 0 || which == 3) low.mu_plus_q -= w, high.mu_plus_q += w, box.mu_plus_q += enclosure(-w, w);
      if (which == 1 || which == 3) low.mu_minus_q -= w, high.mu_minus_q += w, box.mu_minus_q += enclosure(-w, w);
      if (which == 2) low.q_norm2 -= w, high.q_norm2 += w, box.q_norm2 += enclosure(-w, w);
      const Enclosure error = enclosed_test_error(s.parameters(), box, to_7_digits);
      const Enclosure loss = enclosed_test_loss(s.parameters(), box);
      INFO("mu " << s.mu << ", scalar " << which << ": error [" << lower(error) << ", " << upper(error) << "], loss ["
                 << lower(loss) << ", " << upper(loss) << "]");
      for (const TestSetting& end : {low, high}) {
        CHECK(contains(error, enclosed_test_error(end.parameters(), end.scalars(), to_7_digits)));
        CHECK(contains(loss, middle(enclosed_test_loss(end.parameters(), end.scalars()))));
      }
      CHECK(width(error) < 60 * w);
      CHECK(width(loss) < 60 * w);
    }
}

TEST_CASE("near q = 0 and at it the bounds meet", "[enclosure]") {
  const WorkingPrecision precision(128);
  const TestSetting at{"5", "0.1", 8, 0, 0, 0}, near{"5", "0.1", 8, 1e-7, 0, 1e-12},
      small{"5", "0.1", 8, 0.02, 0, 0.0025};
  for (const auto* s : {&near, &small}) {
    const Enclosure error = enclosed_test_error(s->parameters(), s->scalars());
    const Enclosure none = enclosed_test_error(at.parameters(), at.scalars());
    CHECK(meets(error, lower(none), 0.01));
    CHECK(width(error) < 1e-3);
    const Enclosure loss = enclosed_test_loss(s->parameters(), s->scalars());
    CHECK(meets(loss, lower(enclosed_test_loss(at.parameters(), at.scalars())), 0.01));
    CHECK(width(loss) < 1e-3);
  }
  // F is normal with mean γ/T and variance σ²/(‖μ‖²T).
  const double mean = std::sqrt(0.5) / 8, deviation = 1 / (5 * std::sqrt(8.0));
  double sum = 0;
  for (double z = -10; z <= 10; z += 0x1p-6)
    sum += 0x1p-6 * std::exp(-z * z / 2) * std::log1p(std::exp(-mean - deviation * z)) / std::sqrt(2 * std::acos(-1.0));
  const Enclosure loss = enclosed_test_loss(at.parameters(), at.scalars());
  CHECK(meets(loss, sum, 1e-14));
  CHECK(width(loss) < 1e-6);
}

TEST_CASE("the test loss of a small q needs no direction", "[enclosure]") {
  // Of all q with |X±| ≤ x = 10⁻⁴ and ‖q‖ ≤ 1, among them q = 0 and those of which ν·q is ‖q‖ or −‖q‖.
  const WorkingPrecision precision(128);
  const double x = 1e-4;
  const TestSetting at{"5", "0.1", 8, 0, 0, 0};
  const Enclosure X = enclosure(-x, x), all = enclosed_test_loss(at.parameters(), {X, X, enclosure(0, 1)});
  const Enclosure none = enclosed_test_loss(at.parameters(), at.scalars());
  CHECK(contains(all, none));
  // F changes by at most a quarter of the logits' spread times the values': 2.2x + √2‖q‖‖z‖, and 5γ(1 + 2ρ) + √2‖g‖.
  const double chi = 0.2, spread = 5 * std::sqrt(0.5) * 1.2;
  const double by_signals = chi * 2.2 * x * (spread + 4) / 4, by_noise = chi * 1.01 * (4 * spread + 16) / 4;
  CHECK(width(all) < 2 * (by_signals + by_noise) + 1e-5);
  for (const double plus : {-x, x})
    for (const double minus : {-x, x / 2})
      for (const double q : {0.3, 1.0}) {
        const TestSetting s{"5", "0.1", 8, plus, minus, q * q};
        const Enclosure there = enclosed_test_loss(s.parameters(), s.scalars());
        CHECK(contains(all, middle(there)));
        // A q without length could not reach it: the logits' noise alone takes the loss beyond what signals can do.
        if (q == 1) CHECK(certainly_less(Enclosure(2 * by_signals + 1e-5), abs(there - none)));
      }
}

TEST_CASE("of a signal that nothing is known of, no test loss is known", "[enclosure]") {
  const WorkingPrecision precision(128);
  const TestSetting s{"5000", "0.1", 3, 0, 0, 0.0004};
  EnclosedScalars q = s.scalars();
  q.mu_minus_q = enclosure(-HUGE_VAL, HUGE_VAL);
  for (const Enclosure& loss : {enclosed_test_loss(s.parameters(), q),
                                TestLosses(s.parameters()).of(q, [](const Enclosure&) { return true; })}) {
    CHECK(!certainly_less(loss, Enclosure(0.65)));  // 0.623 at −99
    CHECK(!certainly_less(Enclosure(0.57), loss));  // 0.565 at 99
  }
}

TEST_CASE("test losses of a way follow from one that is known", "[enclosure]") {
  const WorkingPrecision precision(128);
  const auto always = [](const Enclosure&) { return true; };
  const auto never = [](const Enclosure&) { return false; };
  for (const TestSetting& s : {figure_3[1], TestSetting{"3", "0.3", 5, 1, -1, 1}}) {
    TestLosses losses(s.parameters());
    const auto at = [&](double share) {
      TestSetting there = s;
      there.mu_plus_q *= share, there.mu_minus_q *= 2 * share - 1, there.q_norm2 *= share;
      return there.scalars();
    };
    const Enclosure first = enclosed_test_loss(s.parameters(), at(1));
    CHECK(contains(losses.of(at(1), always), first));  // from q = 0, whatever c
    const Enclosure sharp = losses.of(at(1), never);
    CHECK(contains(sharp, middle(first)));
    CHECK(width(sharp) < 1e-3);
    for (const double share : {0.7, 0.9, 0.99, 1.01, 1.2}) {
      const Enclosure there = enclosed_test_loss(s.parameters(), at(share)), near = losses.of(at(share), always);
      CHECK(contains(near, middle(there)));
      CHECK(width(near) < 1e-3 + 100 * std::abs(share - 1));
      CHECK(contains(losses.of({hull(at(1).mu_plus_q, at(share).mu_plus_q),
                                hull(at(1).mu_minus_q, at(share).mu_minus_q), hull(at(1).q_norm2, at(share).q_norm2)},
                               always),
                     middle(there)));
    }
    CHECK(width(losses.of(at(1), always)) < 1e-3);
  }
}

TEST_CASE("bounds of random test errors contain what is computed and drawn", "[enclosure]") {
  check_random(8, 40'000, 1);
}

TEST_CASE("bounds of 200 random test errors contain what is computed and drawn", "[enclosure][long]") {
  check_random(200, 300'000, 2);
}

// The population test error in any layout: against drawn inputs, against a grid over all dimensions, against the law of two
// tokens, and by Sobol points.

#include "tests/support/compare.hpp"
#include "tests/support/random_layout.hpp"
#include "sim/data/instance.hpp"
#include "sim/generalisation/seen_kinds.hpp"
#include "sim/generalisation/sobol_test.hpp"
#include "sim/models/two_token_test.hpp"
#include "theory/model/layout_text.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::RandomInput;
using benign::tests::require_close;
using theory::Decimal;
using theory::Parameters;

namespace {

Parameters of_line(const char* line, const char* mu, long T) {
  Parameters p;
  p.layout = std::make_shared<const theory::TokenLayout>(theory::layout_from_line(line));
  p.mu = Decimal(mu), p.T = T;
  return p;
}

/// P(Yf < 0) of one class of three tokens by the trapezoid rule over their logits' noise: given that, f is normal, or
/// certain where no kind's value has noise of its own.
double on_a_grid(const Parameters& p, const QScalars& q, int label, double h) {
  const SeenNoise noises[2] = {seen_noise(p, q, NoiseIs::everywhere), seen_noise(p, q, NoiseIs::projected)};
  struct Token {
    std::vector<double> e, v, rest;
  };
  std::vector<double> density;
  std::vector<Token> tokens;
  const int N = static_cast<int>(9.6 / h);
  for (int k = -N; k <= N; ++k)
    density.push_back(h * std::exp(-(k * h) * (k * h) / 2) / std::sqrt(2 * std::acos(-1.0)));
  for (const SeenKind& kind : seen_kinds(p, q, label))
    for (long copy = 0; copy < kind.count; ++copy) {
      Token token;
      const SeenNoise& noise = noises[kind.projected];
      const double a = kind.noise * p.sigma.as<double>();
      for (int k = -N; k <= N; ++k) {
        const double z = k * h, e = std::exp(kind.logit - 10 + a * noise.q_norm * z);
        token.e.push_back(e), token.v.push_back(e * (kind.value + label * a * noise.along() * z));
        token.rest.push_back(e * e * a * a * noise.spread() * noise.spread());
      }
      tokens.push_back(token);
    }
  REQUIRE(tokens.size() == 3);
  double sum = 0;
  for (std::size_t i = 0; i < density.size(); ++i)
    for (std::size_t j = 0; j < density.size(); ++j) {
      const double weight = density[i] * density[j], value = tokens[0].v[i] + tokens[1].v[j],
                   rest = tokens[0].rest[i] + tokens[1].rest[j];
      if (weight < 1e-30) continue;
      for (std::size_t k = 0; k < density.size(); ++k) {
        const double A = (value + tokens[2].v[k]) / std::sqrt(rest + tokens[2].rest[k]);
        sum += weight * density[k] * (A > 9.5 ? 0 : std::erfc(A / std::sqrt(2.0)) / 2);
      }
    }
  return sum;
}

}  // namespace

TEST_CASE("rare errors in other layouts keep their digits", "[test_error][layout]") {
  struct Case {
    const char* line;
    const char* mu;
    QScalars q;
  };
  for (const Case& one : {Case{"signal: own=1, noise=0; weak: other=0.4; noise: noise=1.5", "8", {3, 4, 0.3}},
                          {"signal: own=1, noise=0.5; weak: other=rho, projected; noise: noise=2", "12", {3, 3, 0.2}},
                          {"signal: own=1, projected; weak: other=0.6, noise=0.2; noise", "9", {4, 3, 0.5}},
                          {"signal: own=1, noise=0, count=2; strong: own=-0.3, noise=3", "10", {5, 5, 0.4}}}) {
    const Parameters p = of_line(one.line, one.mu, 3);
    const double truth = (on_a_grid(p, one.q, +1, 0.15) + on_a_grid(p, one.q, -1, 0.15)) / 2;
    const TestError found = PopulationTest(p)(one.q);
    INFO(one.line << ": " << found.wrong << " +- " << found.accuracy_error << ", on a grid " << truth);
    CHECK(truth < 0.01);
    CHECK(truth > 1e-14);
    CHECK(std::abs(found.wrong - truth) <= found.accuracy_error + 1e-5 * truth);
    CHECK(found.accuracy_error < 1e-3 * truth + 1e-15);
  }
}

TEST_CASE("rare errors in layouts at random lie within their stated errors", "[test_error][layout][long]") {
  RandomInput random(23);
  int rare = 0, outside = 0, unknown = 0;
  for (int round = 0; round < 150; ++round) {
    Parameters p;
    p.mu = random.decimal(3, 14), p.rho = Decimal("0.3");
    theory::TokenLayout layout = tests::random_layout(random);
    layout.kinds.resize(std::min<std::size_t>(layout.kinds.size(), 3));
    for (std::size_t k = 0; k < layout.kinds.size(); ++k)
      layout.kinds[k].count = k == 0 && layout.kinds.size() == 2 ? 2 : 1;
    layout.kinds.back().noise = {Decimal("1")},
    layout.kinds.back().projected = false;  // the grid needs a value's noise
    p = tests::laid_out(p, layout);
    const QScalars q{random.between(-1, 8), random.between(-1, 8), random.log_between(0.02, 4) + 1.0};
    const double h = 0.15, truth = (on_a_grid(p, q, +1, h) + on_a_grid(p, q, -1, h)) / 2;
    if (truth > 0.008 || truth < 1e-15) continue;
    const TestError found = PopulationTest(p)(q);
    ++rare, unknown += !(found.accuracy_error < 1e-2 * truth);
    if (std::abs(found.wrong - truth) <= found.accuracy_error + 1e-4 * truth) continue;
    ++outside;
    WARN(theory::line_of(layout) << ", mu " << p.mu.text() << ", q " << q.mu_plus_q << " " << q.mu_minus_q << " "
                                 << q.q_norm2 << ": " << found.wrong << " +- " << found.accuracy_error << ", grid "
                                 << truth);
  }
  WARN(rare << " rare errors, less than two digits known of " << unknown << ", " << outside
            << " outside of their stated error");
  CHECK(rare > 20);
  CHECK(outside == 0);
}

TEST_CASE("two tokens, a signal and noise across it: the law of single-head attention", "[test_error][layout]") {
  // q for p and ν for v of models/two_token_test.hpp, given by their parts along and across the signals.
  const double mu = 3, sigma = 0.8;
  Parameters p = of_line("signal: own=1, noise=0; noise: projected", "3", 2);
  p.sigma = Decimal("0.8");
  for (const auto& [p_along, v_along, p_across, v_across, c] :
       {std::tuple{0.5, 0.6, 0.7, 0.9, 0.3}, {0.2, 0.4, 1.1, 1.5, -0.6}, {1.2, 1.0, 0.5, 0.4, 0.45}}) {
    const double plus_p = mu * p_along, minus_p = mu * p_along * 0.9, plus_v = mu * v_along, minus_v = -mu * v_along;
    QScalars q{plus_p, minus_p, p_across * p_across + (plus_p * plus_p + minus_p * minus_p) / (mu * mu), {}};
    q.head = HeadScalars{plus_v, minus_v, v_across * v_across + (plus_v * plus_v + minus_v * minus_v) / (mu * mu),
                         c * p_across * v_across + (plus_v * plus_p + minus_v * minus_p) / (mu * mu)};
    const TestError found = PopulationTest(p)(q);
    const TestError law = two_token_test({{plus_p, minus_p}, {plus_v, minus_v}, sigma * p_across, sigma * v_across, c});
    INFO(found.wrong << " +- " << found.accuracy_error << ", law " << law.wrong << "; " << found.loss << ", law "
                     << law.loss);
    CHECK(std::abs(found.wrong - law.wrong) <= found.accuracy_error + law.accuracy_error + 1e-9);
    CHECK(std::abs(found.loss - law.loss) <= found.loss_error + law.loss_error + 1e-9);
    CHECK(std::abs(found.attention - law.attention) < 1e-4);
  }
}

TEST_CASE("drawn inputs of layouts at random agree with the population, with classes of any size",
          "[test_error][layout]") {
  RandomInput random(11);
  for (int round = 0; round < 10; ++round) {
    Parameters p;
    p.d = 12, p.mu = random.decimal(2, 6), p.rho = Decimal("0.3"), p.sigma = Decimal("0.8");
    p.plus_share = Decimal(round % 2 == 0 ? "0.5" : "0.2");
    p = tests::laid_out(p, tests::random_layout(random));
    const Instance instance = draw_instance(p, DataKind::dense, static_cast<std::uint64_t>(round));
    Eigen::VectorXd q(p.d);
    for (Index k = 0; k < p.d; ++k) q[k] = random.between(-0.5, 0.5);
    q[0] = random.between(0, 1), q[1] = random.between(0, 1);
    const double mu = p.mu.as<double>();
    const TestError population = PopulationTest(p)({mu * q[0], mu * q[1], q.squaredNorm()});
    const TestError sample = sample_test(instance, q, 40'000);
    INFO(theory::line_of(*p.layout) << ": " << population.accuracy << ", " << sample.accuracy << " +- "
                                    << sample.accuracy_error << "; " << population.loss << ", " << sample.loss << " +- "
                                    << sample.loss_error);
    CHECK(std::abs(population.accuracy - sample.accuracy) <
          4.5 * std::hypot(sample.accuracy_error, 1e-5) + population.accuracy_error);
    CHECK(std::abs(population.loss - sample.loss) < 4.5 * sample.loss_error + population.loss_error);
    CHECK(std::abs(population.attention - sample.attention) < 0.012);
    CHECK(population.loss_error < 1e-3);
  }
}

TEST_CASE("where no value has noise and none is wrong, nothing is predicted wrong", "[test_error][layout]") {
  const Parameters p =
      of_line("signal: own=1, noise=0; strong: noise=5*sqrt(T), projected; noise: count=rest, projected", "2", 8);
  CHECK(PopulationTest(p)({30, 20, 1e6}).accuracy_error <= 1e-15);  // late, where no transform is calibrated
  const TestError found = PopulationTest(p)({0.3, 0.2, 0.5});
  CHECK(found.wrong == 0);
  CHECK(found.accuracy_error <= 1e-15);
  CHECK(found.loss < std::log(2.0));
  CHECK(found.loss > theory::loss_floor<double>());
}

TEST_CASE("the paper's layout under other names has the paper's test error, bit by bit", "[test_error][layout]") {
  Parameters papers;
  papers.T = 5;
  const Parameters same = [&] {
    Parameters p = of_line("a: own=1; b: own=rho; c: other=rho; d: count=rest", "20", 5);
    return p;
  }();
  for (const QScalars& q : {QScalars{0, 0, 0}, {3, 2, 0.5}, {0.5, 0.4, 30}}) {
    const TestError a = PopulationTest(papers)(q), b = PopulationTest(same)(q);
    CHECK(a.wrong == b.wrong);
    CHECK(a.loss == b.loss);
    CHECK(a.attention == b.attention);
    CHECK(a.accuracy_error == b.accuracy_error);
  }
}

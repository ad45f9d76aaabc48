// The paper's model with a trained head: the closed system is the training of W, p and ν themselves, its gradients are those
// of the loss, and the population's test error is that of drawn inputs.

#include "sim/generalisation/sobol_test.hpp"
#include "sim/runs/simulate.hpp"
#include "tests/support/one_training.hpp"

#include <array>

using namespace benign;
using namespace benign::sim;
using benign::tests::readout_at_end;
using benign::tests::relative_difference;
using benign::tests::require_close;
using benign::tests::require_one_training;
using theory::Decimal;

namespace {

RunConfig trained_head_config(const char* model, RouteKind route, const char* method = "gd") {
  RunConfig config;
  config.model = model, config.route = route, config.seed = 5;
  config.method = parse_method(method).value();
  auto& p = config.parameters;
  p.n = 6, p.T = 4, p.d = 30, p.steps = 40, p.mu = Decimal("5"), p.sigma = Decimal("1.25"), p.sigma_p = Decimal("0.2");
  p.lr = Decimal("0.02");
  REQUIRE(validate(config).empty());
  return config;
}

constexpr const char* trained_heads[] = {"trained-head", "trained-head-from-zero"};

}  // namespace

TEST_CASE("a trained head reduced to inner products is trained as it is itself", "[models]") {
  for (const char* model : trained_heads)
    for (const char* method : {"gd", "momentum:0.9", "nesterov:0.9"}) {
      INFO(model << " " << method);
      require_one_training<double>(trained_head_config(model, RouteKind::coefficients, method), 1e-12);
    }
}

TEST_CASE("a trained head reduced to inner products keeps the digits", "[models][mp50]") {
  for (const char* model : trained_heads) {
    require_one_training<mp50>(trained_head_config(model, RouteKind::coefficients), 1e-42);
    require_one_training<mp50>(trained_head_config(model, RouteKind::coefficients, "momentum:0.9"), 1e-42);
  }
}

TEST_CASE("a trained head is reduced from other starts of W and p, too", "[models]") {
  for (const theory::Init init : {theory::Init::identity, theory::Init::gaussian}) {
    RunConfig config = trained_head_config("trained-head", RouteKind::coefficients);
    config.parameters.init = init;
    require_one_training<double>(config, 1e-12);
    config.parameters.sigma_p = Decimal("0");
    require_one_training<double>(config, 1e-12);
  }
}

TEST_CASE("the flow of a trained head is the same by both routes, and goes down the gradient of its loss", "[models]") {
  for (const char* model : trained_heads) {
    RunConfig config = trained_head_config(model, RouteKind::coefficients), direct = config;
    for (RunConfig* one : {&config, &direct})
      one->flow = true, one->log_s_max = Decimal("4"), one->parameters.steps = 1;
    direct.route = RouteKind::direct;
    const auto a = readout_at_end<double>(config), b = readout_at_end<double>(direct);
    CHECK(relative_difference(a.logits, b.logits) <= 1e-9);
    CHECK(relative_difference(a.head->values, b.head->values) <= 1e-9);

    const Run<mp50> run(trained_head_config(model, RouteKind::direct));
    const auto& route = run.route();
    const Vector<mp50> at = descend_to(run, 5);
    const auto loss = [&](const Vector<mp50>& state) {
      return theory::loss(run.frame().samples, outputs_of(run.frame().samples, route.read(state)));
    };
    Vector<mp50> rate;
    route.flow(at, mp50(0), rate);
    const mp50 h("1e-15");
    const double largest = representative<mp50>(rate.lpNorm<Eigen::Infinity>());
    for (Index j = 0; j < at.size(); j += 7) {  // of W, of p, and of the head
      Vector<mp50> up = at, down = at;
      up[j] += h, down[j] -= h;
      require_close(rate[j], mp50(-run.frame().scales.tau0 * (loss(up) - loss(down)) / (2 * h)), 1e-22, largest);
    }
    const mp50 tau0 = run.frame().scales.tau0;
    require_close(route.gradient_norm2(at), mp50(rate.squaredNorm() / (tau0 * tau0)), 1e-40);
  }
}

TEST_CASE("WᵀW − ppᵀ is kept by the flow of a trained head", "[models]") {
  RunConfig config = trained_head_config("trained-head", RouteKind::coefficients);
  config.flow = true, config.log_s_max = Decimal("2"), config.parameters.steps = 1;
  const Run<double> run(config);
  const auto method = make_method(run);
  train(*method, 1, [](long) {});
  CHECK(std::abs(*run.route().imbalance(method->state())) < 1e-9);
}

TEST_CASE("the test error of a trained head is that of the fixed one where they are equal, and of drawn inputs",
          "[models]") {
  theory::Parameters p;
  p.T = 5, p.mu = Decimal("6"), p.sigma = Decimal("1.5");
  const double gamma = std::sqrt(0.5), mu = 6;
  const QScalars fixed{3, 1.5, 0.4};
  QScalars same = fixed;
  same.head = HeadScalars{gamma, -gamma, 1 / (mu * mu), gamma * 1.5 / (mu * mu)};
  const PopulationTest test(p);
  CHECK(test(same).accuracy == Approx(test(fixed).accuracy).epsilon(1e-12));
  CHECK(test(same).loss == Approx(test(fixed).loss).epsilon(1e-12));

  QScalars other{1, 2, 0.5};
  other.head = HeadScalars{0.9, -1.4, 0.11, -0.05};
  const TestError seen = test(other);
  // Inputs by their law: a token's noise has two coordinates, along q and along what is left of ν.
  constexpr int inputs = 200'000;
  const double sigma = 1.5, q = std::sqrt(0.5), along = -0.05 / q, across = std::sqrt(0.11 - along * along);
  const double own[] = {1, 0.1, 0, 0, 0}, against[] = {0, 0, 0.1, 0, 0};
  double wrong = 0, loss = 0, attention = 0;
  std::array<double, 12> x{};
  for (int k = 0; k < inputs; ++k) {
    fill_normal(11, Stream::test_noise, static_cast<std::uint64_t>(k), 1.0, x);
    const int y = k % 2 == 0 ? 1 : -1;
    const double mu_q[] = {y > 0 ? 1.0 : 2.0, y > 0 ? 2.0 : 1.0}, mu_v[] = {y > 0 ? 0.9 : -1.4, y > 0 ? -1.4 : 0.9};
    double total = 0, f = 0, first = 0;
    for (std::size_t t = 0; t < 5; ++t) {
      const double weight = std::exp(own[t] * mu_q[0] + against[t] * mu_q[1] + sigma * q * x[2 * t]);
      total += weight;
      f += weight * (own[t] * mu_v[0] + against[t] * mu_v[1] + sigma * (along * x[2 * t] + across * x[2 * t + 1]));
      if (t == 0) first = weight;
    }
    wrong += y * f < 0, loss += std::log1p(std::exp(-y * f / total)), attention += first / total;
  }
  CHECK(wrong / inputs == Approx(seen.wrong).margin(4 * std::sqrt(seen.wrong / inputs)));
  CHECK(loss / inputs == Approx(seen.loss).epsilon(0.01));
  CHECK(attention / inputs == Approx(seen.attention).margin(0.004));
  CHECK(SobolTest(p, 3)(other).accuracy == Approx(seen.accuracy).margin(2e-3));
}

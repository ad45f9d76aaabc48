// Single-head attention: the closed system is the training of v and p themselves by every method, the gradients are those
// of the loss, inner products that are drawn have the law of those that are computed, and the test error is that of drawn
// inputs.

#include "sim/models/two_token_test.hpp"
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

RunConfig single_head_config(RouteKind route, const char* method = "gd") {
  RunConfig config;
  config.model = "single-head", config.route = route, config.seed = 3;
  config.method = parse_method(method).value();
  auto& p = config.parameters;
  find_model(config.model)->settle(p);
  p.n = 6, p.d = 40, p.steps = 30, p.mu = Decimal("4"), p.sigma = Decimal("1.5");
  p.lr_unit = theory::LrUnit::tau0, p.lr = Decimal(std::string(method) == "normalised" ? "0.05" : "0.4");
  REQUIRE(validate(config).empty());
  return config;
}

}  // namespace

TEST_CASE("single-head attention reduced to inner products is that of v and p", "[models]") {
  for (const char* method : {"gd", "momentum:0.9", "nesterov:0.9", "normalised"}) {
    INFO(method);
    require_one_training<double>(single_head_config(RouteKind::coefficients, method), 1e-12);
  }
}

TEST_CASE("single-head attention reduced to inner products keeps the digits", "[models][mp50]") {
  for (const char* method : {"gd", "momentum:0.9", "normalised"})
    require_one_training<mp50>(single_head_config(RouteKind::coefficients, method), 1e-42);
  require_one_training<dd>(single_head_config(RouteKind::coefficients), 1e-27);
}

TEST_CASE("the flow of single-head attention is the same by both routes, far beyond its descent", "[models]") {
  RunConfig config = single_head_config(RouteKind::coefficients), direct = config;
  for (RunConfig* one : {&config, &direct}) one->flow = true, one->log_s_max = Decimal("12"), one->parameters.steps = 1;
  direct.route = RouteKind::direct;
  const auto a = readout_at_end<double>(config), b = readout_at_end<double>(direct);
  CHECK(relative_difference(a.logits, b.logits) <= 1e-9);
  CHECK(relative_difference(a.head->values, b.head->values) <= 1e-9);
}

TEST_CASE("the flow of single-head attention goes down the gradient of its loss", "[models]") {
  const Run<mp50> run(single_head_config(RouteKind::direct));
  const auto& route = run.route();
  Vector<mp50> at = descend_to(run, 3);
  const auto loss = [&](const Vector<mp50>& state) {
    return theory::loss(run.frame().samples, outputs_of(run.frame().samples, route.read(state)));
  };
  Vector<mp50> rate;
  route.flow(at, mp50(0), rate);
  const mp50 h("1e-15");
  mp50 norm2 = 0;
  for (Index j = 0; j < at.size(); ++j) {  // central differences: h² = 1e-30 of the loss
    Vector<mp50> up = at, down = at;
    up[j] += h, down[j] -= h;
    const mp50 slope = (loss(up) - loss(down)) / (2 * h);
    require_close(rate[j], mp50(-run.frame().scales.tau0 * slope), 1e-24, 1e-3);
    norm2 += slope * slope;
  }
  require_close(route.gradient_norm2(at), norm2, 1e-24);
  Vector<mp50> late;
  route.flow(at, mp50(2), late);
  CHECK(relative_difference(late, Vector<mp50>(exp(mp50(2)) * rate)) <= 1e-45);
}

TEST_CASE("inner products of two tokens: signals as they are, noise with its first two moments", "[models]") {
  RunConfig config = single_head_config(RouteKind::coefficients);
  config.parameters.d = 200;
  for (const DataKind kind : {DataKind::dense, DataKind::gram}) {
    config.data = kind;
    double length = 0, product2 = 0;
    constexpr int draws = 200;
    const double unit = 2.25 * 200, mu2 = 16;
    for (int k = 0; k < draws; ++k) {
      config.seed = static_cast<std::uint64_t>(k);
      const Run<double> run(config);
      const auto& K = run.frame().K;
      const auto& label = run.instance().train.true_label;
      CHECK(K(0, 1) == 0);
      CHECK(K(0, 0) * unit == Approx(mu2));
      CHECK(K(0, 2) * unit == Approx(label[0] == label[1] ? mu2 : 0).margin(1e-12));
      CHECK(K(12 + own_signal(label[0]), 0) * unit == Approx(mu2));
      CHECK(K(12 + other_signal(label[0]), 0) == 0);
      CHECK(K(12, 3) == 0);
      length += K(1, 1) / draws, product2 += K(1, 3) * K(1, 3) / draws;
    }
    // χ²_{198}/200 with deviation √(2·198)/200 = 0.0995, and 198/200² with deviation √2 of itself; over 200 draws.
    CHECK(length == Approx(198.0 / 200).margin(4 * 0.0995 / std::sqrt(200.0)));
    CHECK(product2 == Approx(198.0 / 40000).epsilon(4 * 1.45 / std::sqrt(200.0)));
  }
}

TEST_CASE("the test error of two tokens is that of drawn inputs", "[models]") {
  const TwoTokenScalars cases[] = {{{0.4, -0.3}, {1.2, -0.8}, 0.7, 1.1, 0.35},
                                   {{2.0, 1.0}, {0.5, -0.6}, 2.5, 3.0, -0.8},
                                   {{-1.5, -4.0}, {3.0, -3.0}, 0.2, 0.5, 0.1}};
  constexpr int inputs = 400'000;
  std::uint64_t index = 0;
  for (const TwoTokenScalars& seen : cases) {
    double wrong = 0, loss = 0, attention = 0;
    std::array<double, 4> x{};
    for (int k = 0; k < inputs; ++k) {
      fill_normal(7, Stream::test_noise, ++index, 1.0, x);
      const int y = k % 2 == 0 ? 1 : -1, at = k % 2;
      const double p = seen.p_noise * x[0];
      const double v =
          seen.v_noise * (seen.correlation * x[0] + std::sqrt(1 - seen.correlation * seen.correlation) * x[1]);
      const double s = 1 / (1 + std::exp(p - seen.mu_p[at])), f = s * seen.mu_v[at] + (1 - s) * v;
      wrong += y * f < 0, loss += std::log1p(std::exp(-y * f)), attention += s;
    }
    const TestError exact = two_token_test(seen);
    CHECK(wrong / inputs == Approx(exact.wrong).margin(4 * std::sqrt(exact.wrong / inputs)));
    CHECK(loss / inputs == Approx(exact.loss).epsilon(0.01));
    CHECK(attention / inputs == Approx(exact.attention).margin(0.003));
    CHECK(exact.accuracy_error < 1e-11);
    CHECK(exact.loss_error < 1e-9);
  }
}

TEST_CASE("the test error of two tokens at even attention is a normal tail, however small", "[models]") {
  // p = 0: y f = (V + N(0, v²))/2, wrong with P(Z > V/v). P(Z > 1) = 0.15865525393145705, P(Z > 20) = 2.7536241186062337e-89.
  CHECK(two_token_test({{0, 0}, {2, -2}, 0, 2, 0}).wrong == Approx(0.15865525393145705).epsilon(1e-12));
  CHECK(two_token_test({{0, 0}, {20, -20}, 0, 1, 0}).wrong == Approx(2.7536241186062337e-89).epsilon(1e-11));
  // Nothing is known: half is wrong, with a loss of log 2.
  const TestError nothing = two_token_test({{0, 0}, {0, 0}, 0, 0, 0});
  CHECK(nothing.wrong == Approx(0.5).epsilon(1e-12));
  CHECK(nothing.loss == Approx(std::log(2.0)).epsilon(1e-12));
  // Hard attention on the noise leaves a coin; on the signal nothing is wrong.
  CHECK(two_token_test({{-200, -200}, {1, -1}, 1, 1, 0}).wrong == Approx(0.5).epsilon(1e-12));
  CHECK(two_token_test({{200, 200}, {1, -1}, 1, 1, 0}).wrong < 1e-300);
}

TEST_CASE("a model refuses what it leaves no choice of, and what its routes cannot do", "[models]") {
  const auto refused = [](auto change) {
    RunConfig config = single_head_config(RouteKind::coefficients);
    change(config);
    const auto found = validate(config);
    return found.empty() ? std::string() : found.front().symbol;
  };
  CHECK(refused([](RunConfig&) {}).empty());
  CHECK(refused([](RunConfig& c) { c.parameters.T = 3; }) == "T");
  CHECK(refused([](RunConfig& c) { c.parameters.rho = Decimal("0.1"); }) == "rho");
  CHECK(refused([](RunConfig& c) { c.parameters.init = theory::Init::gaussian; }) == "init");
  CHECK(refused([](RunConfig& c) { c.parameters.sigma_p = Decimal("1"); }) == "sigma-p");
  CHECK(refused([](RunConfig& c) { c.route = RouteKind::statistics; }) == "route");
  CHECK(refused([](RunConfig& c) { c.method = parse_method("sgd:2").value(); }) == "method");
  CHECK(refused([](RunConfig& c) { c.train = Train::p; }) == "train");
  CHECK(refused([](RunConfig& c) { c.test_sample = 100; }) == "test");
  CHECK(find_model("no such model") == nullptr);
  CHECK(find_model("exact") == find_model("token-selection"));
  RunConfig unknown;
  unknown.model = "no such model";
  CHECK_THROWS(model_of(unknown));
}

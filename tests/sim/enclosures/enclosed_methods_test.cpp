// Methods beside plain descent in intervals: they hold what the method makes of W and p themselves in 100 digits.

#include "sim/enclosures/enclosed_run.hpp"
#include "sim/runs/method.hpp"
#include "tests/support/random_input.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::sim;
using theory::Decimal;

namespace {

RunConfig drawn_method(tests::RandomInput& draw, const char* method, const char* schedule, RouteKind route) {
  RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 10, p.steps = 12, config.seed = static_cast<std::uint64_t>(draw.whole(1, 1000));
  p.mu = draw.decimal(1, 6), p.rho = Decimal("0.3"), p.eta = Decimal("0.5");
  p.sigma_p = Decimal(draw.whole(0, 1) == 0 ? "0" : "0.2");
  p.lr = Decimal(std::string(method) == "normalised" ? "0.01" : "0.7");
  config.method = parse_method(method).value();
  config.method.schedule = parse_schedule(schedule).value();
  config.route = route;
  REQUIRE(validate(config).empty());
  return config;
}

}  // namespace

TEST_CASE("methods in intervals hold W and p of 100 digits", "[enclosed-methods]") {
  struct Case {
    const char *method, *schedule;
  };
  tests::RandomInput draw(2211);
  for (const auto& [method, schedule] :
       {Case{"momentum:0.9", "constant"}, Case{"nesterov:0.7", "constant"}, Case{"normalised", "constant"},
        Case{"sgd:2", "constant"}, Case{"decay:0.3", "constant"}, Case{"gd", "inverse-time:3"},
        Case{"momentum:0.3", "inverse-root:0.7"}})
    for (const RouteKind route : {RouteKind::coefficients, RouteKind::statistics}) {
      RunConfig config = drawn_method(draw, method, schedule, route);
      INFO(method << ", " << schedule << ", seed " << config.seed << ", mu " << config.parameters.mu.text());
      const WorkingPrecision precision(200);
      const ExactInstance exact(config, QNorm::not_needed);
      EnclosedMoment end;
      REQUIRE(enclose_descent(exact, {config.parameters.steps}, [&](const EnclosedMoment& seen) { end = seen; }));

      config.route = RouteKind::direct;
      const Run<mp100> run(config);
      const auto steps = make_method(run);
      train(*steps, config.parameters.steps, [](long) {});
      const Observation<mp100> truth = run.observe(steps->state());
      for (Index k = 0; k < exact.exact.frame().tokens(); ++k) {
        CHECK(contains(end.readout.logits[k], truth.readout.logits[k]));
        CHECK(width(end.readout.logits[k]) < 1e-20);
      }
      CHECK(contains(end.loss, truth.train_loss));
      CHECK(contains(end.readout.mu_plus_q, truth.readout.mu_plus_q));
    }
}

TEST_CASE("the signs of other coordinates than those of W and p are no method", "[enclosed-methods]") {
  tests::RandomInput draw(2212);
  const RunConfig config = drawn_method(draw, "gd", "constant", RouteKind::coefficients);
  RunConfig by_signs = config;
  by_signs.method = parse_method("sign").value();
  const WorkingPrecision precision(64);
  const ExactInstance exact(by_signs, QNorm::not_needed);
  CHECK_THROWS_AS(enclose_descent(exact, {1}, [](const EnclosedMoment&) {}), std::logic_error);
}

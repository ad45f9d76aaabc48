// In any layout the reduced routes are W and p in d dimensions; and schedules of steps.

#include "tests/support/compare.hpp"
#include "tests/support/random_layout.hpp"
#include "sim/runs/method.hpp"
#include "theory/model/layout_text.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::RandomInput;
using benign::tests::relative_difference;
using benign::tests::require_close;
using theory::Decimal;

namespace {

RunConfig random_run(RandomInput& random, long steps) {
  RunConfig config;
  auto& p = config.parameters;
  p.n = 6, p.d = 30, p.mu = Decimal("5"), p.rho = Decimal("0.3"), p.sigma_p = Decimal("0.2");
  p.lr = Decimal("0.02"), p.steps = steps;
  p.plus_share = Decimal(random.one_in(2) ? "0.3" : "0.5");
  p.flips = random.one_in(2) ? theory::Flips::independent : theory::Flips::exact;
  p = tests::laid_out(p, tests::random_layout(random));
  config.seed = static_cast<std::uint64_t>(random.whole(0, 1000));
  INFO(theory::line_of(*p.layout));
  REQUIRE(validate(config).empty());
  return config;
}

template <class Real>
Observation<Real> end_by(RunConfig config, RouteKind route) {
  config.route = route;
  const Run<Real> run(config);
  const auto method = make_method(run);
  train(*method, config.parameters.steps, [](long) {});
  return run.observe(method->state());
}

template <class Real>
void require_routes_alike(const RunConfig& config, double tolerance) {
  INFO(theory::line_of(*config.parameters.layout) << ", seed " << config.seed);
  const auto direct = end_by<Real>(config, RouteKind::direct);
  for (const RouteKind route : {RouteKind::coefficients, RouteKind::statistics}) {
    const auto reduced = end_by<Real>(config, route);
    CHECK(relative_difference(reduced.readout.logits, direct.readout.logits) <= tolerance);
    require_close(reduced.readout.mu_plus_q, direct.readout.mu_plus_q, tolerance,
                  representative<Real>(direct.readout.logits.template lpNorm<Eigen::Infinity>()));
    require_close(reduced.train_loss, direct.train_loss, tolerance);
    if (reduced.readout.q_norm2) require_close(*reduced.readout.q_norm2, *direct.readout.q_norm2, tolerance);
  }
}

RunConfig scheduled(const char* schedule, const char* method, long steps) {
  RunConfig config;
  auto& p = config.parameters;
  p.n = 6, p.T = 4, p.d = 30, p.mu = Decimal("5"), p.lr = Decimal("0.02"), p.steps = steps;
  config.method = parse_method(method).value();
  config.method.schedule = parse_schedule(schedule).value();
  return config;
}

}  // namespace

TEST_CASE("layouts: routes agree to 1e-12 in double, whatever the tokens are", "[routes][layout]") {
  RandomInput random(4);
  for (int k = 0; k < 12; ++k) require_routes_alike<double>(random_run(random, 100), 1e-12);
}

TEST_CASE("layouts: routes agree to 1e-42 in 50 digits", "[routes][layout][mp50]") {
  RandomInput random(8);
  for (int k = 0; k < 2; ++k) require_routes_alike<mp50>(random_run(random, 20), 1e-42);
}

TEST_CASE("layouts: attention is told by kind, and the gap is from the best relevant token", "[observation][layout]") {
  // A sample with the logits (0, log 2, log 3, 0) of two relevant tokens and two others: s = (1, 2, 3, 1)/7.
  const auto layout = theory::layout_from_line("signal: own=1, count=2; weak: own=rho; noise");
  theory::Samples<double> samples{1, 4, Vector<double>::Zero(4), {+1}};
  Vector<double> logits(4);
  logits << 0, std::log(2.0), std::log(3.0), 0;
  const auto seen = observe<double>(samples, {false}, {logits, 0, 0, std::nullopt}, {}, layout);
  REQUIRE(seen.clean->share.size() == 3);
  CHECK(seen.clean->share[0] == Approx(3.0 / 7));
  CHECK(seen.clean->share[1] == Approx(3.0 / 7));
  CHECK(seen.clean->share[2] == Approx(1.0 / 7));
  CHECK(seen.clean->gap == Approx(std::log(2.0 / 3)));
}

TEST_CASE("schedules: the sum of the steps is the sum", "[methods][schedule]") {
  for (const char* text :
       {"constant", "inverse-time:1e-3", "inverse-time:7", "inverse-time:1e5", "inverse-root:0.5", "inverse-root:300"})
    for (const long count : {1L, 10L, 1000L, 1001L, 200'000L}) {
      const StepSchedule schedule = parse_schedule(text).value();
      StepLengths<mp50> lengths(mp50(1), schedule);
      for (long k = 1; k <= std::min(count, 20'000L); ++k) lengths.take(k);
      StepLengths<double> all(1.0, schedule);
      for (long k = 1; k <= count; ++k) all.take(k);
      INFO(text << ", " << count);
      require_close(sum_of_steps(schedule, count), all.sum(), 1e-12);
      if (count <= 20'000) require_close(sum_of_steps(schedule, count), representative(lengths.sum()), 1e-14);
    }
  // Known sums: the harmonic numbers H_10 = 7381/2520, and log 2 as the limit of H_2n − H_n.
  require_close(sum_of_steps(parse_schedule("inverse-time:1").value(), 10), 7381.0 / 2520, 1e-15);
  require_close(sum_of_steps(parse_schedule("inverse-time:1e8").value(), 100'000'000), 1e8 * std::log(2.0) + 0.25,
                1e-15);
}

TEST_CASE("schedules: a run's time is the sum of its steps, by every method", "[methods][schedule]") {
  for (const char* method : {"gd", "momentum:0.9", "nesterov:0.5", "sgd:2", "decay:0.1"}) {
    const RunConfig config = scheduled("inverse-root:20", method, 50);
    const Run<double> run(config);
    const auto steps = make_method(run);
    train(*steps, 50, [](long) {});
    const double sum = sum_of_steps(config.method.schedule, 50) * run.frame().scales.step;
    INFO(method);
    require_close(steps->time().s, sum * speed_of<double>(config.method), 1e-14);
    require_close(steps->time().s, std::expm1(horizon<double>(config)), 1e-12);
  }
}

TEST_CASE("schedules: routes agree to 1e-12, with any method", "[methods][schedule]") {
  for (const char* method : {"gd", "momentum:0.9", "nesterov:0.9", "normalised", "sgd:2", "decay:0.5"}) {
    RunConfig config = scheduled("inverse-time:30", method, 100);
    config.parameters.sigma_p = Decimal("0.2");
    if (config.method.kind == MethodKind::normalised) config.parameters.lr = Decimal("0.01");
    config.parameters.layout =
        std::make_shared<const theory::TokenLayout>(theory::layout_from_line("signal: own=1, noise=0; noise: count=3"));
    INFO(method);
    require_routes_alike<double>(config, 1e-12);
  }
}

TEST_CASE("schedules: at an equal sum of steps a run meets the constant one, to first order in the step",
          "[methods][schedule]") {
  for (const char* kind : {"inverse-time:", "inverse-root:"}) {
    double before = 0;
    std::vector<double> ratios;
    for (const long parts : {1L, 2L, 4L, 8L, 16L}) {
      // K and the number of steps grow as the step falls: the same way, in finer steps.
      RunConfig config = scheduled((kind + std::to_string(20 * parts)).c_str(), "gd", 60 * parts);
      config.parameters.lr = Decimal(std::to_string(0.08 / static_cast<double>(parts)));
      const auto decayed = end_by<double>(config, RouteKind::coefficients);
      const double sum = sum_of_steps(config.method.schedule, config.parameters.steps);
      const Run<double> run(config);
      const long steps = 20 * parts;
      const double step = run.frame().scales.step * sum / static_cast<double>(steps);
      const auto constant = run.route().read(descend_to(run.route(), step, steps)).logits;
      const double difference = (decayed.readout.logits - constant).lpNorm<Eigen::Infinity>();
      if (before > 0) ratios.push_back(difference / before);
      before = difference;
    }
    INFO(kind << " ratios " << ratios[0] << " " << ratios[1] << " " << ratios[2] << " " << ratios[3]);
    CHECK(ratios.back() == Approx(0.5).margin(0.02));
    CHECK(before > 0);
  }
}

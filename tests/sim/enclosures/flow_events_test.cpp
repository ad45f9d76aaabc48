// Events along the flow of an instance against the run in double, and what a flow's distance from the known one makes of them.

#include "sim/enclosures/flow/enclosed_flow.hpp"
#include "sim/runs/simulate.hpp"
#include "tests/support/random_input.hpp"
#include "theory/numbers/exact_text.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace benign;

namespace {

/// W₀ = I, n = 4, T = 3 and d = 24, so that τ is a sixth of s; half of the test loss is lost at s = 3.08 without flipped labels.
sim::RunConfig small_flow(const char* eta, const char* horizon) {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 24, p.mu = theory::Decimal("9.75"), p.eta = theory::Decimal(eta);
  p.init = theory::Init::identity;
  config.flow = true, config.seed = 139, config.tau_max = theory::Decimal(horizon);
  return config;
}

}  // namespace

TEST_CASE("events of an instance's flow hold those that the run in double sees", "[flow_events]") {
  tests::RandomInput draw(51);
  const WorkingPrecision precision(64);
  long fits = 0, gaps = 0, later = 0, wrong = 0, wide = 0;
  for (int trial = 0; trial < 8; ++trial) {
    sim::RunConfig config;
    auto& p = config.parameters;
    p.n = 4, p.T = 3, p.d = draw.whole(16, 30), p.mu = theory::Decimal(std::to_string(draw.dyadic(3, 12)));
    p.init = theory::Init::identity, p.eta = theory::Decimal(trial % 2 ? "0" : "0.25");
    config.flow = true, config.seed = static_cast<std::uint64_t>(draw.whole(1, 1000));
    config.tau_max = theory::Decimal(std::to_string(6 * 4.0 / static_cast<double>(p.d)));  // s = 6
    const auto truth = sim::simulate<double>(sim::Run<double>(config, sim::QNorm::not_needed), 0, {}, {}, 1e-12).events;
    const auto found = sim::enclose_flow(sim::ExactInstance(config, sim::QNorm::not_needed), {}, {1e-9, 8, 0},
                                         {.fit = true, .gap = true, .end = false});
    INFO(config.seed << ": " << found.stopped);
    CHECK(found.stopped.empty());
    const auto check = [&](const sim::FirstTime& first, const std::optional<double>& log_s) {
      if (first.from_the_start()) return wrong += !(log_s && std::isinf(*log_s)), 0L;
      const sim::EnclosedEvent event = first.event();
      if (!event.log_s) return wrong += log_s.has_value(), ++later, 0L;
      wrong += !(log_s && contains(*event.log_s + enclosure(-1e-9, 1e-9), Enclosure(*log_s)));
      wide += !(width(*event.log_s) < 1e-4);
      return 1L;
    };
    fits += check(found.events.fit, truth.fit), gaps += check(found.events.gap, truth.gap);
  }
  CHECK(wrong == 0);
  CHECK(wide == 0);
  CHECK(fits >= 2);
  CHECK(gaps >= 2);
  CHECK(later >= 2);
}

TEST_CASE("half of the test loss is lost when the run in double sees it", "[flow_events]") {
  const WorkingPrecision precision(64);
  for (const char* horizon : {"0.25", "1"}) {  // s = 1.5 and 6
    const sim::RunConfig config = small_flow("0", horizon);
    const auto truth = sim::simulate<double>(sim::Run<double>(config), 0, {}, {}, 1e-12).events.half_loss;
    const auto found =
        sim::enclose_flow(sim::ExactInstance(config), {}, {1e-9, 8, 0}, {.half_loss = true, .end = false});
    INFO(horizon << ": " << found.stopped);
    const sim::EnclosedEvent event = found.events.half_loss.event();
    REQUIRE(event.log_s.has_value() == truth.has_value());
    if (!truth) {
      CHECK(found.events.half_loss.excluded());
      continue;
    }
    CHECK(contains(*event.log_s + enclosure(-1e-9, 1e-9), Enclosure(*truth)));
    CHECK(width(*event.log_s) < 1e-3);
  }
}

TEST_CASE("how far a flow may be from the known one is added to q before its test loss is read", "[flow_events]") {
  const WorkingPrecision precision(64);
  const theory::Parameters p;
  // Over the whole step q is as at X = 8 on both signals and ‖q‖ = 0.5, whose loss is next to the floor.
  const auto constant = [](double x) { return Enclosure(x); };
  const auto step = [&](double q_norm2) {
    sim::FlowStep one{1, 1, false, Enclosure(1), 1, {}};
    one.terms.X = {sim::Column::Constant(2, constant(8)), sim::Column::Constant(2, Enclosure(0))};
    one.terms.q_norm2 = {constant(q_norm2), Enclosure(0)};
    return one;
  };
  const auto half_loss_of = [&](const sim::FlowStep& one, double plus, double minus, double q) {
    sim::FlowEvents events({.half_loss = true}, p);
    events.look(one, {{}, {sim::Upward(plus), sim::Upward(minus)}, sim::Upward(q)}, Enclosure(1));
    return events.half_loss;
  };
  CHECK(half_loss_of(step(0.25), 0, 0, 0).seen());
  CHECK(half_loss_of(step(400), 0, 0, 0).excluded());
  CHECK(!half_loss_of(step(0.25), 0, 0, 100).seen());
  CHECK(!half_loss_of(step(0.25), 8, 0, 0).seen());
  CHECK(!half_loss_of(step(0.25), 0, 8, 0).seen());
  CHECK(!half_loss_of(step(400), 0, 0, 19.5).excluded());
}

TEST_CASE("a flow goes on from its record as if nothing had been", "[flow_events]") {
  const WorkingPrecision precision(64);
  const sim::ExactInstance exact(small_flow("0.25", "0.3"));
  const sim::FlowQuestion asked{.fit = true, .gap = true, .half_loss = true};
  sim::Resumption resumption;
  std::vector<sim::Json> records;
  resumption.keep = [&](const sim::Json& stands) { records.push_back(stands); };
  const auto whole = sim::enclose_flow(exact, {}, {1e-9, 4, 0}, asked, resumption);
  REQUIRE(records.size() >= 2);
  for (const std::size_t leg : {std::size_t{0}, records.size() - 1}) {
    std::vector<sim::Json> again;
    sim::Resumption later{records[leg], [&](const sim::Json& stands) { again.push_back(stands); }};
    const auto part = sim::enclose_flow(exact, {}, {1e-9, 4, 0}, asked, later);
    CHECK(again == std::vector<sim::Json>(records.begin() + static_cast<std::ptrdiff_t>(leg) + 1, records.end()));
    CHECK(part.steps == whole.steps);
    CHECK(part.distance == whole.distance);
    CHECK(part.events.record() == whole.events.record());
    CHECK(exact_text(part.moment->loss) == exact_text(whole.moment->loss));
  }
}

// The table of parameters: ranges, records that read back, and an entry that is added and then seen everywhere.

#include "sim/runs/parameter_table.hpp"
#include "sim/sweeps/grid.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using theory::Decimal;
using theory::Init;
using theory::Parameters;

TEST_CASE("every field out of range is reported with what is allowed", "[parameter_table]") {
  const auto symbol = [](auto change) {
    sim::RunConfig config;
    change(config.parameters);
    const auto found = sim::validate(config);
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].allowed.empty());
    return found[0].symbol;
  };
  CHECK(sim::validate({}).empty());
  CHECK(symbol([](Parameters& p) { p.n = 21; }) == "n");
  CHECK(symbol([](Parameters& p) { p.n = 0; }) == "n");
  CHECK(symbol([](Parameters& p) { p.T = 2; }) == "T");
  CHECK(symbol([](Parameters& p) { p.d = -3; }) == "d");
  CHECK(symbol([](Parameters& p) { p.mu = Decimal("0"); }) == "mu");
  CHECK(symbol([](Parameters& p) { p.rho = Decimal("1"); }) == "rho");
  CHECK(symbol([](Parameters& p) { p.eta = Decimal("0.5000000000000000000001"); }) == "eta");
  CHECK(symbol([](Parameters& p) { p.sigma = Decimal("-1"); }) == "sigma");
  CHECK(symbol([](Parameters& p) { p.sigma_w = Decimal("0"); }) == "sigma-w");
  CHECK(symbol([](Parameters& p) { p.init = Init::identity, p.sigma_w = Decimal("1"); }) == "sigma-w");
  CHECK(symbol([](Parameters& p) { p.sigma_p = Decimal("-1"); }) == "sigma-p");
  CHECK(symbol([](Parameters& p) { p.lr = Decimal("0"); }) == "lr");
  CHECK(symbol([](Parameters& p) { p.steps = 0; }) == "steps");
}

TEST_CASE("what an entry prints, it parses to the same", "[parameter_table]") {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 6, p.T = 5, p.d = 77, p.mu = Decimal("0.1000000000000000000000001"), p.rho = Decimal("0.3");
  p.eta = Decimal("1e-30"), p.sigma = Decimal("12345678901234567890"), p.init = Init::gaussian;
  p.sigma_w = Decimal("0.25"), p.sigma_p = Decimal("2"), p.steps = 1'000'000'000'000, p.lr = Decimal("5e-3");
  p.lr_unit = theory::LrUnit::tau0;
  config.seed = 1'000'000'007, config.precision = Precision::digits50, config.route = sim::RouteKind::statistics;
  config.train = sim::Train::p, config.test_sample = 500, config.flow = true, config.log_s_max = Decimal("12.5");
  config.data = sim::DataKind::peer;
  const sim::Json printed = sim::config_json(config);
  sim::RunConfig read;
  for (const auto& [name, value] : printed.items()) {
    const auto* parameter = sim::find_parameter(name);
    REQUIRE(parameter);
    parameter->parse(read, sim::text_of(value));
  }
  CHECK(sim::config_json(read) == printed);
  CHECK(read.parameters.mu == p.mu);
  CHECK(printed["mu"] == "0.1000000000000000000000001");  // no double prints it
  CHECK(printed["rho"] == 0.3);
}

TEST_CASE("texts that are no value say what is", "[parameter_table]") {
  sim::RunConfig config;
  for (const auto& [name, text, allowed] :
       {std::tuple{"n", "2.5", "a whole number"},
        {"mu", "long", "a decimal number"},
        {"init", "zero", "uniform | gaussian | identity"},
        {"seed", "-1", "a whole number of at least 0"},
        {"test", "sample:1", "population, none, or sample:M with a whole number M from 2 to 10^8"},
        {"flow", "yes", "true or false"}}) {
    INFO(name << " " << text);
    CHECK_THROWS_WITH(sim::find_parameter(name)->parse(config, text), allowed);
  }
  CHECK(sim::find_parameter("no-such") == nullptr);
}

TEST_CASE("an axis sets what its entry parses, and a derived one what follows", "[parameter_table]") {
  sim::RunConfig config;
  for (const auto& name : sim::axis_names()) sim::set_axis(config, name, Decimal("16"));
  const auto& p = config.parameters;
  CHECK(p.n == 16);
  CHECK(p.steps == 16);
  CHECK(*config.log_s_max == Decimal("16"));
  CHECK(p.mu == Decimal("64"));  // the last that sets it is n SNR² = 16, at n = d = σ = 16: ‖μ‖ = √(16/16) · 16 · √16
  CHECK(*p.sigma_w == Decimal("1"));
  CHECK_THROWS_AS(sim::set_axis(config, "seed", Decimal("1")), std::invalid_argument);
}

// One entry that is added to the table of parameters is an option with help, a key of files and records, an axis and a
// label, with no other line of code.

#include "plots/records/sweep.hpp"
#include "proofs_check/terminal/options.hpp"
#include "sim/runs/parameter_table.hpp"
#include "sim/sweeps/grid.hpp"
#include "tests/support/files.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

using namespace benign;
using theory::Decimal;

namespace {

/// Twice the length of the signals. It prints itself for one length alone, so that no other test sees it.
void add_diameter() {
  sim::add_parameter({.name = "diameter",
                      .default_text = "40",
                      .help = "twice the length of the signals",
                      .symbol = "2‖μ‖",
                      .axis_label = "twice the length of the signals, 2‖μ‖",
                      .parse =
                          [](sim::RunConfig& config, const std::string& text) {
                            const auto value = Decimal::parse(text);
                            if (!value) throw sim::NotAllowed("a diameter");
                            config.parameters.mu = sim::decimal_of(value->as<double>() / 2);
                          },
                      .print =
                          [](const sim::RunConfig& config) {
                            return config.parameters.mu == Decimal("3.5") ? sim::Json(7) : sim::Json();
                          },
                      .in_range = [](const sim::RunConfig& config) { return config.parameters.mu.exact() != 4; },
                      .range = "any diameter but 8"});
}

}  // namespace

TEST_CASE("an entry that is added is seen everywhere", "[parameter_table]") {
  add_diameter();
  CLI::App program;
  const proofs::SharedOptions shared(program);
  CHECK(program.help().find("twice the length of the signals") != std::string::npos);
  program.parse("--diameter 7 --n 4 --T 3 --d 20");
  const auto config = shared.config();
  CHECK(config.parameters.mu == Decimal("3.5"));

  const sim::Json record = sim::config_json(config);
  CHECK(record["diameter"] == 7);
  CHECK(proofs::config_from_json("record", record.dump()).parameters.mu == config.parameters.mu);

  const TemporaryFolder folder;
  write(folder.path / "run.toml", "diameter = 9\nn = 4\n");
  const auto file = proofs::given_in_file("--config", folder.path / "run.toml");
  CHECK(proofs::configuration(file).parameters.mu == Decimal("4.5"));

  CHECK_THROWS_WITH(proofs::config_from_json("record", R"({"diameter": "wide"})"),
                    "record: diameter: 'wide' is not allowed; allowed: any diameter but 8");
  CHECK_THROWS_WITH(proofs::config_from_json("record", R"({"diameter": 8})"),
                    Catch::Matchers::Contains("allowed: any diameter but 8"));

  const auto axes = sim::axis_names();
  CHECK(std::find(axes.begin(), axes.end(), "diameter") != axes.end());
  const auto axis = sim::spaced_axis("diameter", Decimal("2"), Decimal("6"), 3, false);
  const sim::Grid grid{config, axis, sim::spaced_axis("d", Decimal("20"), Decimal("40"), 2, false)};
  CHECK(grid.config(1, 1).parameters.mu == Decimal("2"));
  CHECK(plots::SweepAxis{"diameter", false, {2, 6}}.label() == "twice the length of the signals, 2‖μ‖");
}

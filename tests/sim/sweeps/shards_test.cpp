// A sweep's folder while it runs: what is found there again, what counts for nothing, and what is refused.

#include "tests/support/files.hpp"
#include "sim/sweeps/cells.hpp"
#include "sim/sweeps/engine.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::sim;
using theory::Decimal;

namespace {

CellSweep small_sweep(const char* largest_mu = "20") {
  RunConfig base;
  base.data = DataKind::gram;
  base.parameters.init = theory::Init::gaussian;
  base.parameters.n = 4, base.parameters.T = 4, base.parameters.steps = 5;
  return CellSweep({base, spaced_axis("d", Decimal("100"), Decimal("300"), 3, false),
                    spaced_axis("mu", Decimal("5"), Decimal(largest_mu), 2, false)},
                   1);
}

/// A shard with the first `units` units of the sweep in it.
std::string shard_of(const CellSweep& sweep, long units) {
  std::string lines;
  SharedDraws shared;
  for (long unit = 0; unit < units; ++unit)
    lines += shard_line(sweep, unit, sweep.found_json(sweep.run(unit, shared)), 0.5) + "\n";
  return lines;
}

std::string why_refused(const std::filesystem::path& folder, const CellSweep& sweep) {
  try {
    resume_from(folder, sweep);
  } catch (const NotResumable& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a folder gives back the units whose lines are whole", "[sweep][shards]") {
  const TemporaryFolder folder;
  const CellSweep sweep = small_sweep();
  describe_sweep(folder.path, sweep);
  const std::string two = shard_of(sweep, 2), three = shard_of(sweep, 3);
  ::write(folder.path / "shard-0-0-0.jsonl", two);
  CHECK(read_shards(folder.path, sweep).size() == 2);
  // A last line that a signal has cut counts for nothing, at any place of the cut.
  for (std::size_t cut = two.size(); cut < three.size(); cut += 7) {
    ::write(folder.path / "shard-0-0-0.jsonl", three.substr(0, cut));
    CHECK(read_shards(folder.path, sweep).size() == 2);
  }
  const auto resumed = resume_from(folder.path, sweep);
  CHECK_FALSE(resumed.merged);
  SharedDraws shared;
  CHECK(sweep.found_json(resumed.units.at(1).found) == sweep.found_json(sweep.run(1, shared)));
  CHECK(resumed.units.at(1).seconds == 0.5);
}

TEST_CASE("what goes on from a folder ends in the records of one run without a break", "[sweep][shards]") {
  const TemporaryFolder whole, broken;
  const CellSweep sweep = small_sweep();
  const Cluster alone;
  run_sweep(sweep, alone, EngineOptions<CellSweep>{.folder = whole.path, .threads = 2});
  describe_sweep(broken.path, sweep);
  ::write(broken.path / "shard-0-0-0.jsonl", shard_of(sweep, 4));
  const auto result =
      run_sweep(sweep, alone, EngineOptions<CellSweep>{broken.path, 2, resume_from(broken.path, sweep)});
  CHECK(result.done_before == 4);
  CHECK(read(broken.path / "cells.jsonl") == ::read(whole.path / "cells.jsonl"));
  CHECK_FALSE(std::filesystem::exists(broken.path / "shard-0-0-0.jsonl"));
  const auto merged = resume_from(broken.path, sweep).merged;
  REQUIRE(merged);
  REQUIRE(merged->lines.size() == result.merged.lines.size());
  for (std::size_t k = 0; k < merged->lines.size(); ++k)
    CHECK(sweep.line_json(merged->lines[k]) == sweep.line_json(result.merged.lines[k]));
}

TEST_CASE("a folder of another sweep, or with a line that is none of this one's, is refused with file and line",
          "[sweep][shards]") {
  const CellSweep sweep = small_sweep();
  const std::string line = shard_of(sweep, 1);
  const auto changed = [&](const auto& change) {
    Json json = Json::parse(line);
    change(json);
    return json.dump() + "\n";
  };
  const struct {
    const char* what;
    std::string lines, says;
  } cases[] = {
      {"no record", "{}\n", "not a record"},
      {"no JSON", "unit 1\n", "not a record"},
      {"no such unit", changed([](Json& json) { json["unit"] = 6; }), "no unit of this sweep"},
      {"another seed", changed([](Json& json) { json["seed"] = 7; }), "another configuration"},
      {"another build", changed([](Json& json) { json["build"] = "other"; }), "another build"},
      {"a number that is none", changed([](Json& json) { json["found"]["train_loss"] = "0.5"; }),
       "not a record of this sweep"},
      {"a quantity too few", changed([](Json& json) { json["found"].erase("mu_q"); }), "not a record of this sweep"},
      {"a unit twice, and not the same", line + changed([](Json& json) { json["found"]["train_loss"] = 0.25; }),
       "is there twice, and not the same"},
      {"an outcome that is none", changed([](Json& json) { json["found"]["outcome"] = "fine"; }), "no outcome"},
  };
  for (const auto& [what, lines, says] : cases) {
    const TemporaryFolder folder;
    describe_sweep(folder.path, sweep);
    ::write(folder.path / "shard-0-0-0.jsonl", lines);
    INFO(what);
    const std::string why = why_refused(folder.path, sweep);
    INFO(why);
    CHECK(why.find("shard-0-0-0.jsonl:" + std::to_string(std::ranges::count(lines, '\n'))) != std::string::npos);
    CHECK(why.find(says) != std::string::npos);
  }
  const TemporaryFolder folder;
  describe_sweep(folder.path, sweep);
  CHECK(why_refused(folder.path, small_sweep("30")).find("phase.json") != std::string::npos);
}

TEST_CASE("every new shard has a name of its own", "[sweep][shards]") {
  const TemporaryFolder folder;
  const auto first = new_shard(folder.path, 0, 1), second = new_shard(folder.path, 0, 1);
  CHECK(first != second);
  CHECK(std::filesystem::is_empty(first));
  CHECK(holds_sweep(folder.path));
  remove_shards(folder.path);
  CHECK_FALSE(holds_sweep(folder.path));
}

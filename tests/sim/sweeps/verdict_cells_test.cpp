// A claim over a grid: what cells say of their runs, and that an unfinished sweep says what it does not know.

#include "sim/sweeps/engine.hpp"
#include "sim/sweeps/unfinished.hpp"
#include "sim/sweeps/verdict_cells.hpp"

#include "tests/support/files.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::sim;
using theory::Decimal;
using theory::Verdict;

namespace {

/// True above the diagonal mu = sigma, by a margin that falls with the seed; vacuous where rho = 0 would be divided by.
Judged planted_judge(const RunConfig& config) {
  const double mu = config.parameters.mu.as<double>(), sigma = config.parameters.sigma.as<double>();
  Judged found{.verdict = {}, .margin = {}, .error = {}, .constant = {}, .precision = "double", .unmet = {}};
  found.margin = mu - sigma - 0.25 * static_cast<double>(config.seed - 42), found.error = 0.01, found.scale = sigma;
  found.constant = sigma / mu;
  found.verdict = theory::decide(sigma < 2.5, {*found.margin, *found.error});
  if (found.verdict == Verdict::vacuous) found.unmet = {"sigma < 2.5"};
  return found;
}

VerdictSweep planted_sweep(long seeds, bool study = false) {
  RunConfig base;
  base.data = DataKind::gram, base.parameters.init = theory::Init::gaussian;
  return {Grid{base, spaced_axis("mu", Decimal("1"), Decimal("3"), 3, false),
               spaced_axis("sigma", Decimal("1"), Decimal("3"), 3, false)},
          seeds,
          {"planted.claim", {{"C", 1}, {"delta", 0.01}, {"constants", Json::object()}}, study, planted_judge}};
}

std::vector<VerdictCell> cells_of(const VerdictSweep& sweep, int threads) {
  const Cluster alone;
  return run_sweep(sweep, alone, EngineOptions<VerdictSweep>{.folder = {}, .threads = threads}).merged.lines;
}

}  // namespace

TEST_CASE("verdicts: a cell is violated where one run is, and shows the worst run of its verdict",
          "[sweep][verdicts]") {
  const VerdictSweep sweep = planted_sweep(2);
  CHECK(sweep.units() == 18);
  const auto cells = cells_of(sweep, 2);
  REQUIRE(cells.size() == 9);
  const auto at = [&](long mu, long sigma) -> const VerdictCell& {
    return cells[static_cast<std::size_t>((sigma - 1) * 3 + mu - 1)];
  };
  CHECK(at(2, 1).verdict == Verdict::holds);  // 1 and 0.75
  CHECK(at(2, 1).worst == 1);
  CHECK(*at(2, 1).found.margin == 0.75);
  CHECK(at(1, 2).verdict == Verdict::violated);  // −1 and −1.25
  CHECK(*at(1, 2).found.margin == -1.25);
  CHECK(at(2, 2).verdict == Verdict::violated);  // 0, within its error, and −0.25
  CHECK(at(2, 2).runs[static_cast<std::size_t>(Verdict::undecided)] == 1);
  CHECK(sweep.decided_by(at(2, 2)).seed == 43);
  for (long mu = 1; mu <= 3; ++mu) {
    CHECK(at(mu, 3).verdict == Verdict::vacuous);
    CHECK(at(mu, 3).found.unmet == std::vector<std::string>{"sigma < 2.5"});
  }
  CHECK(cells_of(planted_sweep(1), 1)[4].verdict == Verdict::undecided);  // one seed: 0 within its error
}

TEST_CASE("verdicts: a study is one judgement of a cell", "[sweep][verdicts]") {
  const VerdictSweep sweep = planted_sweep(5, /*study=*/true);
  CHECK(sweep.units() == 9);
  for (const VerdictCell& cell : cells_of(sweep, 2)) CHECK(cell.worst == 0);
}

TEST_CASE("verdicts: lines are read back as they were written, on any number of threads", "[sweep][verdicts]") {
  const VerdictSweep sweep = planted_sweep(3);
  const auto one = cells_of(sweep, 1), four = cells_of(sweep, 4);
  REQUIRE(one.size() == four.size());
  for (std::size_t k = 0; k < one.size(); ++k) {
    const std::string line = sweep.line_json(one[k]).dump();
    CHECK(line == sweep.line_json(four[k]).dump());
    CHECK(sweep.line_json(sweep.read_line(Json::parse(line))).dump() == line);
  }
  Json wrong = sweep.line_json(one[0]);
  wrong["verdict"] = "likely";
  CHECK_THROWS_AS(sweep.read_line(wrong), Json::exception);
}

TEST_CASE("verdicts: what an unfinished sweep has not judged has no verdict", "[sweep][verdicts]") {
  const TemporaryFolder folder;
  const VerdictSweep sweep = planted_sweep(1);
  describe_sweep(folder.path, sweep);
  std::string lines;
  for (const long unit : {0L, 4L})
    lines += shard_line(sweep, unit, sweep.found_json(planted_judge(sweep.config(unit))), 0) + "\n";
  write(new_shard(folder.path, 0, 0), lines);
  const auto unfinished = read_unfinished(folder.path);
  REQUIRE(unfinished);
  CHECK(unfinished->done == 2);
  for (std::size_t k = 0; k < 9; ++k) CHECK(unfinished->lines[k]["verdict"].is_null() == (k != 0 && k != 4));
}

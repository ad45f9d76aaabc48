// benign phase --check: a claim's verdict in every cell, its records, and its figure's data.

#include "tests/support/phase_cli.hpp"

#include <set>

namespace {

/// Nine cells: gap.clean_above speaks from d = 2000 on where n SNR² is 1, and at n SNR² = 10 nowhere.
const std::string nine_cells = "phase --check gap.clean_above --steps 200 --x d=1000:9000:3 --y nsnr2=1:10:3:log ";

std::string verdict_of(const Json& cell) { return cell["verdict"]; }

}  // namespace

TEST_CASE("phase --check: each cell is what 'benign check' says there", "[cli][phase][verdicts]") {
  const Outcome outcome = benign(nine_cells + "--json");
  CHECK(outcome.status == 0);
  const Json json = Json::parse(outcome.out);
  REQUIRE(json["cells"].size() == 9);
  CHECK(json["check"] == "gap.clean_above");
  long holds = 0, vacuous = 0;
  for (const Json& cell : json["cells"]) {
    const TemporaryFolder folder;
    write(folder.path / "config.json", cell["config"].dump());
    const Outcome alone =
        benign("check --json --only gap.clean_above --config " + (folder.path / "config.json").string());
    const Json check = Json::parse(alone.out)["checks"][0];
    for (const char* key : {"verdict", "margin", "error", "scale", "constant"}) CHECK(cell[key] == check[key]);
    CHECK((verdict_of(cell) == "vacuous") == !cell["unmet"].empty());
    holds += verdict_of(cell) == "holds", vacuous += verdict_of(cell) == "vacuous";
  }
  CHECK(holds > 0);
  CHECK(vacuous >= 3);  // n SNR² = 10 is above x_c
  CHECK(holds + vacuous == 9);

  // The command that is printed gives the margin that is printed.
  const std::string command = json["worst"]["command"];
  const Json again = Json::parse(benign(command.substr(std::string("benign ").size()) + " --json").out)["checks"][0];
  CHECK(again["margin"] == json["worst"]["margin"]);
}

TEST_CASE("phase --check: a violated cell is seen, and where nothing speaks nothing is decided",
          "[cli][phase][verdicts]") {
  const Outcome violated = benign(nine_cells + "--C gap.clean_above=0.5");
  CHECK(violated.status == 1);
  CHECK(violated.out.find("V") != std::string::npos);
  CHECK(violated.out.find("Worst: ") != std::string::npos);
  CHECK(violated.out.find("--C gap.clean_above=0.5") != std::string::npos);
  const Outcome silent = benign("phase --check gap.clean_above --n 4 --T 3 --steps 5 --x d=20:40:3 --y mu=1:2:3");
  CHECK(silent.status == 3);
  CHECK(silent.out.find(" 9 vacuous") != std::string::npos);
  CHECK(silent.out.find("unmet in 9: ") != std::string::npos);
}

TEST_CASE("phase --check: what was broken off goes on to the same bytes, also on one thread, by --out alone",
          "[cli][phase][verdicts]") {
  const TemporaryFolder folder;
  const std::string whole = folder.path / "whole", broken = folder.path / "broken";
  const std::string asked = nine_cells + "--seeds 2 --C gap.clean_above=3 --delta 0.1 ";
  CHECK(benign(asked + "--out " + whole).status <= 1);
  const Outcome stopped = benign(asked + "--threads 1 --out " + broken, "trap '' XFSZ; ulimit -f 8;");
  CHECK(stopped.status == 4);
  const long there = valid_shard_lines(broken);
  CHECK(there > 0);
  CHECK(there < 18);
  CHECK(benign("plot " + broken, "PATH=/nowhere").status == 4);  // as far as it goes, drawn elsewhere
  CHECK(read(broken + "/verdicts.tsv").find("nan") != std::string::npos);
  CHECK(benign("phase --resume --check gap.clean_below --out " + broken).err.find("--check is") != std::string::npos);
  CHECK(benign("phase --resume --C gap.clean_above=2 --out " + broken).status == 2);
  CHECK(benign("phase --resume --out " + broken).status <= 1);
  CHECK(read(broken + "/cells.jsonl") == read(whole + "/cells.jsonl"));
  CHECK(!read(whole + "/cells.jsonl").empty());
}

TEST_CASE("phase --check: a study judges all seeds of a cell at once", "[cli][phase][verdicts]") {
  const Json json = Json::parse(
      benign("phase --check fig3.benign.train --n 4 --T 3 --x d=40:60:2 --y mu=2:8:2 --seeds 3 --json").out);
  CHECK(json["units"] == 4);
  CHECK(json["study"] == true);
  for (const Json& cell : json["cells"]) CHECK(cell["judged_seeds"].get<long>() >= 3);
}

TEST_CASE("phase --check: the figure's data are the cells, with colours that tell verdicts apart",
          "[cli][phase][verdicts]") {
  const TemporaryFolder folder;
  const std::string out = folder.path;
  REQUIRE(benign(nine_cells + "--C gap.clean_above=1.175 --out " + out).status == 1);
  CHECK(benign("plot " + out, "PATH=/nowhere").status == 4);  // no gnuplot: data and script are there all the same
  std::map<std::string, std::set<long>> colours;
  long row = 0;
  const auto cells = lines_of(read(folder.path / "cells.jsonl"));
  for (const std::string& line : lines_of(read(folder.path / "verdicts.tsv"))) {
    if (line.empty()) break;  // the end of the cells
    if (line[0] == '#') continue;
    std::istringstream numbers(line);
    double x = 0, y = 0, skip = 0, colour = 0, verdict = 0;
    numbers >> x >> y >> skip >> skip >> skip >> skip >> colour >> verdict;
    const Json cell = Json::parse(cells[static_cast<std::size_t>(row++)]);
    CHECK(x == Approx(cell["x"].get<double>()));
    CHECK(y == Approx(cell["y"].get<double>()));
    colours[verdict_of(cell)].insert(static_cast<long>(colour));
    const long red = static_cast<long>(colour) >> 16, green = (static_cast<long>(colour) >> 8) & 255;
    CHECK((verdict_of(cell) == "violated") == (red > green));
    CHECK((verdict_of(cell) == "holds") == (green > red));
  }
  CHECK(row == 9);
  CHECK(colours.size() == 3);
  CHECK(colours["vacuous"].size() == 1);
  CHECK(read(folder.path / "verdicts.gp").find("violated") != std::string::npos);
}

TEST_CASE("phase --check: bad input gets one line", "[cli][phase][verdicts]") {
  for (const auto& [line, said] :
       {std::pair{"--check delay", "did you mean 'law.delay'?"},
        std::pair{"--check gap", "one of them: gap.clean_below"}, std::pair{"--check ''", "--check"},
        std::pair{"--check gap.clean_above --border gap", "only without --check"},
        std::pair{"--check gap.clean_above --infinite-time", "only without --check"},
        std::pair{"--check gap.clean_above --model mlp", "--model"},
        std::pair{"--check gap.clean_above --C gap.clean_above=0", "--C"},
        std::pair{"--check gap.clean_above --delta 2", "--delta"},
        std::pair{"--delta 0.1", "only together with --check"},
        std::pair{"--C gap.clean_above=2", "only together with --check"}})
    check_refused("phase " + grid + line, said);
}

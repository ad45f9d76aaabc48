// benign phase --prove: a theorem in every cell, its records, and its figure's data.

#include "tests/support/phase_cli.hpp"

#include <set>

namespace {

/// Six cells in which labels are fitted or not, and the test error is on either side of 0.3.
const std::string six_cells =
    "phase --n 4 --T 4 --steps 60 --lr 0.05 --eta 0.5 --x d=30:90:3 --y mu=1:9:2 "
    "--prove 'train_accuracy>=1' --prove 'margin_noisy_max<=0' --prove 'test_error<0.3' ";

}  // namespace

TEST_CASE("phase --prove: each cell is what 'benign prove' says there", "[cli][phase][proofs]") {
  const Outcome outcome = benign(six_cells + "--json");
  CHECK(outcome.status == 0);
  const Json json = Json::parse(outcome.out);
  REQUIRE(json["cells"].size() == 6);
  CHECK(json["contradictions"] == 0);
  std::set<std::string> seen;
  for (const Json& cell : json["cells"]) {
    const TemporaryFolder folder;
    write(folder.path / "config.json", cell["config"].dump());
    const std::string command = "prove --config " + (folder.path / "config.json").string() +
                                " --claim 'train_accuracy>=1' --claim 'margin_noisy_max<=0' --claim 'test_error<0.3'";
    const Outcome alone = benign(command + " --json --certificate " + (folder.path / "proof.json").string());
    const Json claims = Json::parse(alone.out)["claims"];
    REQUIRE(claims.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
      const Json& there = cell["claims"][k];
      for (const char* key : {"claim", "verdict", "lower", "upper"}) CHECK(there[key] == claims[k][key]);
      CHECK(there["verdicts"][std::string(there["verdict"])] == 1);
      CHECK(there["computed_holds"] == (there["verdict"] == "proved"));
      seen.insert(std::string(there["claim"]) + " is " + std::string(there["verdict"]));
    }
    CHECK(cell["proved_regimes"] == cell["computed_regimes"]);
    CHECK(benign("prove --verify " + (folder.path / "proof.json").string()).status == 0);
  }
  CHECK(seen.size() >= 4);  // more than one answer to some question
}

TEST_CASE("phase --prove: the same bytes on any number of threads, whole or broken off", "[cli][phase][proofs]") {
  const TemporaryFolder folder;
  const std::string whole = folder.path / "whole", broken = folder.path / "broken";
  const std::string asked = six_cells + "--seeds 2 ";
  CHECK(benign(asked + "--threads 3 --out " + whole).status == 0);
  CHECK(benign(asked + "--threads 1 --out " + broken, "trap '' XFSZ; ulimit -f 8;").status == 4);
  const long there = valid_shard_lines(broken);
  CHECK(there > 0);
  CHECK(there < 12);
  CHECK(benign("plot " + broken, "PATH=/nowhere").status == 4);  // as far as it goes, drawn elsewhere
  CHECK(read(broken + "/proofs.tsv").find("nan") != std::string::npos);
  CHECK(benign("phase --resume --prove 'train_loss<1' --out " + broken).status == 2);
  CHECK(benign("phase --resume --out " + broken).status == 0);
  CHECK(read(broken + "/cells.jsonl") == read(whole + "/cells.jsonl"));
  CHECK(!read(whole + "/cells.jsonl").empty());
}

TEST_CASE("phase --prove: what no digits decide is undecided, with the reason", "[cli][phase][proofs]") {
  // Steps of 1e-30 move nothing that 31 digits would tell.
  const Outcome outcome = benign(
      "phase --n 4 --T 4 --steps 3 --x d=30:60:2 --y mu=3:6:2 --lr 1e-30 --digits-max 31 --prove 'train_loss<1' "
      "--prove 'attention_clean never falls'");
  CHECK(outcome.status == 3);
  CHECK(outcome.out.find("undecided in 4 cells: ") != std::string::npos);
  CHECK(outcome.out.find("--digits-max allows no more") != std::string::npos);
}

TEST_CASE("phase --prove refuses what has no proof, and says where", "[cli][phase][proofs]") {
  const std::string small = "phase --n 4 --T 4 --steps 5 --x d=30:60:2 ";
  check_refused(small + "--y mu=3:6:2 --prove 'loss<1'", "train_accuracy, train_loss");
  check_refused(small + "--y eta=0:0.5:2 --prove 'margin_noisy_max<0'", "at d = 30, eta = 0: ");
  check_refused(small + "--y mu=3:6:2 --prove 'train_loss<1' --check gap.clean_above", "only without --prove");
  check_refused(small + "--y mu=3:6:2 --prove 'train_loss<1' --precision mp50", "only without --prove");
  check_refused(small + "--y mu=3:6:2 --digits-max 40", "only together with --prove");
}

TEST_CASE("phase --prove: the figure tells regimes where the claims do, and else each claim", "[cli][phase][proofs]") {
  const TemporaryFolder folder;
  const std::string regimes = folder.path / "regimes", claims = folder.path / "claims";
  REQUIRE(benign(six_cells + "--out " + regimes).status == 0);
  CHECK(benign("plot " + regimes, "PATH=/nowhere").status == 4);  // data and script are there without gnuplot
  CHECK(read(regimes + "/proofs.gp").find("computed in double") != std::string::npos);
  std::map<std::string, std::set<long>> colours;
  std::size_t row = 0;
  const auto cells = lines_of(read(regimes + "/cells.jsonl"));
  for (const std::string& line : lines_of(read(regimes + "/proofs.tsv"))) {
    if (line.empty()) break;  // the end of the cells
    if (line[0] == '#') continue;
    std::istringstream numbers(line);
    double skip = 0, colour = 0, share = 0;
    for (int k = 0; k < 6; ++k) numbers >> skip;
    numbers >> colour >> share;
    CHECK(share == 1);
    const Json cell = Json::parse(cells[row++]);
    for (const auto& [regime, count] : cell["proved_regimes"].items())
      if (count == 1) colours[regime].insert(static_cast<long>(colour));
  }
  CHECK(row == 6);
  for (const auto& [regime, of] : colours) CHECK(of.size() == 1);

  REQUIRE(benign("phase --n 4 --T 4 --steps 5 --x d=30:60:2 --y mu=3:6:2 --prove 'train_loss<0.69' --out " + claims)
              .status == 0);
  CHECK(benign("plot " + claims, "PATH=/nowhere").status == 4);
  CHECK(read(claims + "/proofs.gp").find("train\\_loss<0.69") != std::string::npos);
}

// benign construct and plot at their command lines.

#include "tests/support/cli.hpp"

#include <sstream>
#include <unistd.h>

TEST_CASE("construct has one construction for each b, and its configuration runs again", "[cli]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  const Outcome outcome = benign("construct --json --b 0.001,0.06,1e0 --seed 3 --out " + dir + " " + small_data);
  REQUIRE(outcome.status == 0);
  CHECK(outcome.err.empty());
  const Json json = Json::parse(outcome.out);
  for (const char* key : {"config", "seed", "version", "build", "compiler", "hash", "precision", "constructions"})
    CHECK(json.contains(key));
  REQUIRE(json["constructions"].size() == 3);
  CHECK(json["constructions"][1]["b"] == 0.06);
  CHECK(json["config"]["init"] == "identity");

  std::stringstream lines(read(folder.path / "selection.jsonl"));
  std::size_t k = 0;
  for (std::string line; std::getline(lines, line); ++k) {
    const Json record = Json::parse(line);
    for (const char* key : {"b", "train_accuracy", "train_loss", "test_accuracy", "test_accuracy_stderr", "test_loss",
                            "test_loss_stderr"})
      CHECK(record[key] == json["constructions"][k][key]);
    for (const char* key : {"config", "hash", "seed", "version", "precision"}) CHECK(record[key] == json[key]);
    CHECK(record["selections"].size() == 4 + 200);
    for (const char* key : {"set", "true_label", "along_plus", "along_minus", "right"})
      CHECK(record["selections"][0].contains(key));
  }
  CHECK(k == 3);

  write(folder.path / "config.json", outcome.out);
  CHECK(Json::parse(benign("construct --json --b 0.001,0.06,1 --config " + dir + "/config.json").out) == json);
  // A file may describe a training run: what only training needs is passed over.
  write(folder.path / "run.toml", "n = 4\nT = 3\nd = 20\nseed = 3\nsteps = 7\nflow = true\n");
  CHECK(Json::parse(benign("construct --json --b 0.001,0.06,1 --config " + dir + "/run.toml").out) == json);

  const Outcome drawn = benign("construct --b 0.06 --test sample:100 " + small_data);
  CHECK(drawn.status == 0);
  CHECK(std::count(drawn.out.begin(), drawn.out.end(), '\n') == 2);
}

TEST_CASE("plot draws pictures with their data and scripts, and without gnuplot it says so", "[cli][plot]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(benign("simulate --every 5 --out " + dir + "/run " + small).status == 0);
  const Outcome without = benign("plot " + dir + "/run", "PATH=/nonexistent");
  CHECK(without.status == 4);
  CHECK(without.err.find("gnuplot") != std::string::npos);
  CHECK(std::count(without.err.begin(), without.err.end(), '\n') == 1);
  CHECK_FALSE(fs::exists(folder.path / "run/attention.svg"));
  CHECK(fs::exists(folder.path / "run/attention.gp"));
  for (const char* format : {"svg", "png", "pdf"}) {
    REQUIRE(benign("plot " + dir + "/run --format " + format).status == 0);
    for (const char* name : {"attention", "learning"}) {
      CHECK(fs::file_size(folder.path / "run" / (std::string(name) + "." + format)) > 1000);
      CHECK(fs::exists(folder.path / "run" / (std::string(name) + ".tsv")));
    }
  }
  // The script draws the picture again by itself.
  fs::remove(folder.path / "run/learning.pdf");
  CHECK(std::system(("cd '" + dir + "/run' && gnuplot learning.gp").c_str()) == 0);
  CHECK(fs::exists(folder.path / "run/learning.pdf"));
  // A line that a signal or a full disk cut off does not matter.
  write(folder.path / "run/series.jsonl", read(folder.path / "run/series.jsonl") + "{\"config\": {\"n");
  CHECK(benign("plot " + dir + "/run").status == 0);
}

TEST_CASE("selections and margins are drawn with their data and scripts, alone or beside a run", "[cli][plot]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(benign("construct --b 0.06,1 --out " + dir + " " + small_data).status == 0);
  write(
      folder.path / "check.json",
      R"({"checks": [{"id": "a.holds", "verdict": "holds", "margin": 20, "error": 1, "scale": 100, "expected": "holds"},
                       {"id": "a.false", "verdict": "violated", "margin": -1e3, "error": 1, "expected": "violated"},
                       {"id": "a.vacuous", "verdict": "vacuous", "margin": 1e-12, "error": null, "scale": null},
                       {"id": "a.unknown", "verdict": "undecided", "margin": null, "error": null}]})");
  const Outcome without = benign("plot " + dir, "PATH=/nonexistent");
  CHECK(without.status == 4);
  CHECK(without.err.find("gnuplot") != std::string::npos);
  CHECK(fs::exists(folder.path / "selection.gp"));
  for (const char* format : {"svg", "png", "pdf"}) {
    const Outcome outcome = benign("plot " + dir + " --format " + format);
    REQUIRE(outcome.status == 0);
    CHECK(outcome.err.empty());
    for (const char* name : {"selection", "margins"}) {
      CHECK(fs::file_size(folder.path / (std::string(name) + "." + format)) > 1000);
      CHECK(fs::exists(folder.path / (std::string(name) + ".tsv")));
      CHECK(fs::exists(folder.path / (std::string(name) + ".gp")));
    }
  }
  CHECK_FALSE(fs::exists(folder.path / "learning.svg"));
  CHECK(read(folder.path / "margins.tsv").find("0.2\t0.01\t1") != std::string::npos);  // in units of the scale
  REQUIRE(benign("simulate --every 5 --out " + dir + " " + small).status == 0);
  REQUIRE(benign("plot " + dir).status == 0);
  for (const char* name : {"attention.svg", "learning.svg", "selection.svg", "margins.svg"})
    CHECK(fs::exists(folder.path / name));
}

TEST_CASE("runs without flipped labels are drawn beside runs with some", "[cli][plot]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(benign("simulate --every 5 --mu 5 --eta 0 --out " + dir + "/a " + small).status == 0);
  REQUIRE(benign("simulate --every 5 --eta 0.5 --out " + dir + "/b " + small).status == 0);
  const Outcome outcome = benign("plot " + dir);
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  CHECK_FALSE(fs::exists(folder.path / "attention.done"));
}

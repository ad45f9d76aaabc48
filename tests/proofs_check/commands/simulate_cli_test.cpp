// benign simulate at its command line: keys, configurations that run again, series and interruptions.

#include "tests/support/cli.hpp"

#include <cstdlib>
#include <set>
#include <sstream>
#include <unistd.h>

TEST_CASE("help and version go to standard output", "[cli]") {
  for (const char* arguments : {"--help", "simulate --help", "check --help", "construct --help", "list --help",
                                "phase --help", "plot --help", "--version"}) {
    const Outcome outcome = benign(arguments);
    CHECK(outcome.status == 0);
    CHECK_FALSE(outcome.out.empty());
    CHECK(outcome.err.empty());
  }
  for (const char* command : {"simulate", "check", "construct", "phase", "plot"})
    CHECK(benign(std::string(command) + " --help").out.find("Examples:") != std::string::npos);
}

TEST_CASE("simulate --json has the documented keys and nothing else on standard output", "[cli]") {
  const Outcome outcome = benign("simulate --json " + small);
  REQUIRE(outcome.status == 0);
  CHECK(outcome.err.empty());
  const Json json = Json::parse(outcome.out);
  for (const char* key : {"config",
                          "seed",
                          "version",
                          "build",
                          "compiler",
                          "hash",
                          "route",
                          "precision",
                          "train_accuracy",
                          "train_loss",
                          "test_accuracy",
                          "test_loss",
                          "test_accuracy_stderr",
                          "test_loss_stderr",
                          "attention",
                          "mu_plus_q",
                          "mu_minus_q",
                          "q_norm2",
                          "setup_s",
                          "run_s",
                          "test_s",
                          "wall_s"})
    CHECK(json.contains(key));
  for (const char* key : {"clean", "noisy", "test"}) CHECK(json["attention"].contains(key));
  CHECK_FALSE(json.contains("events"));
  const double sum = json["setup_s"].get<double>() + json["run_s"].get<double>() + json["test_s"].get<double>();
  CHECK(json["wall_s"].get<double>() == Approx(sum));
}

TEST_CASE("the configuration that is printed runs again to the same bits", "[cli]") {
  const TemporaryFolder folder;
  for (const std::string options :
       {"--sigma-p 0.3 --eta 0.25", "--flow --tau-max 0.5 --precision mp50", "--flow --log-s-max 1.5 --lr-unit tau0",
        "--data peer --test sample:40 --seed 7", "--train p", "--train W --sigma-p 0.1"}) {
    const Json first = Json::parse(benign("simulate --json " + small + options).out);
    write(folder.path / "config.json", first["config"].dump());
    write(folder.path / "whole.json", first.dump());
    for (const char* file : {"/config.json", "/whole.json"}) {
      Json again = Json::parse(benign("simulate --json --config " + folder.path.string() + file).out);
      Json expected = first;
      for (const char* time : {"setup_s", "run_s", "test_s", "wall_s"}) again.erase(time), expected.erase(time);
      INFO(options);
      CHECK(again == expected);
    }
  }
  write(folder.path / "config.toml", "n = 4\nT = 3\nd = 20\nsteps = 20\nflow = true\neta = \"0.25\"\n");
  const Json config =
      Json::parse(benign("simulate --json --config " + folder.path.string() + "/config.toml --d 21").out)["config"];
  CHECK(config["n"] == 4);
  CHECK(config["d"] == 21);  // the command line wins
  CHECK(config["flow"] == true);
  CHECK(config["eta"] == 0.25);
  // The command line wins over a file's horizon of the other kind, and JSON numbers keep their digits.
  write(folder.path / "flow.json",
        "{\"n\":4,\"T\":3,\"d\":20,\"steps\":20,\"flow\":true,\"tau-max\":1,\"eta\":0.25000000000000000000001}");
  const Json other = Json::parse(
      benign("simulate --json --config " + folder.path.string() + "/flow.json --log-s-max 1").out)["config"];
  CHECK(other["log-s-max"] == 1);
  CHECK_FALSE(other.contains("tau-max"));
  CHECK(other["eta"] == "0.25000000000000000000001");
}

TEST_CASE("balance is a claim about W and p, and only where both are trained", "[cli]") {
  for (const auto& [options, verdict] : {std::pair{"", "holds"}, {"--train p", "vacuous"}, {"--train W", "vacuous"}}) {
    const Json json = Json::parse(benign("check --json --only invariant.balance --sigma-p 0.3 " + small + options).out);
    CHECK(json["checks"][0]["verdict"] == verdict);
  }
}

TEST_CASE("a flow reports its events, and what a route cannot give is null", "[cli]") {
  const Json flow = Json::parse(benign("simulate --json --flow --log-s-max 8 --d 300 --n 8").out);
  for (const char* key : {"log_s_fit", "log_s_gap", "log_s_half_loss", "log_s_memorised"})
    CHECK(flow["events"].contains(key));
  CHECK(flow["events"]["log_s_fit"].is_number());
  const Json statistics = Json::parse(benign("simulate --json --route statistics " + small).out);
  for (const char* key : {"q_norm2", "test_accuracy", "test_loss", "test_accuracy_stderr", "test_loss_stderr"})
    CHECK(statistics[key].is_null());
  CHECK(statistics["mu_plus_q"].is_number());
}

TEST_CASE("a series is one record a line, and two runs write the same bits", "[cli]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(benign("simulate --every 5 --out " + dir + "/a " + small).status == 0);
  REQUIRE(benign("simulate --every 5 --out " + dir + "/b " + small).status == 0);
  const std::string series = read(folder.path / "a/series.jsonl");
  CHECK(series == read(folder.path / "b/series.jsonl"));
  std::stringstream lines(series);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json record = Json::parse(line);
    CHECK(record["part"] == 5 * count);
    for (const char* key : {"config", "hash", "seed", "version", "precision"}) CHECK(record.contains(key));
  }
  CHECK(count == 5);
  CHECK(Json::parse(read(folder.path / "a/simulate.json"))["config"]["d"] == 20);
}

TEST_CASE("a limit on the size of files ends with status 4, and leaves nothing that is cut", "[cli]") {
  const TemporaryFolder folder;
  for (const char* limit : {"trap '' XFSZ; ulimit -f 8;", "ulimit -f 8;"}) {
    const Outcome outcome = benign("simulate --every 1 --out " + folder.path.string() + " " + small, limit);
    CHECK(outcome.status == 4);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    CHECK(fs::is_empty(folder.path));
  }
}

TEST_CASE("Ctrl-C ends with status 130, SIGTERM with 143, and what was seen stays aside in whole lines", "[cli]") {
  for (const auto& [signal, status] : {std::pair{"INT", 130}, {"TERM", 143}}) {
    const TemporaryFolder folder;
    const std::string dir = folder.path.string();
    // Once it has written; in the background, where a shell has its children ignore what Ctrl-C sends.
    const Outcome outcome =
        shell("env --default-signal=INT,TERM " + quoted(BENIGN_PROGRAM) + " simulate --every 1 --steps 1000000 --out " +
              dir + " --n 4 --T 3 --d 20 & while [ \"$(cat " + dir +
              "/series.jsonl.* 2>/dev/null | wc -c)\" = 0 ]; do kill -0 $! || exit; sleep 0.05; done; kill -" + signal +
              " $!; wait $!");
    CHECK(outcome.status == status);
    CHECK_FALSE(fs::exists(folder.path / "series.jsonl"));
    int count = 0;
    for (const auto& entry : fs::directory_iterator(folder.path))
      for (const auto& line : lines_of(read(entry.path()))) {
        REQUIRE_FALSE(Json::parse(line, nullptr, false).is_discarded());
        ++count;
      }
    CHECK(count > 0);
  }
}

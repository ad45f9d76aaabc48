// The program at its command line: keys, exit statuses, one-line errors, and what it leaves behind.

#include "tests/cli.hpp"

#include <cstdlib>
#include <set>
#include <sstream>
#include <unistd.h>

TEST_CASE("bad input: one line that names the option, the value and what is allowed, status 2, nothing else", "[cli]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  write(folder.path / "garbage.toml", "n = = 3\n[[[\n");
  write(folder.path / "section.toml", "[data]\nn = 20\n");
  write(folder.path / "unknown.toml", "n = 20\nbeta = 3\n");
  write(folder.path / "range.toml", "eta = 0.7\n");
  write(folder.path / "twice.toml", "n = 20\nn = 22\n");
  write(folder.path / "list.toml", "n = [20, 22]\n");
  write(folder.path / "broken.json", "{\"n\": 20,");
  write(folder.path / "nested.json", "{\"n\": {\"a\": 1}}");
  write(folder.path / "empty.toml", "");
  write(folder.path / "file", "");
  write(folder.path / "twice.json", "{\"n\": 20, \"n\": 22}");
  fs::create_directories(folder.path / "taken/series.jsonl");
  fs::create_directory(folder.path / "thin");
  write(folder.path / "thin/series.jsonl", "{\"config\":{\"d\":3,\"mu\":2,\"sigma\":1},\"train_loss\":1,\"tau\":0}\n");
  fs::create_directory(folder.path / "empty");
  fs::create_directory(folder.path / "bad");
  write(folder.path / "bad/series.jsonl", "{\"n\": 1}\n");
  fs::create_directories(folder.path / "taken/selection.jsonl");
  fs::create_directory(folder.path / "bad_selection");
  write(folder.path / "bad_selection/selection.jsonl", "{\"config\":{\"mu\":2},\"b\":1,\"selections\":[]}\n");
  for (const auto& [name, text] :
       {std::pair{"broken", "{\"checks\": ["},
        {"no_checks", "{\"checks\": []}"},
        {"text", "{\"checks\": [{\"id\": \"a\", \"verdict\": \"holds\", \"margin\": \"1\", \"error\": 0}]}"},
        {"scale",
         "{\"checks\": [{\"id\": \"a\", \"verdict\": \"holds\", \"margin\": 1, \"error\": 0, \"scale\": 0}]}"}}) {
    fs::create_directory(folder.path / name);
    write(folder.path / name / "check.json", text);
  }
  fs::create_directories(folder.path / "taken/check.json");
  const std::string checks =
      R"("checks": [{"id": "assumption.A1", "verdict": "holds", "expected": "holds", "margin": 1, "error": 0}]})";
  const std::string rest = R"("seeds": 3, "delta": 0.01, "constants": {}, )" + checks;
  write(folder.path / "baseline.json", R"({"config": {"n": 4, "T": 3, "d": 20, "steps": 20}, )" + rest);
  write(folder.path / "misspelt.json", R"({"config": {"n": 4, "beta": 3}, )" + rest);
  write(folder.path / "odd.json", R"({"config": {"n": 5}, )" + rest);
  write(folder.path / "few.json", R"({"config": {"n": 4}, )" + checks);
  const std::string baseline = "check --baseline " + dir + "/baseline.json ";

  struct Case {
    std::string arguments, names;
  };
  std::vector<Case> cases = {
      {"", "simulate, check, construct, diagnose, list, phase, plot, prove, table"},
      {"nonsense", "nonsense"},
      {"simulate --nonsense 3", "--nonsense"},
      {"simulate 3", "3"},
      {"simulate --n", "--n"},
      {"simulate --config " + dir + "/missing.toml", "missing.toml"},
      {"simulate --config " + dir + "/garbage.toml", "garbage.toml"},
      {"simulate --config " + dir + "/section.toml", "section.toml"},
      {"simulate --config " + dir + "/unknown.toml", "beta"},
      {"simulate --config " + dir + "/range.toml", "eta: '0.7'"},
      {"simulate --config " + dir + "/twice.toml", "twice"},
      {"simulate --config " + dir + "/list.toml", "'n'"},
      {"simulate --config " + dir + "/broken.json", "broken.json"},
      {"simulate --config " + dir + "/nested.json", "n"},
      {"simulate --config " + dir + "/empty.toml", "empty.toml"},
      {"simulate --config " + dir, dir},
      {"simulate --out " + dir + "/file", "--out"},
      {"simulate --out ''", "--out"},
      {"simulate --out " + dir + "/taken " + small, "--out"},
      {"simulate --mu $'a\\nb'", "--mu"},
      {"simulate --mu 1e300", "--mu"},
      {"simulate --lr 1e30 --steps 1e12 --sigma 1e30 --sigma-w 1e30 --n 2 --T 3 --d 10 --flow --tau-max 1e308",
       "--tau-max"},
      {"simulate --config " + dir + "/twice.json", "given twice"},
      {"plot " + dir + "/thin", "series.jsonl:1"},
      {"simulate --out " + dir + "/file/below", "--out"},
      {"simulate --out /proc/benign", "--out"},
      {"simulate --every 0 --out " + dir + "/new", "--every"},
      {"simulate --every 2000 --out " + dir + "/new", "--every"},
      {"simulate --every 5", "--every"},
      {"simulate --tau-max 3", "--tau-max"},
      {"simulate --log-s-max 3", "--log-s-max"},
      {"simulate --flow --log-s-max 3 --tau-max 3", "--log-s-max"},
      {"simulate --flow --log-s-max 1e9", "--log-s-max"},
      {"simulate --flow --tau-max 0", "--tau-max"},
      {"simulate --train W", "--train"},
      {"simulate --d 1e6 --route direct", "--d"},
      {"simulate --d 1e12", "--d"},
      {"simulate --init identity --sigma-w 1", "--sigma-w"},
      {"check --only nonsense", "--only"},
      {"check --only ''", "--only"},
      {"check --seeds 0", "--seeds"},
      {"check --seeds 1.5", "--seeds"},
      {"check --no-studies --only fig3", "--no-studies"},
      {"check --only theorem --C theorem.harmful=7", "--C"},
      {"check --delta 1", "--delta"},
      {"check --delta 0", "--delta"},
      {"check --C assumption.A1", "--C"},
      {"check --C nonsense=2", "--C"},
      {"check --C assumption.A1=-2", "--C"},
      {"check --out ''", "--out"},
      {"check --out " + dir + "/file", "--out"},
      {"check --out /proc/benign", "--out"},
      {"check --out " + dir + "/taken " + small, "--out"},
      {"check --write-baseline ''", "--write-baseline"},
      {"check --write-baseline " + dir, "--write-baseline"},
      {"check --write-baseline /dev/null", "--write-baseline"},
      {"check --write-baseline /proc/benign.json", "--write-baseline"},
      {"check --out " + dir + "/new --write-baseline " + dir + "/missing/baseline.json", "--write-baseline"},
      {"check --write-baseline " + dir + "/new --d 1", "--d"},
      {baseline + "--write-baseline " + dir + "/new", "--write-baseline"},
      {baseline + "--d 30", "d = 20, not 30"},
      {baseline + "--seeds 4", "seeds = 3, not 4"},
      {baseline + "--delta 0.1", "delta = 0.01, not 0.1"},
      {baseline + "--C assumption.A1=2", "C of assumption.A1 = unset, not 2.0"},
      {baseline + "--flow", "flow"},
      {baseline + "--config " + dir + "/unknown.toml", "beta"},
      {baseline + "--only nonsense", "--only"},
      {"check --baseline ''", "--baseline"},
      {"check --baseline " + dir, dir},
      {"check --baseline " + dir + "/missing.json", "missing.json"},
      {"check --baseline " + dir + "/broken.json", "broken.json"},
      {"check --baseline " + dir + "/garbage.toml", "garbage.toml"},
      {"check --baseline " + dir + "/misspelt.json", "beta"},
      {"check --baseline " + dir + "/odd.json", "n: '5'"},
      {"check --baseline " + dir + "/few.json", "seeds"},
      {"construct", "--b"},
      {"construct --b 1 --out ''", "--out"},
      {"construct --b 1 --out " + dir + "/file", "--out"},
      {"construct --b 1 --out " + dir + "/taken " + small_data, "--out"},
      {"construct --b 1 --config " + dir + "/unknown.toml", "beta"},
      {"construct --b 1 --d 1e12", "--d"},
      {"construct --b 1 --flow --out " + dir + "/new", "--flow"},
      {"list everything", "everything"},
      {"plot", "DIR"},
      {"plot " + dir + "/missing", "missing"},
      {"plot " + dir + "/empty", "series.jsonl"},
      {"plot " + dir + "/bad", "series.jsonl:1"},
      {"plot " + dir + "/bad --format gif", "--format"},
      {"plot " + dir + "/bad_selection", "selection.jsonl:1"},
      {"plot " + dir + "/broken", "check.json"},
      {"plot " + dir + "/no_checks", "check.json"},
      {"plot " + dir + "/text", "check.json"},
      {"plot " + dir + "/scale", "check.json"},
  };
  for (const char* b : {"''", "0", "-1", "nan", "inf", "1e999", "1e31", "abc", "1,", ",1", "1,,2", "'1, 2'", "'1;2'"})
    cases.push_back({"construct --out " + dir + "/new --b " + b, "--b"});
  for (const auto& [option, value] : {std::pair{"init", "identity"},
                                      {"sigma-w", "1"},
                                      {"sigma-p", "1"},
                                      {"steps", "10"},
                                      {"lr", "1"},
                                      {"lr-unit", "tau0"},
                                      {"precision", "double"},
                                      {"route", "direct"},
                                      {"train", "p"},
                                      {"tau-max", "1"},
                                      {"log-s-max", "1"}})
    cases.push_back(
        {"construct --b 1 --out " + dir + "/new --" + option + " " + value, "--" + std::string(option) + ": '"});
  for (const char* number : {"n", "T", "d", "mu", "rho", "eta", "sigma", "seed", "sigma-w", "sigma-p", "steps", "lr"})
    for (const char* value : {"nan", "inf", "1e999", "abc", "''", "-3", "0x10"})
      cases.push_back({"simulate --" + std::string(number) + " " + value, "--" + std::string(number)});
  for (const char* integer : {"n", "T", "d", "seed", "steps"})
    cases.push_back({"simulate --" + std::string(integer) + " 2.5", "--" + std::string(integer)});
  for (const char* zero : {"n", "T", "d", "mu", "sigma", "sigma-w", "steps", "lr"})
    cases.push_back({"simulate --" + std::string(zero) + " 0", "--" + std::string(zero)});
  for (const char* choice : {"data", "init", "lr-unit", "precision", "route", "train", "test"})
    cases.push_back({"simulate --" + std::string(choice) + " nonsense", "--" + std::string(choice)});
  for (const char* test : {"sample:", "sample:0", "sample:1", "sample:-5", "sample:nan", "sample:1.5"})
    cases.push_back({"simulate --test " + std::string(test), "--test"});
  for (const auto& [option, value] :
       {std::pair{"n", "21"}, {"eta", "0.6"}, {"rho", "1"}, {"T", "2"}, {"d", "1"}, {"n", "1e18"}})
    cases.push_back(
        {"simulate --" + std::string(option) + " " + value, "--" + std::string(option) + ": '" + value + "'"});

  for (const auto& [arguments, names] : cases) check_refused(arguments, names);
  CHECK_FALSE(fs::exists(folder.path / "new"));
}

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

TEST_CASE("check --json has the documented keys, and statuses follow the verdicts", "[cli]") {
  const std::string quick = "--only invariant.zero_sum,route.statistics,assumption.A1 ";
  const Outcome outcome = benign("check --json " + quick + small);
  CHECK(outcome.status == 0);
  const Json json = Json::parse(outcome.out);
  REQUIRE(json["checks"].size() == 3);
  for (const Json& check : json["checks"])
    for (const char* key : {"id", "verdict", "expected", "margin", "error", "error_kind", "scale", "constant", "hypotheses"})
      CHECK(check.contains(key));
  for (const char* key : {"name", "snr", "border_harmful", "border_not_overfitting", "slack_A1", "slack_A2"})
    CHECK(json["regime"].contains(key));
  CHECK(json["snr"] == json["regime"]["snr"]);
  CHECK_FALSE(json.contains("regressions"));
  CHECK(json["checks"][2]["verdict"] == "vacuous");

  CHECK(benign("check --only assumption.A1 " + small).status == 3);  // nothing decided
  CHECK(benign("check --only assumption.A1 --C assumption.A1=1e-9 " + small).status == 0);
  CHECK(benign("check --only route.statistics --C route.statistics=1e-9 " + small).status == 1);  // no C so small holds
}

TEST_CASE("the report says how far the borders are and which assumptions are unmet", "[cli]") {
  const auto report = [](const std::string& options) { return benign("check --only lemma.growth " + options).out; };
  const std::string balanced = report("");
  CHECK(balanced.find("SNR = 0.4472 is 2.99 times the border d^(-1/4) = 0.1495 and 2 times n^(-1/2) = 0.2236; with "
                      "constants 1: no overfitting\nA1 and A2 are unmet with C = 1 (they hold up to C = 0.0534 and "
                      "0.961): the theorem says nothing about this setting.\n\n") != std::string::npos);
  CHECK(balanced.find("1 proved, 0 hold, ") != std::string::npos);
  CHECK(report("--C assumption.A2=0.5").find("\nA1 is unmet with C = 1 (it holds up") != std::string::npos);
  CHECK(report("--C assumption.A2=2").find("unmet with C = 1 and 2 (they") != std::string::npos);
  CHECK(report("--C assumption=0.05").find("unmet") == std::string::npos);
}

TEST_CASE("a baseline holds later runs to its verdicts and margins", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "baseline.json";
  const std::string compare = "check --baseline " + file;
  const std::string options = "--only assumption.A1,route,lemma.growth --C assumption.A1=1e-9 --delta 0.1 " + small;
  const Outcome plain = benign("check " + options);
  const Outcome written = benign("check --write-baseline " + file + " " + options);
  CHECK(plain.status == 0);
  CHECK(written.status == plain.status);
  CHECK(written.out == plain.out);
  const Outcome compared = benign(compare);
  CHECK(compared.status == plain.status);
  CHECK(compared.out == plain.out + "No check is worse than in the baseline.\n");
  CHECK(benign(compare + " " + options).out == compared.out);
  const Json json = Json::parse(benign(compare + " --json").out);
  CHECK(json["regressions"].empty());
  CHECK(json["not_in_baseline"].empty());
  const Json more = Json::parse(benign(compare + " --json --only route,invariant.zero_sum").out);
  CHECK(more["regressions"].empty());  // assumption.A1 was not asked for
  CHECK(more["not_in_baseline"] == Json{"invariant.zero_sum"});

  Json altered = Json::parse(read(file));
  REQUIRE(altered["checks"].size() == 4);
  for (Json& check : altered["checks"])
    if (check["id"] == "route.direct")
      check["margin"] = 2 * check["margin"].get<double>();
    else if (check["id"] == "route.statistics")
      check["verdict"] = "proved";
    else if (check["id"] == "lemma.growth")
      check["id"] = "lemma.gone";
  write(file, altered.dump());
  const Outcome worse = benign(compare);
  CHECK(worse.status == 1);
  for (const char* line : {"\nworse than the baseline: route.direct has margin ",
                           "\nworse than the baseline: route.statistics is holds, was proved\n",
                           "\nworse than the baseline: lemma.gone is gone, was proved\n"})
    CHECK(worse.out.find(line) != std::string::npos);
  CHECK(Json::parse(benign(compare + " --json").out)["regressions"].size() == 3);
  CHECK(benign(compare + " --only assumption").status == 0);
}

TEST_CASE("a baseline is written though a verdict is not as expected, and the status says so", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "baseline.json";
  CHECK(
      benign("check --only route.statistics --C route.statistics=1e-9 --write-baseline " + file + " " + small).status ==
      1);
  const Outcome compared = benign("check --baseline " + file);
  CHECK(compared.status == 1);
  CHECK(compared.out.find("No check is worse") != std::string::npos);
}

TEST_CASE("check --out writes the report that --json prints, and plot draws it", "[cli][plot]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path / "new/run";
  const std::string options = "--only assumption,invariant.zero_sum --json " + small;
  const Outcome outcome = benign("check --out " + dir + " " + options);
  CHECK(outcome.out == benign("check " + options).out);
  CHECK(read(dir + "/check.json") == outcome.out);
  CHECK(benign("plot " + dir).status == 0);
  CHECK(fs::file_size(dir + "/margins.svg") > 1000);
  CHECK(std::distance(fs::directory_iterator(dir), {}) == 4);  // with the figure's data and script
}

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

TEST_CASE("studies over seeds can be left out", "[cli]") {
  const Json json = Json::parse(benign("check --json --no-studies --only event,probability,law " + small).out);
  std::set<std::string> ids;
  for (const Json& check : json["checks"]) ids.insert(check["id"].get<std::string>());
  CHECK(ids.count("event.norms") == 1);
  CHECK(ids.count("law.fitting") == 1);
  CHECK(ids.count("probability.good_event") == 0);
  CHECK(ids.count("law.first_direction") == 0);
}

TEST_CASE("list names every check once, with its source", "[cli]") {
  const Json checks = Json::parse(benign("list --json").out)["checks"];
  CHECK(checks.size() >= 50);
  std::set<std::string> ids;
  for (const Json& check : checks) {
    ids.insert(check["id"].get<std::string>());
    CHECK(check["source"].get<std::string>().find('[') != std::string::npos);
  }
  CHECK(ids.size() == checks.size());
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

TEST_CASE("a full disk ends with status 4 and whole lines", "[cli]") {
  // A limit on the size of files stands for the disk; the signal that comes with it is ignored, as on a full disk.
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  const Outcome outcome = benign("simulate --every 1 --out " + dir + " " + small, "trap '' XFSZ; ulimit -f 8;");
  CHECK(outcome.status == 4);
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  std::stringstream lines(read(folder.path / "series.jsonl"));
  for (std::string line; std::getline(lines, line);) CHECK_FALSE(Json::parse(line, nullptr, false).is_discarded());
  CHECK_FALSE(fs::exists(folder.path / "simulate.json"));
  if (access("/dev/full", W_OK) == 0) CHECK(std::system("'" BENIGN_PROGRAM "' list >/dev/full 2>/dev/null") / 256 == 4);
}

TEST_CASE("Ctrl-C ends with status 130, SIGTERM with 143, and records stay whole", "[cli]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  for (const auto& [signal, status] : {std::pair{"INT", 130}, {"TERM", 143}}) {
    const Outcome outcome = benign("simulate --every 1 --steps 1000000 --out " + dir + " --n 4 --T 3 --d 20",
                                   std::string("timeout -s ") + signal + " --preserve-status 1");
    CHECK(outcome.status == status);
    std::stringstream lines(read(folder.path / "series.jsonl"));
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count)
      REQUIRE_FALSE(Json::parse(line, nullptr, false).is_discarded());
    CHECK(count > 0);
  }
}

TEST_CASE("any number of threads gives the same verdicts to the bit", "[cli]") {
  const std::string study = "check --json --only fig3.benign.train --seeds 6 --steps 50 --d 60 ";
  const auto on = [&](const std::string& cores) { return benign(study, "taskset -c " + cores).out; };
  const std::string one = on("0");
  CHECK_FALSE(one.empty());
  CHECK(one == benign(study).out);
}

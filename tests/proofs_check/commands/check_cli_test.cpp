// benign check and list at their command lines: keys, statuses, reports, baselines, studies.

#include "tests/support/cli.hpp"

#include <chrono>
#include <cstdio>
#include <set>
#include <sstream>
#include <unistd.h>

TEST_CASE("check --json has the documented keys, and statuses follow the verdicts", "[cli]") {
  const std::string quick = "--only invariant.zero_sum,route.statistics,assumption.A1 ";
  const Outcome outcome = benign("check --json " + quick + small);
  CHECK(outcome.status == 0);
  const Json json = Json::parse(outcome.out);
  REQUIRE(json["checks"].size() == 3);
  for (const Json& check : json["checks"])
    for (const char* key :
         {"id", "verdict", "expected", "margin", "error", "error_kind", "scale", "constant", "hypotheses"})
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
  CHECK(balanced.find("SNR = 0.4472 is 2.99 times the border d^(-1/4) = 0.1495 and 2 times n^(-1/2) = 0.2236;\nwith "
                      "constants 1 at both borders that is not overfitting (benign overfitting, if the constant of "
                      "n^(-1/2) is above 2). The theorem names no constants.\nA1 and A2 are unmet with C = 1 (they "
                      "hold up to C = 0.0534 and "
                      "0.961): claims that assume them say nothing here.\n\n") != std::string::npos);
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

TEST_CASE("studies wait to be asked for, and the report says what they would take", "[cli]") {
  const auto ids_of = [](const Json& report) {
    std::set<std::string> found;
    for (const Json& check : report["checks"]) found.insert(check["id"].get<std::string>());
    for (const Json& id : report.value("left_out", Json::array())) CHECK(found.count(id.get<std::string>()) == 0);
    return found;
  };
  const auto ids = [&](const std::string& options) {
    return ids_of(Json::parse(benign("check --json " + options + small).out));
  };
  const TemporaryFolder folder;
  const std::string text = benign("check --out " + folder.path.string() + " " + small).out;
  CHECK(text.find("\nLeft out: 11 studies over 40 seeds; --studies adds them, about ") != std::string::npos);
  const auto plain = ids_of(Json::parse(read(folder.path / "check.json"))), asked = ids("--seeds 2 ");
  CHECK(plain.count("lemma.growth") == 1);
  CHECK(plain.count("fig3.benign.train") == 0);
  CHECK(asked.count("fig3.benign.train") == 1);
  CHECK(ids("--seeds 2 --no-studies ") == plain);
  CHECK(ids("--no-studies ") == plain);
}

TEST_CASE("check: a verdict is on standard output when it has fallen, not at the end", "[cli]") {
  using Clock = std::chrono::steady_clock;
  const std::string command = std::string(BENIGN_PROGRAM) + " check --only lemma.growth,fig3.benign.train --seeds 60";
  FILE* out = popen(command.c_str(), "r");
  REQUIRE(out);
  const auto start = Clock::now();
  Clock::duration first{}, last{};
  char line[4096];
  while (std::fgets(line, sizeof line, out)) {
    last = Clock::now() - start;
    if (first.count() == 0 && std::string(line).find("lemma.growth") != std::string::npos) first = last;
  }
  CHECK(pclose(out) == 0);
  CHECK(first.count() > 0);
  CHECK(first < last / 2);
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

TEST_CASE("any number of threads gives the same verdicts to the bit", "[cli]") {
  const std::string study = "check --json --only fig3.benign.train --seeds 6 --steps 50 --d 60 ";
  const auto on = [&](const std::string& cores) { return benign(study, "taskset -c " + cores).out; };
  const std::string one = on("0");
  CHECK_FALSE(one.empty());
  CHECK(one == benign(study).out);
}

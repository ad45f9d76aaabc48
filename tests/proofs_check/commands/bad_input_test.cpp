// The program refuses bad input: one line that names the option, the value and what is allowed, status 2, nothing else.

#include "tests/support/cli.hpp"

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
      {"nothing", "check, construct, diagnose, hunt, list, phase, plot, prove, report, simulate, table"},
      {"chek", "did you mean 'check'?"},
      {"help simulat", "did you mean 'simulate'?"},
      {"simulate --stepz 5", "benign simulate: --stepz: there is no such option; did you mean '--steps'?"},
      {"simulate foo", "'foo' is neither an option nor the value of one"},
      {"simulate --eta", "--eta: a value is missing, as in --eta 0.2"},
      {"simulate --eta 20%", "--eta: '20%' is not allowed; allowed: a number in [0, 1/2]"},
      {"simulate --n abc", "an even integer from 2 to 1000000"},
      {"simulate --seed 18446744073709551615", "a whole number from 0 to 9223372036854775807"},
      {"simulate --d 1e19", "an integer from 2 to 10^15"},
      {"simulate --d 1e12", "--data gram draws no vector of length d"},
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

TEST_CASE("what an environment says of ranks silences nothing", "[cli]") {
  for (const std::string environment : {"PMI_RANK=1", "PMI_RANK=1 PMI_SIZE=2", "OMPI_COMM_WORLD_RANK=1", "PMI_RANK=x"})
    for (const std::string command :
         {"simulate", "check", "phase", "prove", "construct --b 1", "table", "plot /tmp", "diagnose", "list"})
      for (const std::string wrong : {" --nonsense 3", " --eta 0.7"}) {
        const Outcome outcome = benign(command + wrong, environment);
        INFO(environment << " benign " << command << wrong << "\n" << outcome.err);
        CHECK(outcome.status == 2);
        CHECK(outcome.out.empty());
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
      }
}

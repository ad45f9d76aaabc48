// benign phase at its command line: what it refuses and what it writes.

#include "tests/support/phase_cli.hpp"

#include <set>

TEST_CASE("phase: bad input gets one line that names the option, the value and what is allowed", "[cli][phase]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string(), fresh = " --out " + dir + "/new ";
  write(folder.path / "file", "");
  write(folder.path / "init.toml", "n = 4\nT = 3\nmu = 7\nbeta = 1\n");
  REQUIRE(benign(sweep + "--out " + dir + "/finished").status == 0);
  const auto before = contents(folder.path / "finished");
  fs::create_directories(folder.path / "taken/phase.json");

  struct Case {
    std::string arguments, names;
  };
  std::vector<Case> cases = {
      {"--n 5" + fresh, "--n: '5' is not allowed; allowed: an even"},
      {"--n 4 --T 3 --x d=10:40:3" + fresh, "--x d: '10' is not allowed; allowed: at least nT + 2 = 14"},
      {"--n 4 --x T=3:20:2 --d 20" + fresh,
       "at T = 20, mu = 5: --d: '20' is not allowed; allowed: at least nT + 2 = 82"},
      {"--d 300" + fresh, "--d: '300' is not allowed; allowed: nothing beside --x d"},
      {"--mu 30" + fresh, "--mu: '30' is not allowed; allowed: nothing beside --y mu"},
      {"--mu 30 --y nsnr2=1:2:3" + fresh, "--mu: '30' is not allowed; allowed: nothing beside --y nsnr2"},
      {"--sigma-w 1 --y kappa=1:2:3" + fresh, "--sigma-w: '1' is not allowed"},
      {"--x mu=1:2:2" + fresh, "--y: 'mu=5:100:39' is not allowed; allowed: another parameter"},
      {"--x eta=0.1:0.2:2 --y eta=0.1:0.3:2" + fresh, "--y: 'eta=0.1:0.3:2' is not allowed; allowed: another"},
      {"--x mu=1:2:2 --y snr=1:2:2" + fresh, "--y: 'snr=1:2:2' is not allowed; allowed: another parameter"},
      {"--x snr=1:2:2 --y nsnr2=1:2:2" + fresh, "--y: 'nsnr2=1:2:2' is not allowed; allowed: another parameter"},
      {"--y log-s-max=1:2:2" + fresh, "log-s-max: '1' is not allowed; allowed: only together with --flow"},
      {"--y log-s-max=1:2:2 --flow --tau-max 3" + fresh, "allowed: either --tau-max or --log-s-max"},
      {"--y log-s-max=1:20000:2 --flow" + fresh, "log-s-max = 20000: --log-s-max: '20000' is not allowed"},
      {"--y steps=10:20:2 --flow" + fresh, "--y: 'steps' is not allowed; allowed: only without --flow"},
      {"--y kappa=1:2:2 --init identity" + fresh, "--y: 'kappa' is not allowed; allowed: only with a random W0"},
      {"--model mlp" + fresh, "--model: 'mlp' is not allowed; allowed: token-selection"},
      {"--x d=200:1e16:2" + fresh, "at d = 10000000000000000, mu = 5: --d: '10000000000000000' is not allowed"},
      {"--y eta=0.4:0.6:3" + fresh, "eta = 0.6: --eta: '0.6' is not allowed; allowed: a number in [0, 1/2]"},
      {"--y rho=0:1:3" + fresh, "rho = 1: --rho: '1' is not allowed"},
      {"--y mu=0:1:3" + fresh, "mu: '0' is not allowed; allowed: a number from 1e-30"},
      {"--x d=1000:100000:2000 --y mu=1:2:2000" + fresh, "at most 1000000 cells"},
      {grid + "--seeds 1000000" + fresh, "--seeds: '1000000' is not allowed; allowed: a whole number from 1 to 8"},
      {grid + "--seed 9223372036854775807 --seeds 2" + fresh, "--seed: '9223372036854775807' is not allowed"},
      {grid + "--threads 0" + fresh, "--threads: '0' is not allowed; allowed: a whole number from 1"},
      {grid + "--threads 1.5" + fresh, "--threads: '1.5'"},
      {grid + "--threads ''" + fresh, "--threads: ''"},
      {grid + "--threads 1e6" + fresh, "--threads: '1e6'"},
      {grid + "--resume", "--resume: '' is not allowed; allowed: only together with --out"},
      {grid + "--out ''", "--out: '' is not allowed"},
      {grid + "--out " + dir + "/file", "--out: '" + dir + "/file' is not allowed; allowed: a folder"},
      {grid + "--out " + dir + "/file/below", "--out: '" + dir + "/file/below'"},
      {grid + "--out /proc/benign", "--out: '/proc/benign' is not allowed; allowed: a folder"},
      {grid + "--out " + dir + "/taken", "/taken/phase.json' is not allowed; allowed: a file that can be written"},
      {grid + "--seeds 2 --out " + dir + "/finished", "/finished' is not allowed; allowed: a folder without a sweep"},
      {grid + "--seeds 3 --out " + dir + "/finished", "/finished' is not allowed; allowed: a folder without a sweep"},
      {grid + "--data dense --precision nonsense" + fresh, "--precision: 'nonsense'"},
      {grid + "--data gram --init uniform" + fresh, "--init: 'uniform' is not allowed; allowed: gaussian or identity"},
      {grid + "--data gram --route direct" + fresh, "--route: 'direct' is not allowed"},
      {grid + "--data gram --test sample:50" + fresh, "--test: 'sample:50' is not allowed"},
      {grid + "--data peer --test nonsense" + fresh, "--test: 'nonsense' is not allowed"},
      {grid + "--config " + dir + "/init.toml" + fresh, "init.toml: beta: there is no such option"},
      {grid + "--config " + dir + "/missing.toml" + fresh, "missing.toml: cannot be read"},
      {"--n 4 --T 3 --border gap --flow --y d=20:40:2 --x eta=0:0.1:2" + fresh,
       "--y: 'd=20:40:2' is not allowed; allowed: with --border"},
      {grid + "--border memorised --eta 0" + fresh, "--border: 'memorised' is not allowed; allowed: only with flipped"},
      {grid + "--border test_loss --route statistics" + fresh,
       "--border: 'test_loss' is not allowed; allowed: no border"},
      {grid + "--border test_error:0.1 --route statistics" + fresh, "--border: 'test_error:0.1' is not allowed"},
      {"--n 4 --T 3 --d 20 --border gap --flow --infinite-time --x eta=0:0.1:2 --y mu=2:8:4" + fresh,
       "--infinite-time: '' is not allowed; allowed: only without --border"},
      {grid + "--border gap 3" + fresh, "3"},
      {grid + "--nonsense 3" + fresh, "--nonsense"},
  };
  for (const char* axis : {"",
                           "d",
                           "beta=1:2:3",
                           "tau-max=1:2:3",
                           "=1:2:3",
                           "d=250",
                           "d=250:500",
                           "d=250:500:",
                           "d=250:500:0",
                           "d=250:500:-3",
                           "d=250:500:2.5",
                           "d=250:500:1e9",
                           "d=250:500:1e999",
                           "d=250:500:3x",
                           "d=250:500:3:",
                           "d=250:500:3:lin",
                           "d=250:500:3:log:log",
                           "d=500:250:3",
                           "d=250:250:2",
                           "d=250:500:1",
                           "d=250.5:500:3",
                           "d=1e999:500:3",
                           "d=nan:500:3",
                           "d=250:inf:3",
                           "d=250:1e300:3",
                           "d=250:255:7",
                           "d=250:252:9:log",
                           "d=:500:3",
                           "n=5:9:3",
                           "n=4:8:4",
                           "n=4:9:2",
                           "d = 250:500:3"})
    cases.push_back(
        {"--x '" + std::string(axis) + "'" + fresh, "--x" + std::string(": '") + axis + "' is not allowed"});
  cases.back().names = "--x: 'd = 250";
  for (const char* axis :
       {"mu=0:1:3:log", "mu=-1:1:3:log", "mu=nan:1:3", "mu=1:1e999:3", "mu=1:2:", "snr=0:1:3", "snr=-1:1:3",
        "snr=1:1e300:3", "nsnr2=-1:1:3", "kappa=0:1:2", "kappa=-1:1:2", "mu=1:1.0000000000000002:9"})
    cases.push_back({"--y " + std::string(axis) + fresh, "--y: '" + std::string(axis) + "' is not allowed"});
  for (const char* seeds : {"0", "-1", "1.5", "nan", "''", "1e999", "2x"})
    cases.push_back({grid + "--seeds " + seeds + fresh, "--seeds: '"});
  for (const char* border : {"''", "nonsense", "gap:3", "gap:", "fit:0.5", "memorised:1", "test_loss:", "test_loss:0",
                             "test_loss:-1", "test_loss:nan", "test_error:1", "test_error:0", "test_error:1e999"})
    cases.push_back({grid + "--border " + border + fresh, "--border: '"});

  for (const auto& [arguments, names] : cases) check_refused("phase " + arguments, names);
  CHECK_FALSE(fs::exists(folder.path / "new"));
  CHECK(contents(folder.path / "finished") == before);
}

TEST_CASE("phase: only one process at a time works in a folder", "[cli][phase]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  const Outcome outcome =
      shell("exec 9<'" + dir + "'; flock 9; " + quoted(BENIGN_PROGRAM) + " " + sweep + "--out " + dir + " 9<&-");
  INFO(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.err.find("no other sweep is at work") != std::string::npos);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("phase --json has its keys, cells in order, and nothing else on standard output", "[cli][phase]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  const Outcome outcome = benign(sweep + "--json --out " + dir);
  REQUIRE(outcome.status == 0);
  CHECK(outcome.err.empty());
  const Json json = Json::parse(outcome.out);
  for (const char* key :
       {"config", "x", "y", "seeds", "seed", "version", "build", "compiler", "hash", "route", "precision", "threads",
        "ranks", "units", "done_before", "wall_s", "unit_s", "units_per_second", "cells"})
    CHECK(json.contains(key));
  CHECK(json["units"] == 24);
  CHECK(json["done_before"] == 0);
  CHECK(json["x"]["values"] == Json({20, 30, 40}));
  CHECK(json["y"]["values"] == Json({2, 4, 6, 8}));
  REQUIRE(json["cells"].size() == 12);

  std::set<std::string> names;
  for (const auto& [name, text] : contents(folder.path)) names.insert(name);
  CHECK(names == std::set<std::string>{"cells.jsonl", "phase.json", "timings.jsonl"});
  CHECK(lines_of(read(folder.path / "timings.jsonl")).size() == 24);

  const auto lines = lines_of(read(folder.path / "cells.jsonl"));
  REQUIRE(lines.size() == 12);
  std::set<std::string> hashes;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const Json cell = Json::parse(lines[k]);
    CHECK(cell == json["cells"][k]);
    CHECK(cell["index"] == k);
    CHECK(cell["config"]["d"] == 20 + 10 * (k % 3));
    CHECK(cell["config"]["mu"] == 2 + 2 * (k / 3));
    CHECK(cell["config"]["data"] == "gram");
    for (const char* key : {"seed", "version", "build", "compiler", "precision", "seeds", "snr", "n_snr2", "regimes"})
      CHECK(cell.contains(key));
    for (const char* key : {"train_accuracy", "train_loss", "test_accuracy", "test_loss", "attention_clean",
                            "attention_noisy", "attention_test", "mu_q"})
      for (const char* part : {"mean", "stderr"}) CHECK(cell[key][part].is_number());
    long runs = 0;
    for (const Json& regime : cell["regimes"]) runs += regime["count"].get<long>();
    CHECK(runs == 2);
    hashes.insert(cell["hash"].get<std::string>());
  }
  CHECK(hashes.size() == 12);
}

TEST_CASE("phase: a cell's numbers are those of simulate with the cell's configuration", "[cli][phase]") {
  const TemporaryFolder folder;
  for (const std::string options :
       {"", "--data dense ", "--data peer ", "--route direct ", "--route statistics ", "--test sample:40 ",
        "--init identity ", "--y nsnr2=0.5:2:2:log ", "--x kappa=0.1:1:2 --d 40 ", "--x n=4:8:3 --d 40 ",
        "--lr-unit tau0 --sigma-p 0.1 "}) {
    INFO(options);
    const std::string x = options.find("--x") == std::string::npos ? "--x d=30:40:2 " : "";
    const std::string y = options.find("--y") == std::string::npos ? "--y mu=2:8:2 " : "";
    const std::string n = options.find("--x n=") == std::string::npos ? "--n 4 " : "";
    const Outcome outcome = benign("phase --json --T 3 --steps 20 " + n + x + y + options);
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
    for (const Json& cell : Json::parse(outcome.out)["cells"]) {
      write(folder.path / "cell.json", cell["config"].dump());
      const Json run = Json::parse(benign("simulate --json --config " + (folder.path / "cell.json").string()).out);
      CHECK(run["config"] == cell["config"]);
      CHECK(run["hash"] == cell["hash"]);
      for (const char* key : {"train_accuracy", "train_loss", "test_accuracy", "test_loss"})
        CHECK(run[key] == cell[key]["mean"]);
      for (const char* group : {"clean", "noisy", "test"})
        CHECK(run["attention"][group] == cell["attention_" + std::string(group)]["mean"]);
      CHECK(std::min(run["mu_plus_q"].get<double>(), run["mu_minus_q"].get<double>()) == cell["mu_q"]["mean"]);
    }
  }
}

TEST_CASE("phase: options of a file count, and an axis wins over them", "[cli][phase]") {
  const TemporaryFolder folder;
  const std::string file = (folder.path / "run.toml").string();
  const std::string command = "phase --json --x d=20:40:2 --config " + file;
  write(file, "n = 4\nT = 3\nd = 5\nmu = 3\nsteps = 20\n");
  const auto cells = [&](const std::string& options) {
    const Outcome outcome = benign(command + options);
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
    return Json::parse(outcome.out)["cells"];
  };
  CHECK(cells(" --y mu=2:8:2")[3]["config"]["d"] == 40);
  CHECK(cells(" --y mu=2:8:2")[3]["config"]["data"] == "gram");
  CHECK(cells(" --y eta=0:0.5:2")[0]["config"]["mu"] == 3);
  CHECK(cells(" --y log-s-max=1:2:2 --flow")[3]["config"]["log-s-max"] == 2);
  write(file, "n = 4\nT = 3\nflow = true\ntau-max = 1\ninit = \"uniform\"\n");
  CHECK(cells(" --y log-s-max=1:2:2")[3]["config"]["log-s-max"] == 2);
  CHECK(cells(" --y mu=2:8:2")[0]["config"]["data"] == "dense");  // uniform weights need tokens
}

TEST_CASE("phase writes the same bits on any number of threads", "[cli][phase]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  for (const std::string options : {"", "--flow --log-s-max 2 ", "--border gap --flow --log-s-max 4 "}) {
    for (const char* threads : {"1", "2", "5"}) {
      const Outcome outcome = benign(sweep + options + "--out " + dir + "/" + threads + " --threads " + threads);
      REQUIRE(outcome.status == 0);
      CHECK(outcome.err.empty());
    }
    const char* name = options.starts_with("--border") ? "border.jsonl" : "cells.jsonl";
    const std::string one = read(folder.path / "1" / name);
    CHECK_FALSE(one.empty());
    CHECK(one == read(folder.path / "2" / name));
    CHECK(one == read(folder.path / "5" / name));
    for (const char* threads : {"1", "2", "5"}) fs::remove_all(folder.path / threads);
  }
}

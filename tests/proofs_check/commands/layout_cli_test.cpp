// --layout, --plus-share, --flips and --lr-schedule at the command line: what they change, what they leave alone, and where
// they are refused.

#include "tests/support/phase_cli.hpp"

namespace {

const std::string laid_out = "--layout 'signal: own=1, noise=0; noise: count=rest, projected' ";

Json run_of(const std::string& arguments) {
  const Outcome outcome = benign("simulate " + arguments + " --json");
  INFO("benign simulate " << arguments << "\n" << outcome.err);
  REQUIRE(outcome.status == 0);
  return Json::parse(outcome.out);
}

}  // namespace

TEST_CASE("layout: the paper's, by name or from a file, is the default to the last bit", "[cli][layout]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "mine.toml";
  write(file,
        "[[kind]]\nname = \"relevant\"\nown = 1\n[[kind]]\nname = \"weak_own\"\nown = \"rho\"\n"
        "[[kind]]\nname = \"weak_other\"\nother = \"rho\"\n[[kind]]\nname = \"irrelevant\"\ncount = \"rest\"\n");
  const Json plain = run_of(small);
  for (const std::string& given : {std::string("--layout paper"), "--layout " + quoted(file),
                                   std::string("--plus-share 0.5 --flips exact --lr-schedule constant")}) {
    const Json same = run_of(small + given);
    CHECK(same["hash"] == plain["hash"]);
    CHECK(same["config"] == plain["config"]);
    CHECK(same["train_loss"] == plain["train_loss"]);
    CHECK(same["test_loss"] == plain["test_loss"]);
  }
  // The same kinds under other names are another configuration, with the same numbers.
  const Json renamed = run_of(small + "--layout 'a: own=1; b: own=rho; c: other=rho; d: count=rest'");
  CHECK(renamed["hash"] != plain["hash"]);
  CHECK(renamed["train_loss"] == plain["train_loss"]);
  CHECK(renamed["test_accuracy"] == plain["test_accuracy"]);
}

TEST_CASE("layout: a record brings its layout along and runs again", "[cli][layout]") {
  const TemporaryFolder folder;
  for (const std::string given :
       {"--n 4 --d 20 --steps 20 --layout two-tokens",
        "--n 4 --T 5 --d 30 --steps 20 --layout strong-noise --data gram",
        "--n 8 --T 4 --d 40 --steps 20 --plus-share 0.25 --flips independent --lr-schedule inverse-root:7"}) {
    const Json run = run_of(given);
    write(folder.path / "run.json", run.dump());
    const Json again = run_of("--config " + (folder.path / "run.json").string());
    CHECK(again["config"] == run["config"]);
    CHECK(again["train_loss"] == run["train_loss"]);
  }
  CHECK(run_of("--n 4 --d 20 --steps 2 --layout two-tokens")["config"]["T"] == 2);
  write(folder.path / "run.toml",
        "n = 4\nd = 20\nsteps = 2\nlayout = \"two-tokens\"\nlr-schedule = \"inverse-time:5\"\n");
  CHECK(run_of("--config " + (folder.path / "run.toml").string())["config"]["lr-schedule"] == "inverse-time:5");
}

TEST_CASE("layout: records and figures tell attention by the layout's kinds", "[cli][layout]") {
  const TemporaryFolder folder;
  const std::string run = folder.path / "run";
  REQUIRE(benign("simulate --n 4 --T 5 --d 30 --mu 3 --steps 6 --layout strong-noise --out " + run).status == 0);
  for (const std::string& line : lines_of(read(run + "/series.jsonl"))) {
    const Json clean = Json::parse(line)["attention_by_token"]["clean"];
    CHECK(clean.size() == 3);
    CHECK(clean["signal"].get<double>() + clean["strong"].get<double>() + clean["noise"].get<double>() ==
          Approx(1).epsilon(1e-12));
  }
  REQUIRE(benign("plot " + run + " --format svg").status == 0);
  const std::string table = read(run + "/attention.tsv");
  CHECK(table.find("strong") != std::string::npos);
  CHECK(table.find("noise (sum)") != std::string::npos);
  CHECK(table.find("weak") == std::string::npos);
}

TEST_CASE("layout: claims about the paper's data are vacuous with the reason, numerical ones stand", "[cli][layout]") {
  const std::string checked = "check --n 6 --T 4 --d 40 --mu 4 --steps 30 --json ";
  for (const auto& [given, reason] :
       {std::pair<std::string, std::string>{laid_out, "tokens are laid out as the paper's (no --layout)"},
        {"--flips independent", "an exact count of labels is flipped (no --flips independent)"},
        {"--plus-share 0.3", "both classes have as many samples (no --plus-share 0.3)"}}) {
    const Json checks = Json::parse(benign(checked + given).out)["checks"];
    long vacuous = 0, stand = 0;
    for (const Json& check : checks) {
      const std::string id = check["id"];
      const bool numerical = id.starts_with("invariant") || id.starts_with("descent") || id.starts_with("route") ||
                             id.starts_with("precision") || id.starts_with("test.") || id.starts_with("lemma");
      INFO(given << " " << id << " " << check["verdict"]);
      if (!numerical) {
        ++vacuous;
        CHECK(check["verdict"] == "vacuous");
        CHECK(check["hypotheses"][0]["statement"] == reason);
      } else {
        stand += check["verdict"] == "holds" || check["verdict"] == "proved";
        CHECK(check["verdict"] != "violated");
      }
    }
    CHECK(vacuous > 20);
    CHECK(stand >= 12);
  }
  const Json checks = Json::parse(benign(checked + "--lr-schedule inverse-time:10").out)["checks"];
  for (const Json& check : checks)
    if (check["id"] == "descent.monotone")
      CHECK(check["hypotheses"][0]["statement"] ==
            "training is plain gradient descent or its flow (no --lr-schedule inverse-time:10)");
}

TEST_CASE("layout: what speaks of the paper's tokens alone is refused", "[cli][layout]") {
  check_refused("simulate " + small + laid_out + "--route limit", "--layout: 'signal: own=1");
  check_refused("simulate " + small + laid_out + "--data peer", "allowed: paper with --data peer");
  check_refused("simulate --d 20 --steps 2 --model single-head " + laid_out, "allowed: paper with --model single-head");
  check_refused("construct --b 0.1 " + small_data + laid_out, "--layout");
  check_refused("prove --n 4 --T 4 --d 30 --mu 3 --steps 10 --claim 'loss_fall>0' " + laid_out,
                "only the paper's tokens are enclosed");
  check_refused("prove --n 4 --T 4 --d 30 --mu 3 --steps 10 --claim 'loss_fall>0' --plus-share 0.25", "--plus-share");
  check_refused("prove --n 4 --T 4 --d 30 --mu 3 --steps 10 --claim 'loss_fall>0' --flips independent", "--flips");
  check_refused("prove --n 4 --T 4 --d 30 --mu 2.9:3 --steps 10 --claim 'loss_fall>0' --lr-schedule inverse-time:9",
                "only plain descents by --route coefficients");
  check_refused("phase " + grid + "--infinite-time " + laid_out, "--infinite-time");
  check_refused(
      "phase --border memorised --n 4 --T 4 --d 1e6 --x eta=0.25:0.5:2 --y nsnr2=0.1:10:2 --flips independent",
      "--border: 'memorised'");
}

TEST_CASE("layout: bad files and values are refused by name, line and key", "[cli][layout]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "bad.toml";
  write(file, "[[kind]]\nname = \"signal\"\nown = 3\n");
  check_refused("simulate --layout " + quoted(file), "in line 3 own as a number from -1 to 1");
  check_refused("simulate --layout " + quoted((folder.path / "none.toml").string()), "a file that is there");
  check_refused("simulate --layout papre", "paper, two-tokens, strong-noise, FILE.toml");
  check_refused("simulate --layout two-tokens --T 3", "--T: '3' is not allowed; allowed: 2, which the layout counts");
  check_refused("simulate --layout strong-noise --T 1", "--T");
  check_refused("simulate --rho 0.9 --layout 'a: own=1; b: own=rho, other=-rho'", "own - other of at most 1");
  check_refused("simulate --plus-share 1", "--plus-share: '1' is not allowed; allowed: a number in (0, 1)");
  check_refused("simulate --n 4 --plus-share 0.9", "a share that leaves samples of the class -1");
  check_refused("simulate --flips sometimes", "exact | independent");
  check_refused("simulate --data peer --flips independent", "exact with --data peer");
  check_refused("simulate --lr-schedule inverse-time", "constant, inverse-time:K or inverse-root:K");
  check_refused("simulate --lr-schedule inverse-time:5 --flow", "constant with --flow");
}

TEST_CASE("layout: a sweep over other data has no borders of the paper's", "[cli][layout]") {
  const TemporaryFolder folder;
  const std::string out = folder.path / "sweep";
  REQUIRE(benign("phase " + grid + laid_out + "--seeds 2 --out " + out).status == 0);
  const Json cell = Json::parse(lines_of(read(out + "/cells.jsonl")).front());
  CHECK(cell["config"]["layout"] == "signal: own=1, noise=0; noise: count=rest, projected");
  REQUIRE(benign("plot " + out + " --format svg").status == 0);
  CHECK(read(out + "/phase.gp").find("predicted") == std::string::npos);
  CHECK(benign("phase --n 4 --T 4 --d 1e6 --x plus-share=0.25:0.75:3 --y nsnr2=0.1:10:2 --steps 5 --json").status == 0);
}

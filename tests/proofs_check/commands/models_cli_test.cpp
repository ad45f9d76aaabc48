// --model: what is listed, what a model refuses, and that its claims are asked of it.

#include "tests/support/cli.hpp"

#include <set>

TEST_CASE("models are listed, and a model's own run says which it is", "[cli]") {
  std::set<std::string> names;
  const Json listed = Json::parse(benign("list --models --json").out);
  for (const Json& model : listed["models"]) names.insert(model["name"]);
  CHECK(names == std::set<std::string>{"token-selection", "trained-head", "trained-head-from-zero", "single-head",
                                       "keys-queries"});
  const Json run = Json::parse(benign("simulate --model single-head --n 4 --d 30 --steps 2 --json").out);
  CHECK(run["config"]["model"] == "single-head");
  CHECK(run["config"]["T"] == 2);
  CHECK(run["config"]["init"] == "identity");
  CHECK_FALSE(Json::parse(benign("simulate --n 4 --T 3 --d 30 --steps 2 --json").out)["config"].contains("model"));
  CHECK(benign("simulate --model exact --n 4 --T 3 --d 30 --steps 2").status == 0);
}

TEST_CASE("what a printed run of a model says is read back", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "run.json";
  const Outcome first = benign("simulate --model single-head --n 4 --d 30 --steps 3 --json");
  write(file, first.out);
  const Json a = Json::parse(first.out), b = Json::parse(benign("simulate --config " + file + " --json").out);
  CHECK(a["config"] == b["config"]);
  CHECK(a["train_loss"] == b["train_loss"]);
}

TEST_CASE("a model refuses what it leaves no choice of, in a line that names it", "[cli]") {
  const std::string own = "simulate --model single-head ";
  check_refused(own + "--T 3", "--T: '3' is not allowed; allowed: 2 with --model single-head");
  check_refused(own + "--rho 0.2", "--rho: '0.2' is not allowed; allowed: 0 with");
  check_refused(own + "--route limit", "--route: 'limit'");
  check_refused(own + "--method sgd:2", "--method: 'sgd:2'");
  check_refused(own + "--data peer", "--data: 'peer'");
  check_refused("simulate --model mlp", "--model: 'mlp' is not allowed; allowed: token-selection, trained-head");
}

TEST_CASE("what one model alone has is said of it, read back, and refused by the others", "[cli]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "run.json";
  const Outcome first = benign(
      "simulate --model keys-queries --n 4 --T 3 --d 30 --d-h 5 --w-o 2 --sigma-h 0.05 "
      "--lr 1e-3 --steps 3 --json");
  write(file, first.out);
  const Json a = Json::parse(first.out), b = Json::parse(benign("simulate --config " + file + " --json").out);
  CHECK(a["config"]["d-h"] == 5);
  CHECK(a["config"]["eta"] == 0);
  CHECK(a["test_accuracy_stderr"].is_number());
  CHECK(a["q_norm2"].is_null());
  CHECK(a["config"] == b["config"]);
  CHECK(a["test_loss"] == b["test_loss"]);
  for (const char* key : {"d-h", "sigma-h", "sigma-v", "w-o"})
    CHECK_FALSE(Json::parse(benign("simulate --n 4 --T 3 --d 30 --steps 2 --json").out)["config"].contains(key));
  check_refused("simulate --d-h 32", "--d-h: '32' is not allowed; allowed: nothing without --model keys-queries");
  check_refused("simulate --model single-head --w-o 2", "--w-o: '2' is not allowed; allowed: nothing without --model");
  check_refused("simulate --model keys-queries --eta 0.2", "--eta: '0.2' is not allowed; allowed: 0 with");
  check_refused("simulate --model keys-queries --d-h 0", "--d-h: '0' is not allowed; allowed: an integer from 1");
  const Json cells = Json::parse(benign("phase --model keys-queries --n 4 --T 3 --d 1e6 --x d-h=1:100:2:log "
                                        "--y nsnr2=1:1000:2:log --flow --log-s-max 2 --steps 1 --json")
                                     .out);
  CHECK(cells["cells"].size() == 4);
}

TEST_CASE("a check of a model looks at its own, and the others say nothing of it", "[cli]") {
  const std::string setting = " --n 20 --d 20000 --mu 77.5 --lr-unit tau0 --lr 1 --json";
  const Json own = Json::parse(benign("check --only single_head.max_margin.benign" + setting).out)["checks"][0];
  CHECK(own["verdict"] == "holds");
  const Json all = Json::parse(benign("check --model single-head" + setting).out);
  for (const Json& check : all["checks"]) CHECK(check["id"].get<std::string>().starts_with("single_head."));
  const Json other = Json::parse(benign("check --model single-head --only law.fitting" + setting).out)["checks"][0];
  CHECK(other["verdict"] == "vacuous");
  CHECK(other["hypotheses"][0]["statement"] == "the model is token-selection");
}

TEST_CASE("sweeps, verdict diagrams and hunts take a model", "[cli]") {
  const Json cells = Json::parse(benign("phase --model single-head --x d=1e3:1e5:2:log --y nsnr2=0.001:10:2:log "
                                        "--steps 2 --lr-unit tau0 --lr 3 --json")
                                     .out);
  CHECK(cells["config"]["model"] == "single-head");
  CHECK(cells["cells"].size() == 4);
  CHECK_FALSE(cells.contains("borders"));  // those are the paper's
  const Json verdicts =
      Json::parse(benign("phase --check single_head.law.max_margin --x n=10:20:2 --y d=1e5:1e7:2:log --json").out);
  for (const Json& cell : verdicts["cells"]) CHECK(cell["verdict"] == "holds");
  const Outcome hunt = benign("hunt single_head.law.max_margin --over n=4:20 --over d=1e5:1e6:log --budget 20");
  CHECK(hunt.status == 0);
  check_refused("hunt single_head.law.max_margin --over T=3:6 --budget 20",
                "--over T: '3' is not allowed; allowed: 2 with");
}

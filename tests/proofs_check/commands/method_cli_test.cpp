// --method at the command line: what it changes, what it leaves alone, and where it is refused.

#include "tests/support/phase_cli.hpp"

TEST_CASE("method: a run says how it was trained, and its record runs again", "[cli][methods]") {
  const Json plain = Json::parse(benign("simulate " + small + "--json").out);
  CHECK_FALSE(plain["config"].contains("method"));
  CHECK(Json::parse(benign("simulate " + small + "--method gd --json").out)["hash"] == plain["hash"]);
  for (const std::string method :
       {"momentum:0.9", "nesterov:0.5", "normalised", "sgd:2", "decay:0.1", "sign --route direct"}) {
    INFO(method);
    const TemporaryFolder folder;
    const Outcome outcome = benign("simulate " + small + "--method " + method + " --json");
    REQUIRE(outcome.status == 0);
    const Json run = Json::parse(outcome.out);
    CHECK(run["config"]["method"] == method.substr(0, method.find(' ')));
    CHECK(run["hash"] != plain["hash"]);
    CHECK(run["train_loss"] != plain["train_loss"]);
    write(folder.path / "run.json", outcome.out);
    CHECK(Json::parse(benign("simulate --json --config " + (folder.path / "run.json").string()).out)["train_loss"] ==
          run["train_loss"]);
  }
  CHECK(Json::parse(benign("simulate " + small + "--method momentum --json").out)["config"]["method"] ==
        "momentum:0.9");
}

TEST_CASE("method: batches follow from the seed, on any number of threads", "[cli][methods]") {
  const TemporaryFolder folder;
  const std::string asked = "phase " + grid + "--method sgd:2 --seeds 2 ", one = folder.path / "one",
                    four = folder.path / "four";
  REQUIRE(benign(asked + "--threads 1 --out " + one).status == 0);
  REQUIRE(benign(asked + "--threads 4 --out " + four).status == 0);
  CHECK(read(one + "/cells.jsonl") == read(four + "/cells.jsonl"));
  CHECK(benign("phase --resume --method sgd:3 --out " + one).err.find("--method is") != std::string::npos);
}

TEST_CASE("method: claims about descent are vacuous with a sentence, claims about the data stand", "[cli][methods]") {
  const Json checks = Json::parse(benign("check " + small + "--method momentum:0.9 --json").out)["checks"];
  long vacuous = 0, proved = 0;
  for (const Json& check : checks) {
    proved += check["verdict"] == "proved";
    if (check["id"] != "gap.clean_above") continue;
    ++vacuous;
    CHECK(check["verdict"] == "vacuous");
    CHECK(check["hypotheses"][0]["statement"] ==
          "training is plain gradient descent or its flow (no --method momentum:0.9)");
  }
  CHECK(vacuous == 1);
  CHECK(proved >= 5);
}

TEST_CASE("method: what has no proof, no flow or no reduction is refused", "[cli][methods]") {
  const std::string prove = "prove --n 4 --T 4 --d 30 --mu 3 --steps 10 --claim 'loss_fall>0' ";
  check_refused(prove + "--method momentum:0.9 --certificate proof.json", "the checker follows plain descent alone");
  check_refused(prove + "--method momentum:0.9 --flow", "--method: 'momentum:0.9'");
  check_refused(prove + "--method momentum:0.9 --lr 0.1:0.2", "only plain descents by --route coefficients");
  CHECK(benign(prove + "--method momentum:0.9").status == 0);
  check_refused("simulate " + small + "--method momentum:0.9 --flow", "--method: 'momentum:0.9'");
  check_refused("simulate " + small + "--method sign", "--route direct alone");
  check_refused("simulate " + small + "--method adam", "--method: 'adam' is not allowed; allowed: gd, momentum[:BETA]");
  check_refused("phase " + grid + "--method sgd:5", "at most the 4 samples");
}

TEST_CASE("method: a certificate of another method is none", "[cli][methods]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "proof.json";
  REQUIRE(benign("prove --n 4 --T 4 --d 30 --mu 3 --steps 10 --claim 'loss_fall>0' --certificate " + file).status == 0);
  Json proof = Json::parse(read(file));
  proof["config"]["method"] = "momentum:0.9";
  write(file, proof.dump());
  check_refused("prove --verify " + file, "'method' is not allowed");
}

// What a first reader asked for in a way that is not the program's, and what the program says to it.

#include "tests/support/cli.hpp"

TEST_CASE("an assumption's own name is understood as far as a guess, and its halves are told apart", "[cli]") {
  const Outcome wrong = benign("check --only A1");
  CHECK(wrong.status == 2);
  CHECK(wrong.err.find("did you mean 'assumption.A1'?") != std::string::npos);
  CHECK(benign("list --long delay").err.find("did you mean 'law.delay'?") != std::string::npos);

  // n mu^2/sigma^2 = 8000 and d = 2000: a quarter. (n log(T n/delta))^2 = (20 log 16000)^2 = 37483.
  const Outcome asked = benign("check --only assumption.A1 --json");
  const Json A1 = Json::parse(asked.out)["checks"][0];
  REQUIRE(A1["hypotheses"].size() == 2);
  CHECK_FALSE(A1["hypotheses"][0]["met"].get<bool>());
  CHECK(A1["hypotheses"][0]["source"] == "[A]");
  CHECK(A1["observed"] == "its halves hold up to C = 0.25 and 0.05336");
  CHECK(benign("check --only assumption.A1").out.find("Nothing is decided (status 3)") != std::string::npos);
  const Json met = Json::parse(benign("check --only assumption.A1 --C assumption.A1=0.1 --json").out)["checks"][0];
  CHECK(met["hypotheses"][0]["met"].get<bool>());
  CHECK_FALSE(met["hypotheses"][1]["met"].get<bool>());
}

TEST_CASE("an option that is given twice is not told that its value is missing", "[cli]") {
  for (const char* line : {"simulate --mu 3 --mu 4", "phase --border gap --border fit"}) {
    const Outcome outcome = benign(line);
    CHECK(outcome.status == 2);
    CHECK(outcome.err.find(": given 2 times; one is allowed") != std::string::npos);
  }
  CHECK(benign("simulate --mu").err.find("a value is missing") != std::string::npos);
}

TEST_CASE("simulate: a test error that is left out is null, and what it moves alone", "[cli]") {
  Json with = Json::parse(benign("simulate --json " + small).out);
  Json without = Json::parse(benign("simulate --json --test none " + small).out);
  CHECK(without["config"]["test"] == "none");
  for (const char* key : {"test_accuracy", "test_loss"}) {
    CHECK(with[key].is_number());
    CHECK(without[key].is_null());
  }
  for (const char* key : {"train_loss", "train_accuracy", "q_norm2", "mu_plus_q"}) CHECK(with[key] == without[key]);
  CHECK(benign("simulate --flow --test none " + small).out.find("log_s_half_loss                    not known") !=
        std::string::npos);
  for (const char* command : {"check", "phase", "construct"})
    CHECK(benign(std::string(command) + " --test none").status == 2);
}

TEST_CASE("construct: where no tokens are drawn, no q is made of them", "[cli]") {
  const Outcome refused = benign("construct --n 4 --T 4 --d 30 --mu 3 --b 1 --data gram");
  CHECK(refused.status == 2);
  CHECK(refused.err.find("--data: 'gram' is not allowed; allowed: dense or peer") != std::string::npos);
}

TEST_CASE("prove: what no claim decides leaves no certificate, and a claim at a step runs no further", "[prove]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "proof.json", four = "--n 4 --T 3 --d 30 --mu 3 --steps 50 ";
  const Outcome open = benign("prove " + four + "--digits-max 2 --claim 'mu_plus_q>0.1' --certificate " + file);
  CHECK(open.status == 3);
  CHECK(open.err.find("no claim is decided, so there is no certificate") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(file));
  const Json early = Json::parse(benign("prove --json " + four + "--claim 'train_loss>0@7'").out);
  REQUIRE(early["moments"].size() == 1);
  CHECK(early["moments"][0]["step"] == 7);
}

TEST_CASE("phase: one seed has no interval, and a whole number cannot be a border's y", "[cli][phase]") {
  const std::string sweep = "phase --steps 100 --n 4 --T 3 --x d=100:200:2 --y mu=2:60:4 --border test_loss";
  const Outcome one = benign(sweep);
  CHECK(one.out.find("one seed: no interval; --seeds S gives one") != std::string::npos);
  CHECK(benign(sweep + " --seeds 3").out.find("no interval") == std::string::npos);
  const Outcome whole = benign("phase --border fit --x mu=5:20:2 --y d=200:400:3");
  CHECK(whole.status == 2);
  CHECK(whole.err.find("no whole number, as d is") != std::string::npos);
}

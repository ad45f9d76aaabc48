// benign prove on the command line: statuses, certificates, and a checker that is not to be fooled.

#include "tests/support/cli.hpp"

#include <cmath>
#include <functional>
#include <map>

namespace {

const std::string small_run = "--n 4 --T 4 --d 30 --mu 2.3 --lr 0.1 --steps 60 ";

Json proof_of(const std::string& arguments, int status = 0) {
  const Outcome outcome = benign("prove --json " + arguments);
  INFO(arguments << outcome.err);
  REQUIRE(outcome.status == status);
  return Json::parse(outcome.out);
}

}  // namespace

TEST_CASE("prove: what is true is proved, what is false is violated, and what is too close is undecided", "[prove]") {
  const Json proof = proof_of(small_run + "--claim 'loss_fall>0' --claim 'train_loss<1' --claim 'test_error<=1'");
  CHECK(proof["digits"].is_number());
  CHECK(proof["wall_s"].is_number());
  for (const Json& claim : proof["claims"]) CHECK(claim["verdict"] == "proved");

  // The loss cut after its twentieth decimal, and that with one more there: bounds within 1e-20 of the truth.
  const Json digits = Json::parse(benign("simulate --json --precision mp50 " + small_run).out);
  const std::string loss = digits["train_loss"], power = loss.substr(loss.find('e'));
  REQUIRE(power == "e-01");
  const std::string below = loss.substr(0, 2 + 19);
  std::string above = below;
  for (std::size_t k = above.size(); k-- > 0;) {
    if (above[k] == '.') continue;
    if (above[k] != '9') {
      ++above[k];
      break;
    }
    above[k] = '0';
  }
  CHECK(proof_of(small_run + "--claim 'train_loss<" + below + power + "'", 1)["claims"][0]["verdict"] == "violated");
  CHECK(proof_of(small_run + "--claim 'train_loss<" + above + power + "'")["claims"][0]["verdict"] == "proved");
  const std::string six_of_ten = "--n 10 --eta 0 --T 4 --d 30 --mu 2.3 --steps 1 ";  // 0.6 is no number of bits
  CHECK(proof_of(six_of_ten + "--claim 'train_accuracy<=0.6@0' --claim 'train_accuracy>=0.6@0'")["bits"] == 106);
  CHECK(proof_of(six_of_ten + "--claim 'train_accuracy<0.6@0'", 1)["bits"] == 106);
  CHECK(proof_of(small_run + "--claim 'train_accuracy>=1@0'", 1)["claims"][0]["verdict"] == "violated");
  CHECK(proof_of(small_run + "--digits-max 3 --claim 'mu_plus_q<0.5'", 3)["claims"][0]["verdict"] == "undecided");
  CHECK(proof_of(small_run + "--flow --tau-max 0.1 --claim 'train_loss<1'")["claims"][0]["verdict"] == "proved");
}

TEST_CASE("prove: without a claim the whole sentence of the run is proved, and checked", "[prove]") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "proof.json";
  for (const char* run :
       {"--mu 3 --steps 20 ", "--mu 3 --eta 0 --steps 20 --lr 0.3 ", "--mu 3 --route statistics --steps 20 "}) {
    const Json claims =
        proof_of("--n 4 --T 4 --d 30 --seed 5 --certificate " + file + " " + std::string(run))["claims"];
    INFO(run);
    CHECK(claims.size() >= 10);
    // Each number lies between two decimals that differ by two units of a third digit, or of the second.
    std::map<std::string, double> above;
    for (const Json& claim : claims) {
      const std::string text = claim["claim"];
      const auto relation = text.find_first_of("<>");
      const std::string name = text.substr(0, relation);
      if (text.find('=') != std::string::npos || name.find("margin") == 0) continue;
      const double bound = std::stod(text.substr(relation + 1));
      if (text[relation] == '>') above[name] = bound;
      if (text[relation] == '<' && above.contains(name))
        CHECK(bound - above[name] <= 0.201 * std::max(std::abs(bound), std::abs(above[name])));
    }
    CHECK(above.contains("train_loss"));
    const Outcome checked = benign("prove --verify " + file);
    // Of a steep softmax the checker knows no narrow law of the test inputs, and says so.
    CHECK((checked.status == 0 ||
           (checked.status == 3 && checked.out.find("law do not decide it") != std::string::npos)));
  }
}

TEST_CASE("prove: what never falls or never rises, and what is refused of it", "[prove]") {
  const Json claims =
      proof_of(small_run + "--claim 'train_loss never rises' --claim 'train_accuracy never falls@5'")["claims"];
  CHECK(claims[0]["verdict"] == "proved");
  CHECK(claims[1]["verdict"] == "proved");
  CHECK(benign("prove " + small_run + "--claim 'train_loss never rises'").out.find("least fall in one step in [") !=
        std::string::npos);
  check_refused("prove --claim 'train_loss never falls@0'", "a step of at least 1");
  check_refused("prove --claim 'test_error never rises'", "wider than its steps");
  check_refused("prove --claim 'train_loss never ends'", "QUANTITY never falls");
  check_refused("prove --flow --claim 'train_loss never rises'", "without --flow");
}

TEST_CASE("prove: a certificate has the same bytes on any number of threads, and is checked", "[prove]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "proof.json", again = folder.path / "again.json";
  const std::string claims =
      "--claim 'loss_fall>0' --claim 'attention[0,0]>0@30' --claim 'train_loss>1' --claim 'q_norm2<9' ";
  REQUIRE(benign("prove " + small_run + claims + "--threads 1 --certificate " + path).status == 1);
  REQUIRE(benign("prove " + small_run + claims + "--threads 2 --certificate " + again).status == 1);
  CHECK(read(path) == read(again));
  CHECK(benign("prove --verify " + path).status == 0);

  const auto tampered = [&](const std::function<void(Json&)>& change) {
    Json json = Json::parse(read(path));
    change(json);
    write(again, json.dump());
    return benign("prove --verify " + again);
  };
  CHECK(tampered([](Json& json) { json["claims"][2]["verdict"] = "proved"; }).status == 1);
  CHECK(tampered([](Json& json) {
          json["claims"][0]["lower"] = "5e-01", json["claims"][0]["upper"] = "6e-01";
        }).status == 1);
  CHECK(tampered([](Json& json) { json["config"]["seed"] = 43; }).out.find("another hash") != std::string::npos);
  CHECK(tampered([](Json& json) { json["claims"][0]["claim"] = "loss_fall>1"; }).status == 1);
  for (const char* key : {"made_by", "config", "data_hash", "claims"})
    CHECK(tampered([key](Json& json) { json.erase(key); }).status == 2);
  CHECK(tampered([](Json& json) { json["bits"] = 64; }).status == 2);
  // A verdict that does not follow from its own interval, and an interval that only meets the truth.
  const Json loss = Json::parse(read(path))["claims"][2];
  REQUIRE(loss["claim"] == "train_loss>1");
  CHECK(tampered([](Json& json) {
          json["claims"][2]["lower"] = "1e-01", json["claims"][2]["upper"] = "2e+00";
        }).status == 1);
  CHECK(tampered([&](Json& json) {
          json["claims"][2]["upper"] = loss["lower"], json["claims"][2]["lower"] = "1e-01";
        }).status == 1);
  write(again, "{}");
  check_refused("prove --verify " + again, "benign_certificate");
}

TEST_CASE("prove: a check that has too little memory says so", "[prove]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "proof.json";
  const std::string run = "--flow --init identity --n 4 --T 4 --d 10 --mu 3 --tau-max 0.01 ";
  REQUIRE(benign("prove " + run + "--claim 'train_loss<1' --certificate " + path).status == 0);
  Json json = Json::parse(read(path));
  json["config"]["n"] = 20, json["config"]["T"] = 18;  // 3.7 of 4 GB: GMP ended the program
  write(path, json.dump());
  const Outcome outcome = benign("prove --verify " + path, "ulimit -v 3000000; ");
  CHECK(outcome.status == 3);
  CHECK(outcome.out.find("bytes of memory at 128 bits, more than can be had here") != std::string::npos);
}

TEST_CASE("prove: where memory ends, the program does with a status", "[prove]") {
  // 1/20 is no number of bits: they rise until MPFR has no more memory.
  const Outcome outcome = benign(
      "prove --n 20 --T 20 --d 10 --init identity --steps 1 --digits-max 30000 --threads 1 "
      "--claim 'attention[0,0]<=0.05@0'",
      "ulimit -v 340000; ");
  CHECK(outcome.status == 4);
  CHECK(outcome.err.find("out of memory") != std::string::npos);
}

TEST_CASE("prove: time is exact, whatever the horizon", "[prove]") {
  // Its u is no double; the first of these was proved with one of them and refuted with the other.
  for (const char* horizon : {"4.734225", "4.7342250000000008"}) {
    const std::string run = std::string("--flow --route limit --d 2e6 --mu 100 --log-s-max ") + horizon;
    CHECK(proof_of(run + " --claim 'log_s_fit>4.7116473769006114'", 1)["claims"][0]["verdict"] == "violated");
    CHECK(proof_of(run + " --claim 'log_s_fit>4.7116473769006110'")["claims"][0]["verdict"] == "proved");
  }
}

TEST_CASE("prove: a quantity without a meaning is refused, or answered truly", "[prove]") {
  check_refused("prove --flow --route limit --eta 0 --d 2e6 --mu 100 --log-s-max 6 --claim 'log_s_fit>4'",
                "right from the start");
  check_refused("prove --eta 0 --steps 1 --claim 'attention_noisy<1'", "no label is flipped");
  check_refused("prove --data peer --eta 0.05 --steps 1 --claim 'attention_noisy_max<1'", "no label is flipped");
  check_refused("prove --claim 'loss_fall>0@0'", "at a step of at least 1");
  check_refused("prove --flow --route limit --n 2 --eta 0.5 --d 2e6 --mu 100 --log-s-max 6", "as many flipped labels");
  const Json flow = Json::parse(benign("simulate --json --flow --eta 0 --d 200 --tau-max 1").out)["events"];
  CHECK(flow["log_s_fit"].is_null());
  CHECK(flow["from_the_start"] == Json::array({"log_s_fit"}));
  const Json gap = proof_of("--flow --route limit --eta 0 --d 2e6 --mu 447.22 --log-s-max 5 --claim 'log_s_gap<5'",
                            0);  // n SNR^2 = 2
  CHECK(gap["claims"][0]["verdict"] == "proved");
}

TEST_CASE("prove: events of a flow's instance, and those that have no time", "[prove]") {
  const std::string run = "--flow --n 4 --T 3 --d 24 --mu 3 --init identity --tau-max 0.06 --seed 7 ";
  const Json fit = proof_of(run + "--eta 0.25 --claim 'log_s_fit<9' --claim 'log_s_gap>-1.1'");
  CHECK(fit["claims"][1]["upper"] == "inf");
  const Json beyond = proof_of(run + "--eta 0.25 --claim 'log_s_gap<9'", 3);
  CHECK(beyond["bits"] == 150);
  CHECK(beyond["claims"][0]["limit"] == "the horizon, --tau-max 0.06, before which it does not happen");
  const Json start = proof_of(run + "--eta 0 --claim 'log_s_fit<9'", 3);
  CHECK(start["bits"] == 150);
  CHECK(start["claims"][0]["limit"] == "it is so from the start, and has no time");
  check_refused("prove " + run + "--eta 0.25 --claim 'log_s_fit<9@3'", "without @STEP");
  const Json drawn =
      proof_of("--flow --data gram --n 2 --T 3 --eta 0.5 --d 1e6 --mu 80 --log-s-max 0.5 --claim 'log_s_fit>0.25'");
  CHECK(drawn["claims"][0]["verdict"] == "proved");
}

TEST_CASE("prove: what limits a claim is said, and not pursued with more digits", "[prove]") {
  const Json bounds = proof_of(small_run + "--claim 'test_loss<0.61724'", 3);  // to 4e-5
  CHECK(bounds["bits"] == 106);
  CHECK(bounds["claims"][0]["limit"].get<std::string>().find("bounds of the test loss") != std::string::npos);
  const Json sharp = proof_of(small_run + "--claim 'test_error<0.28812964' --claim 'test_error>0.28812963'");
  for (const Json& claim : sharp["claims"]) CHECK(claim["verdict"] == "proved");
  const Json beyond = proof_of("--flow --route limit --d 2e6 --mu 100 --log-s-max 1 --claim 'log_s_fit<3'", 3);
  CHECK(beyond["bits"] == 128);
  CHECK(beyond["claims"][0]["limit"].get<std::string>().find("--log-s-max 1") != std::string::npos);
  const Json digits = proof_of(small_run + "--digits-max 3 --claim 'mu_plus_q<0.5'", 3);
  CHECK(digits["claims"][0]["limit"].get<std::string>().find("--digits-max") != std::string::npos);
}

TEST_CASE("prove: strict and other relations are told apart", "[prove]") {
  const Json json = proof_of(
      "--n 10 --eta 0 --T 4 --d 30 --mu 2.3 --steps 1 --claim 'train_accuracy>=0.6@0' "
      "--claim 'train_accuracy>0.6@0' --claim 'train_accuracy<=0.6@0' "
      "--claim 'train_accuracy<0.6@0' --claim 'mu_plus_q<=0@0' --claim 'mu_plus_q<0@0'",
      1);
  const char* expected[] = {"proved", "violated", "proved", "violated", "proved", "violated"};
  for (std::size_t k = 0; k < 6; ++k) CHECK(json["claims"][k]["verdict"] == expected[k]);
}

TEST_CASE("prove: what has no proof is refused on one line", "[prove]") {
  check_refused("prove --claim train_loss", "QUANTITY<VALUE");
  check_refused("prove --claim 'loss<1'", "train_accuracy, train_loss");
  check_refused("prove --claim 'train_loss<1@2000'", "2000");
  check_refused("prove --claim 'margin[20]>0'", "20");
  check_refused("prove --claim 'margin[1e0]>0'", "in digits");
  check_refused("prove --claim 'train_loss<1@2e1'", "in digits");
  check_refused("prove --claim 'log_s_gap<3'", "with --flow alone");
  check_refused("prove --flow --claim 'loss_fall>0'", "without @STEP and loss_fall");
  check_refused("prove --precision mp50", "a proof chooses its digits");
  check_refused("prove --data gram --mu 19.9:20.1 --claim 'loss_fall>0'", "tokens in common");
  check_refused("prove --data gram --certificate drawn.json", "the checker knows tokens alone");
  check_refused("prove --route direct", "coefficients");
  check_refused("prove --flow --sigma-p 0.1", "p0 = 0");
}

TEST_CASE("prove: of drawn inner products, what 50 digits say", "[prove]") {
  const std::string drawn = "--data gram --d 1e6 --mu 200 --lr-unit tau0 --lr 0.1 --steps 40 ";
  for (const std::string more : {"--n 4 --T 4 ", "--n 4 --T 4 --init identity ", "--n 4 --T 4 --sigma-p 0.05 ",
                                 "--n 2 --T 3 --flow --log-s-max 3.6 "}) {
    const Json digits = Json::parse(benign("simulate --json --precision mp50 " + drawn + more).out);
    const auto about = [&](const char* name, const char* relation, double share) {  // a little above, or below
      const double value =
          digits[name].is_string() ? std::stod(digits[name].get<std::string>()) : digits[name].get<double>();
      return "--claim '" + std::string(name) + relation + std::to_string(value * share) + "' ";
    };
    const std::string claims = about("train_loss", "<", 1.0001) + about("train_loss", ">", 0.9999) +
                               about("test_loss", "<", 1.03) + about("test_loss", ">", 0.97);
    const Json one = proof_of(drawn + more + claims + "--threads 1"),
               two = proof_of(drawn + more + claims + "--threads 2");
    CHECK(one["claims"] == two["claims"]);
    CHECK(one["data_hash"] == two["data_hash"]);
    for (const Json& claim : one["claims"]) CHECK(claim["verdict"] == "proved");
  }
}

TEST_CASE("prove: what a folder keeps of one proof is taken up by no other", "[prove]") {
  const TemporaryFolder one, other;
  const std::string run = "prove --n 4 --T 4 --d 30 --steps 1030 --claim 'train_loss>0' ",
                    of_one = run + "--mu 3 --out " + one.path.string(),
                    of_other = run + "--mu 9 --out " + other.path.string();
  REQUIRE(benign(of_one).status == 0);
  const auto numbers_of = [](const std::string& arguments) {
    const std::string table = benign(arguments).out;
    return table.substr(0, table.rfind(' ', table.size() - 4));  // without the seconds
  };
  CHECK(numbers_of(of_one + " --resume") == numbers_of(run + "--mu 3"));
  check_refused(of_one + " --resume --at 1000", "'at' differs");
  REQUIRE(benign(of_other).status == 0);
  std::filesystem::copy_file(one.path / "state.json", other.path / "state.json",
                             std::filesystem::copy_options::overwrite_existing);
  check_refused(of_other + " --resume", "another proof's");
}

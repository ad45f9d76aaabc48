// benign prove of tokens of one's own, of two classes and of more.

#include "tests/support/npy_files.hpp"
#include "tests/support/cli.hpp"

#include <cmath>

namespace {

Json proof_of_tokens(const std::string& arguments) {
  const Outcome outcome = benign("prove --json " + arguments);
  INFO(arguments << outcome.err);
  REQUIRE(outcome.status == 0);
  return Json::parse(outcome.out);
}

}  // namespace

TEST_CASE("prove: tokens of one's own", "[prove][tokens]") {
  const TemporaryFolder folder;
  const std::string data = folder.path / "x.npy", labels = folder.path / "y.npy", proof = folder.path / "proof.json";
  std::vector<double> x;
  for (int k = 0; k < 6 * 3 * 5; ++k) x.push_back(std::sin(static_cast<double>(7 * k * k + k)));
  write(data, npy("<f8", "(6, 3, 5)", bytes_of(x)));
  write(labels, npy("<i8", "(6,)", bytes_of(std::vector<std::int64_t>{0, 1, 0, 1, 0, 1})));
  const std::string run = "--data " + data + " --labels " + labels + " --lr-unit tau0 --lr 0.01 --steps 40 --eta 0.2 ";
  const Json json = proof_of_tokens(
      run + "--claim 'loss_fall>0' --claim 'mu_plus_q<9' --claim 'attention_clean<1' --certificate " + proof);
  for (const Json& claim : json["claims"]) CHECK(claim["verdict"] == "proved");
  CHECK(benign("prove --verify " + proof).status == 0);
  const Json seen = Json::parse(benign("simulate --json --precision mp50 --route coefficients " + run).out);
  const auto within = [&](const Json& found, int claim) {
    const double value = std::stod(found.get<std::string>()),
                 low = std::stod(json["claims"][claim]["lower"].get<std::string>()),
                 high = std::stod(json["claims"][claim]["upper"].get<std::string>());
    CHECK(value >= low - 1e-12);
    CHECK(value <= high + 1e-12);
    CHECK(high - low < 1e-3);
  };
  within(seen["mu_plus_q"], 1);
  within(seen["attention"]["clean"], 2);
  check_refused("prove " + run + "--claim 'test_error<1'", "the law of brought tokens is not known");
  // Few enough dimensions that `simulate` takes W and p themselves, which a proof does not.
  check_refused("prove " + run + "--method sign --claim 'loss_fall>0'", "sign with --route direct alone");
}

TEST_CASE("prove: tokens of three classes", "[prove][tokens]") {
  const TemporaryFolder folder;
  const std::string data = folder.path / "x.npy", labels = folder.path / "y.npy", head = folder.path / "h.npy";
  std::vector<double> x, h;
  for (int k = 0; k < 6 * 3 * 8; ++k) x.push_back(std::sin(static_cast<double>(7 * k * k + k)));
  for (int k = 0; k < 8 * 3; ++k) h.push_back(0.4 * std::cos(static_cast<double>(5 * k * k + k)));
  write(data, npy("<f8", "(6, 3, 8)", bytes_of(x))), write(head, npy("<f8", "(8, 3)", bytes_of(h)));
  write(labels, npy("<i8", "(6,)", bytes_of(std::vector<std::int64_t>{0, 1, 2, 0, 1, 2})));
  const std::string run = "--data " + data + " --labels " + labels + " --head " + head + " --steps 10 --lr 0.1 ";
  const Json json = proof_of_tokens(run);  // all that the run in double suggests
  const Json seen = Json::parse(benign("simulate --json --precision mp50 " + run).out);
  const bool all_right = seen["train_accuracy"] == 1;
  CHECK(json["claims"][0]["claim"] == (all_right ? "train_accuracy>=1" : "train_accuracy<1"));
  for (const Json& claim : json["claims"]) CHECK(claim["verdict"] == "proved");
  check_refused("prove " + run + "--certificate " + (folder.path / "c.json").string(), "two classes: the checker");
  check_refused("prove " + run + "--flow --claim 'train_loss>0'", "two classes with --flow");
  check_refused("prove " + run + "--mu 2.9:3.1 --claim 'train_loss>0'", "--mu");
}

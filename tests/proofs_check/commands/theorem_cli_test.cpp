// benign prove --theorem on the command line: statuses, certificates, refusals.

#include "tests/support/cli.hpp"

#include <fstream>

namespace {

const std::string narrow_theorem = "prove --theorem overfits-first --nsnr2 0.0999:0.1001 --d-min 1e12 ";

}  // namespace

TEST_CASE("prove: a theorem is proved, certified and verified, and a false one refused", "[prove][theorem]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "theorem.json", false_path = folder.path / "false.json";
  const Outcome proved = benign(narrow_theorem + "--mu-min 1e4 --json --certificate " + path);
  REQUIRE(proved.status == 0);
  const Json theorem = Json::parse(proved.out);
  CHECK(theorem["verdict"] == "proved");
  CHECK(theorem["d0"] == 1e12);
  for (const Json& margin : theorem["inequalities"]) CHECK(margin["margin"] > 0);
  CHECK(benign("prove --verify " + path).status == 0);
  Json certificate = Json::parse(read(path));
  certificate["u1"] = "4.5";  // the limit is fitted at log s = 4.71
  std::ofstream(false_path) << certificate;
  CHECK(benign("prove --verify " + false_path).status == 1);
  certificate["u1"] = "never";
  std::ofstream(false_path) << certificate;
  CHECK(benign("prove --verify " + false_path).status == 2);
}

TEST_CASE("prove: a theorem has the same digits on any number of threads", "[prove][theorem]") {
  const auto digits = [](const char* threads) {
    Json json = Json::parse(benign(narrow_theorem + "--slices 3 --json --threads " + threads).out);
    json.erase("wall_s");
    return json;
  };
  CHECK(digits("1") == digits("3"));
}

TEST_CASE("prove: of a theorem what is not proved is undecided, and what it does not cover refused",
          "[prove][theorem]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "none.json";
  const Outcome none = benign("prove --theorem benign --d-min 1e6 --certificate " + path);
  CHECK(none.status == 3);
  CHECK(none.err.find("nothing is proved") != std::string::npos);
  CHECK(read(path).empty());
  // ‖μ‖ ≥ 10⁷ asks for d ≥ n·10¹⁴/b.
  const Json asked =
      Json::parse(benign("prove --theorem benign --d-min 1e6 --mu-min 1e7 --nsnr2 0.09:0.1 --slices 1 --json").out);
  CHECK(asked["d0"].get<double>() == Approx(2e16));
  check_refused("prove --nsnr2 0.09:0.11", "nothing without --theorem");
  check_refused(narrow_theorem + "--init uniform", "gaussian or identity");
  check_refused(narrow_theorem + "--steps 5", "nothing beside --theorem");
  check_refused(narrow_theorem + "--eta 0.05", "as many flipped labels in either class");
  check_refused("prove --theorem benign --nsnr2 0.1", "A:B");
  check_refused("prove --theorem true", "overfits-first");
  check_refused(narrow_theorem + "--delta 0", "[1e-30, 0.5]");
}

// Tokens of one's own on the command line.

#include "tests/support/cli.hpp"
#include "tests/support/npy_files.hpp"

#include <cmath>

namespace {

/// Twelve samples of three tokens in six dimensions, of two classes that token 0 tells apart.
struct Files {
  TemporaryFolder folder;
  std::string data = folder.path / "x.npy", labels = folder.path / "y.npy", test = folder.path / "tx.npy",
              test_labels = folder.path / "ty.npy";

  explicit Files(long classes = 2) {
    write_set(data, labels, 12, 1, classes);
    write_set(test, test_labels, 30, 7, classes);
  }
  static void write_set(const std::string& tokens, const std::string& labels, long n, unsigned phase, long classes) {
    std::vector<double> x;
    std::vector<std::int64_t> y;
    for (long i = 0; i < n; ++i) {
      y.push_back(i % classes);
      for (long t = 0; t < 3; ++t)
        for (long k = 0; k < 6; ++k)
          x.push_back(std::sin(static_cast<double>(phase + 37 * i * i + 11 * t * i + 5 * k * k * (i + t + 1))) +
                      (t == 0 && k == i % classes ? 3 : 0));
    }
    write(tokens, npy("<f8", "(" + std::to_string(n) + ", 3, 6)", bytes_of(x)));
    write(labels, npy("<i8", "(" + std::to_string(n) + ",)", bytes_of(y)));
  }
  std::string options() const { return "--data " + data + " --labels " + labels + " "; }
  std::string all() const { return options() + "--test-data " + test + " --test-labels " + test_labels + " "; }
};

}  // namespace

TEST_CASE("tokens: simulate, check, diagnose and table take files", "[tokens]") {
  for (const long classes : {2, 3}) {
    const Files files(classes);
    const Outcome run = benign("simulate --steps 50 --lr-unit tau0 --lr 0.01 --eta 0.25 --json " + files.all());
    INFO(run.err);
    REQUIRE(run.status == 0);
    const Json json = Json::parse(run.out);
    CHECK(json["config"]["n"] == 12);
    CHECK(json["config"]["d"] == 6);
    CHECK(json["test_accuracy"].is_number());
    write(files.folder.path / "again.json", json["config"].dump());
    const Outcome again = benign("simulate --json --config " + (files.folder.path / "again.json").string());
    REQUIRE(again.status == 0);
    CHECK(Json::parse(again.out)["train_loss"] == json["train_loss"]);
    for (const char* route : {"direct", "coefficients", "statistics"}) {
      const Outcome same =
          benign(std::string("simulate --steps 50 --lr-unit tau0 --lr 0.01 --eta 0.25 --json --route ") + route + " " +
                 files.all());
      REQUIRE(same.status == 0);
      CHECK(Json::parse(same.out)["train_loss"].get<double>() ==
            Approx(json["train_loss"].get<double>()).epsilon(1e-10));
    }
    CHECK(benign("simulate --flow --tau-max 0.5 --steps 20 " + files.options()).status == 0);
    CHECK(benign("diagnose --steps 50 --lr-unit tau0 --lr 0.01 --json " + files.all()).status == 0);
    CHECK(benign("table --ns 6,12 --etas 0,0.25 --seeds 2 --steps 50 --lr-unit tau0 --lr 0.01 " + files.all()).status ==
          0);
    const Outcome checked = benign(
        "check --steps 50 --lr-unit tau0 --lr 0.01 --json --no-studies --only route,invariant.zero_sum,theorem " +
        files.options());
    for (const Json& check : Json::parse(checked.out)["checks"]) {
      const bool theorem = check["id"].get<std::string>().starts_with("theorem");
      INFO(check.dump());
      CHECK(check["verdict"] == (theorem ? "vacuous" : "holds"));
    }
  }
}

TEST_CASE("tokens: files that do not go together are refused on one line", "[tokens]") {
  const Files files;
  const auto bad = [&](const std::string& name, const std::string& bytes) {
    const std::string path = files.folder.path / name;
    write(path, bytes);
    return path;
  };
  check_refused("simulate --data " + files.data, "--labels: --data");
  check_refused("simulate --labels " + files.labels, "only together with --data FILE.npy");
  check_refused("simulate --data none.npy --labels " + files.labels, "--data none.npy: there is no such file");
  check_refused("simulate --data " + bad("e.npy", "") + " --labels " + files.labels, "it is empty");
  check_refused("simulate --data " + files.labels + " --labels " + files.labels, "float32 or float64");
  check_refused("simulate --data " + files.data + " --labels " + files.test_labels, "its shape is (30); allowed: (12)");
  check_refused("simulate --data " + files.data + " --labels " +
                    bad("one.npy", npy("<i8", "(12,)", bytes_of(std::vector<std::int64_t>(12, 1)))),
                "it holds 1 classes; allowed: 2 to 1000");
  check_refused(
      "simulate " + files.options() + "--head " + bad("h.npy", npy("<f8", "(5,)", bytes_of(std::vector<double>(5, 1)))),
      "its shape is (5); allowed: (6,2) or (6)");
  check_refused("simulate " + files.options() + "--test-data " + files.test, "go together; one is missing");
  check_refused("simulate " + files.options() + "--n 13", "--n: '13' is not allowed");
  check_refused("simulate " + files.options() + "--d 7", "6, as in the file of --data");
  check_refused("simulate " + files.options() + "--route limit", "tokens from a file");
  check_refused("simulate " + files.options() + "--test sample:100", "--test-data brings the test set");
  check_refused("simulate --data fashion-mnist:3,3", "fashion-mnist:A,B");
  check_refused("simulate --surrogate isotropic", "only together with --data FILE.npy");
  check_refused("simulate " + files.options() + "--surrogate noise", "answers, isotropic, positions, places");
  check_refused("table", "--data: 'dense' is not allowed");
  check_refused("table --ns 6 " + files.options(), "--test-data: the table needs a test set");
}

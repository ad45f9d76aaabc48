// What 0.1.0 wrote, without a "format" in it, is read: records-0.1.0 holds a run, a sweep, a report and a selection.

#include "tests/support/cli.hpp"

namespace {

const fs::path old_records = BENIGN_TESTS "/proofs_check/commands/records-0.1.0";

/// A copy to work in: plotting writes beside the records.
void copy_to(const fs::path& folder, const char* name) {
  fs::copy(old_records / name, folder / name, fs::copy_options::recursive);
}

}  // namespace

TEST_CASE("records of 0.1.0 have no format, and a configuration that runs and hashes as it did", "[cli][records]") {
  const Json old = Json::parse(read(old_records / "run/simulate.json"));
  REQUIRE(old["version"] == "0.1.0");
  REQUIRE_FALSE(old.contains("format"));
  const Outcome again = benign("simulate --json --config '" + (old_records / "run/simulate.json").string() + "'");
  REQUIRE(again.status == 0);
  const Json now = Json::parse(again.out);
  CHECK(now["format"] == 2);
  CHECK(now["config"] == old["config"]);
  CHECK(now["hash"] == old["hash"]);
  // 0.1.0 took exp and log from the C library, whose last bits depend on the processor; now they do not.
  const auto as_it_was = [](const Json& x, const Json& y) {
    return std::abs(x.get<double>() - y.get<double>()) <= 1e-14 * std::abs(y.get<double>());
  };
  for (const char* key : {"train_accuracy", "train_loss", "mu_plus_q", "mu_minus_q", "q_norm2"})
    CHECK(as_it_was(now[key], old[key]));
  for (const char* group : {"clean", "noisy"}) CHECK(as_it_was(now["attention"][group], old["attention"][group]));
}

TEST_CASE("figures are drawn from records of 0.1.0", "[cli][records]") {
  const TemporaryFolder folder;
  for (const char* name : {"run", "sweep", "report", "construct"}) {
    copy_to(folder.path, name);
    const Outcome drawn = benign("plot '" + (folder.path / name).string() + "'");
    INFO(name << ": " << drawn.err);
    CHECK(drawn.status == 0);
    long pictures = 0;
    for (const auto& entry : fs::directory_iterator(folder.path / name))
      pictures += entry.path().extension() == ".svg" || entry.path().extension() == ".png";
    CHECK(pictures > 0);
  }
}

TEST_CASE("a sweep of 0.1.0 is not gone on with", "[cli][records]") {
  const TemporaryFolder folder;
  copy_to(folder.path, "sweep");
  const std::string before = read(folder.path / "sweep/cells.jsonl");
  const Outcome refused = benign("phase --n 4 --T 3 --steps 20 --x d=20:40:2 --y mu=2:8:2 --seeds 2 --resume --out '" +
                                 (folder.path / "sweep").string() + "'");
  CHECK(refused.status == 2);
  CHECK(refused.err.find("another build") != std::string::npos);
  CHECK(read(folder.path / "sweep/cells.jsonl") == before);
}

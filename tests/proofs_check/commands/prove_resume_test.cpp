// benign prove --out and --resume: a proof that was interrupted ends as it would have, and goes on from nothing else.

#include "tests/support/cli.hpp"

namespace {

const std::string long_run =
    "prove --n 4 --T 4 --d 30 --mu 3 --steps 1100 --claim 'loss_fall>0' --claim 'train_loss never rises' "
    "--claim 'train_loss<0.64@50' --at 60 --out ";
const std::string flow =
    "prove --flow --n 4 --T 4 --d 30 --mu 3 --seed 1 --tau-max 1.2 --claim 'log_s_fit<9' --claim 'train_loss<0.6' "
    "--out ";
const std::string range = "prove --n 4 --T 4 --d 30 --mu 2.99:3.01 --steps 50 --claim 'loss_fall>0' --out ";

Json ended(const std::string& line) {
  const Outcome outcome = benign(line + " --json");
  CAPTURE(outcome.err);
  REQUIRE((outcome.status == 0 || outcome.status == 1));
  Json json = Json::parse(outcome.out);
  json.erase("wall_s");
  return json;
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

using Ordered = nlohmann::ordered_json;

/// Sealed as what this proof found, by sha256sum, another program.
std::string sealed(const Ordered& content, const std::string& proof, const std::string& folder) {
  write_text(folder + "/content", Ordered::parse(read(proof)).dump() + "\n" + content.dump());
  return Ordered{{"sha256", shell("sha256sum " + folder + "/content").out.substr(0, 64)}, {"content", content}}.dump();
}

}  // namespace

TEST_CASE("prove: an interrupted descent goes on from where it stood", "[cli][prove]") {
  const TemporaryFolder folder;
  const std::string out = folder.path / "proof", state = out + "/state.json";
  const Json whole = ended(long_run + out);
  Json result = Json::parse(read(out + "/result.json"));
  result.erase("wall_s");
  CHECK(result == whole);
  Ordered stood = Ordered::parse(read(state))["content"];
  CHECK(stood["descent"]["step"] == 1024);  // where the last leg ended
  CHECK(ended(long_run + out + " --resume") == whole);

  // It is the state that it goes on from: one that may be far from the descent proves less.
  stood["descent"]["run"]["distance"] = "1p-3";
  write_text(state, sealed(stood, out + "/proof.json", folder.path));
  const Outcome wide = benign(long_run + out + " --resume --json --digits-max 31");
  CHECK(wide.status == 2);  // other options
  const Outcome far = benign(long_run + out + " --resume --json");
  CHECK(far.status != 2);
  CHECK(Json::parse(far.out)["bits"].get<long>() > whole["bits"].get<long>());

  check_refused(long_run + out, "--resume to go on with the one that is there");
  check_refused(long_run + out + " --resume --seed 5", "'config' differs");
  check_refused(long_run + out + " --resume --claim 'train_loss>0'", "'claims' differs");
  std::string damaged = read(state);
  damaged[damaged.find("distance") + 14] ^= 1;
  write_text(state, damaged);
  check_refused(long_run + out + " --resume", "damaged");
  check_refused("prove --resume", "only together with --out");
}

TEST_CASE("prove: an interrupted flow goes on from where it stood", "[cli][prove]") {
  const TemporaryFolder folder;
  const std::string out = folder.path / "proof", state = out + "/state.json";
  const Json whole = ended(flow + out);
  Ordered stood = Ordered::parse(read(state))["content"];
  CHECK(stood["flow"]["steps"] == 32);  // where the last leg ended
  CHECK(!stood["flow"]["events"]["fit"]["by"].is_null());
  CHECK(ended(flow + out + " --resume") == whole);

  const auto resumed = [&](const Ordered& forged) {
    write_text(state, sealed(forged, out + "/proof.json", folder.path));
    return Json::parse(benign(flow + out + " --resume --json").out);
  };
  // A flow that may be elsewhere has a wider loss, and an event is what the record says of it.
  Ordered forged = stood;
  forged["flow"]["distance"]["value"] = "1p-30";
  CHECK(resumed(forged)["claims"][1]["upper"] != whole["claims"][1]["upper"]);
  forged = stood;
  forged["flow"]["events"]["fit"]["by"] = forged["flow"]["time"];
  CHECK(resumed(forged)["claims"][0]["upper"] != whole["claims"][0]["upper"]);
}

TEST_CASE("prove: an interrupted range looks at no piece again", "[cli][prove]") {
  const TemporaryFolder folder;
  const std::string out = folder.path / "proof", pieces = out + "/pieces.jsonl";
  const Json whole = ended(range + out);
  const std::vector<std::string> lines = lines_of(read(pieces));
  REQUIRE(lines.size() > 3);
  write_text(pieces, lines[0] + "\n" + lines[1] + "\n" + lines[2].substr(0, 40) + "\n");
  CHECK(ended(range + out + " --resume --threads 1") == whole);
  CHECK(lines_of(read(pieces)) == lines);
}

// benign report and list --long at their command lines.

#include "tests/support/cli.hpp"

namespace {

/// A folder with reports of two settings in it.
void two_settings(const fs::path& folder) {
  REQUIRE(benign("check --only assumption,lemma --out " + (folder / "one").string() + " " + small).status == 0);
  REQUIRE(benign("check --only assumption --d 2000 --mu 20 --out " + (folder / "two").string()).status == 0);
}

}  // namespace

TEST_CASE("report writes one page and says where it is", "[cli][report]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  two_settings(folder.path);
  const Outcome outcome = benign("report " + dir);
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.find("5 proved") != std::string::npos);
  CHECK(outcome.out.find(dir + "/report.html") != std::string::npos);
  const std::string html = read(folder.path / "report.html");
  CHECK(html.starts_with("<!doctype html>"));
  CHECK(html.ends_with("</html>\n"));

  const Json json = Json::parse(benign("report --json " + dir + " --out " + dir + "/page.html").out);
  CHECK(json["page"] == dir + "/page.html");
  CHECK(json["bytes"] == fs::file_size(folder.path / "page.html"));
  REQUIRE(json["settings"].size() == 2);
  CHECK(json["settings"][0]["name"] == "one");
  CHECK(json["settings"][0]["verdicts"]["proved"] == 5);
  CHECK(json["settings"][1]["verdicts"]["violated"] == 0);
}

TEST_CASE("report takes folders of any name", "[cli][report]") {
  const TemporaryFolder folder;
  two_settings(folder.path);
  fs::rename(folder.path / "two", folder.path / "t\xffw\no");
  const Outcome told = benign("report " + folder.path.string());
  CHECK(told.status == 0);
  CHECK(lines_of(told.out).size() == 10);  // four for each setting, surprises, and where the page is
  const Outcome outcome = benign("report --json " + folder.path.string());
  CHECK(outcome.status == 0);
  CHECK(Json::parse(outcome.out)["settings"].size() == 2);
}

TEST_CASE("report reads what older versions wrote", "[cli][report]") {
  const TemporaryFolder folder;
  const std::string old = std::string(BENIGN_TESTS) + "/proofs_check/commands/records-0.1.0/report";
  CHECK(benign("report " + old + " --out " + (folder.path / "page.html").string()).status == 0);
}

TEST_CASE("report refuses what it cannot read or write in one line", "[cli][report]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  check_refused("report " + dir + "/none", "DIR");
  check_refused("report " + dir, "benign check --out");
  two_settings(folder.path);
  check_refused("report " + dir + " --out ''", "--out");
  check_refused("report " + dir + " --out " + dir, "--out");
  check_refused("report " + dir + " --out " + dir + "/none/page.html", "--out");
  write(folder.path / "two/check.json", "{\"checks\": 1}");
  check_refused("report " + dir, "two/check.json");
  CHECK_FALSE(fs::exists(folder.path / "report.html"));
}

TEST_CASE("without Graphviz report says so, and an older page stays", "[cli][report]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  two_settings(folder.path);
  write(folder.path / "report.html", "older");
  const Outcome without = benign("report " + dir, "PATH=/nonexistent");
  CHECK(without.status == 4);
  CHECK(without.out.empty());
  CHECK(without.err.find("graphviz") != std::string::npos);
  CHECK(std::count(without.err.begin(), without.err.end(), '\n') == 1);
  CHECK(read(folder.path / "report.html") == "older");
  CHECK(benign("report " + dir).status == 0);
  CHECK(read(folder.path / "report.html") != "older");
}

TEST_CASE("list --long tells all about a check, and its example decides it", "[cli][list]") {
  const Outcome outcome = benign("list --long theorem.existence");
  REQUIRE(outcome.status == 0);
  for (const char* part :
       {"theorem.existence (theorem)", "statement", "token 3 of every flipped sample", "C = 1: the paper says small",
        "[S] v1 Theorem 4.1", "section 2.3", "assumption.A1, assumption.A2, event.norms", "fig1.benign, fig1.harmful"})
    CHECK(outcome.out.find(part) != std::string::npos);
  for (const char* id : {"lemma.attention", "gap.noisy_selects", "invariant.zero_sum", "law.delay"}) {
    const std::string text = benign(std::string("list --long ") + id).out;
    const auto at = text.find("benign check ");
    REQUIRE(at != std::string::npos);
    const Json report = Json::parse(benign(text.substr(at + 7, text.find('\n', at) - at - 7) + " --json").out);
    REQUIRE(report["checks"].size() == 1);
    INFO(id);
    CHECK(report["checks"][0]["verdict"] != "vacuous");
    for (const Json& hypothesis : report["checks"][0]["hypotheses"])
      CHECK(text.find(hypothesis["statement"].get<std::string>()) != std::string::npos);
  }
  CHECK(lines_of(benign("list lemma").out).size() == 6);
  const Json json = Json::parse(benign("list --json law.delay").out);
  CHECK(json["checks"][0]["used_by"] == Json({"theorem.benign.stage1", "theorem.benign.stage2"}));
  check_refused("list --long", "an id is missing");
  check_refused("list nothing", "benign list");
}

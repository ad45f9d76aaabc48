// What the page of `benign report` is made of: text that cannot become tags, reports that are read or refused, the map
// that Graphviz lays out, and sentences with their numbers.

#include "proofs_check/page/collection.hpp"
#include "proofs_check/page/graph.hpp"
#include "proofs_check/page/html.hpp"
#include "proofs_check/page/page.hpp"
#include "proofs_check/page/summary.hpp"
#include "proofs_check/page/typesetting.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "tests/support/files.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace page = benign::proofs::page;
using benign::proofs::Unfinished;
using benign::proofs::UsageError;
using PageJson = benign::sim::Json;

namespace {

PageJson check_of(const std::string& id, const std::string& verdict, double margin = 0.5) {
  return {{"id", id},       {"verdict", verdict}, {"expected", "holds"}, {"margin", margin},
          {"error", 1e-12}, {"scale", 1},         {"constant", 0.05},    {"statement", "statement of " + id}};
}

page::Setting setting_of(const std::vector<PageJson>& checks) {
  return {"low_signal", {{"config", {{"d", 4500}, {"mu", 5}}}, {"checks", checks}}};
}

std::string refusal_of(const std::string& text) {
  try {
    page::parse_report("FILE", text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what a file says becomes no tag", "[page]") {
  CHECK(page::escaped("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
  const PageJson hostile = {{"text", "</script><!--\xff"}};
  const std::string script = page::script_json(hostile);
  CHECK_FALSE(has(script, "<"));
  CHECK(PageJson::parse(script)["text"] == "</script><!--\xef\xbf\xbd");
}

TEST_CASE("base64 is that of RFC 4648", "[page]") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) CHECK(page::base64(bytes) == text);
  CHECK(page::base64(std::string("\x00\xff\xfe", 3)) == "AP/+");
}

TEST_CASE("a template is filled once, and a number keeps its digits", "[page]") {
  CHECK(page::filled("<{{a}}|{{b}}>", {{"a", "{{b}}"}, {"b", "2"}}) == "<{{b}}|2>");
  CHECK_THROWS_AS(page::filled("{{a}}", {}), std::logic_error);
  CHECK(page::number_html(0.0533566338298643) == "<data class=\"num\" value=\"0.0533566338298643\">0.0534</data>");
  CHECK(has(page::number_html(-3.6834144e-12), ">−3.68×10<sup>−12</sup><"));
  CHECK(page::number_html(nullptr) == "–");
}

TEST_CASE("a damaged report is refused with its fault", "[page]") {
  CHECK(refusal_of(R"({"checks": [{"id": "a.b", "verdict": "holds"}]})").empty());  // older ones wrote less
  CHECK(has(refusal_of("{\"checks\": [{\"id\""), "FILE: not a report"));
  CHECK(has(refusal_of("[]"), "not a report"));
  CHECK(has(refusal_of(R"({"checks": [{"verdict": "holds"}]})"), "check number 1 of its list has no id"));
  CHECK(has(refusal_of(R"({"checks": [{"id": "a", "verdict": "true"}]})"), "no verdict"));
  CHECK(has(refusal_of(R"({"checks": [{"id": "a", "verdict": "holds", "margin": "1"}]})"), "margin that is no number"));
  CHECK(has(refusal_of(R"({"checks": [{"id": "a", "verdict": "holds", "command": 1}]})"), "command that is no text"));
  CHECK(has(refusal_of(R"({"checks": [{"id": "a", "verdict": "holds", "hypotheses": [1]}]})"), "hypotheses"));
  CHECK(has(refusal_of(R"({"checks": [{"id": "a", "verdict": "holds"}, {"id": "a", "verdict": "holds"}]})"), "twice"));
  CHECK(has(refusal_of(R"({"config": 1, "checks": []})"), "config is no object"));
}

TEST_CASE("a folder is looked into two deep, and pictures of margins that are here anyway are left out", "[page]") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(page::collect(folder.path), UsageError);
  CHECK_THROWS_AS(page::collect(folder.path / "none"), UsageError);
  fs::create_directories(folder.path / "b/c/d");
  const std::string report = R"({"checks": [{"id": "a.b", "verdict": "holds"}]})";
  for (const char* at : {"check.json", "b/check.json", "b/c/check.json", "b/c/d/check.json"})
    write(folder.path / at, report);
  for (const char* at : {"b/margins.svg", "b/phase.png", "b/notes.txt", "b/c/margins.gp", "b/c/d/x.svg"})
    write(folder.path / at, "x");
  fs::create_directories(folder.path / "sweep");
  write(folder.path / "sweep/cells.jsonl", "");
  const auto found = page::collect(folder.path);
  REQUIRE(found.settings.size() == 3);
  CHECK(found.settings[0].name == folder.path.filename());
  CHECK(found.settings[1].name == "b");
  CHECK(found.settings[2].name == "b/c");
  REQUIRE(found.pictures.size() == 1);
  CHECK(found.pictures[0].name == "b/phase.png");
  CHECK(found.undrawn == std::vector<std::string>{"sweep"});
  write(folder.path / "b/check.json", "{");
  CHECK_THROWS_WITH(page::collect(folder.path), Catch::Contains("b/check.json"));
}

TEST_CASE("a layout of Graphviz is read whole or refused", "[page]") {
  const std::string text =
      "graph 1 2 1\nnode n0 0.5 0.75 1 0.5 \"\" solid box black lightgrey\nnode n1 1.5 0.25 1 0.5 \"\" solid box black "
      "lightgrey\nedge n0 n1 4 1 0.75 1.1 0.7 1.2 0.6 1.3 0.5 solid black\nstop\n";
  const auto layout = page::parse_plain(text, 2);
  CHECK(layout.width == 144);
  CHECK(layout.nodes[0].centre.y == 18);  // pixels from above
  CHECK(layout.nodes[1].centre.x == 108);
  REQUIRE(layout.edges.size() == 1);
  CHECK(layout.edges[0].points.size() == 4);
  CHECK_THROWS_AS(page::parse_plain(text, 3), Unfinished);
  CHECK_THROWS_AS(page::parse_plain(text, 1), Unfinished);
  CHECK_THROWS_AS(page::parse_plain("", 1), Unfinished);
  CHECK_THROWS_AS(page::parse_plain("graph 1 2 1\nnode n0 0.5\n", 1), Unfinished);
  CHECK_THROWS_AS(page::parse_plain("graph 1 2 1\nnode n0;rm 0.5 1 1 1\n", 1), Unfinished);
}

TEST_CASE("the map has every check inside it, none on another, and an edge for each use", "[page]") {
  const auto statements = page::statements_of({});
  const auto layout = page::lay_out(statements, true);
  std::size_t uses = 0;
  for (const auto& one : statements) uses += one.uses.size();
  CHECK(layout.edges.size() == uses);
  for (const auto& edge : layout.edges) {
    const auto& from = statements[edge.from].id;
    const auto& of = statements[edge.to].uses;
    CHECK(std::find(of.begin(), of.end(), from) != of.end());
  }
  for (std::size_t k = 0; k < layout.nodes.size(); ++k) {
    const auto& a = layout.nodes[k];
    INFO(statements[k].id);
    CHECK(a.centre.x - a.width / 2 > -1);
    CHECK(a.centre.x + a.width / 2 < layout.width + 1);
    CHECK(a.centre.y - a.height / 2 > -1);
    CHECK(a.centre.y + a.height / 2 < layout.height + 1);
    for (std::size_t j = 0; j < k; ++j) {
      const auto& b = layout.nodes[j];
      CHECK((std::abs(a.centre.x - b.centre.x) >= (a.width + b.width) / 2 - 1 ||
             std::abs(a.centre.y - b.centre.y) >= (a.height + b.height) / 2 - 1));
    }
  }
}

TEST_CASE("a check that the registry has not stays visible, whatever its name", "[page]") {
  const auto setting = setting_of({check_of("mine.\"><b>", "holds"), check_of("lemma.growth", "proved")});
  const auto statements = page::statements_of({setting});
  CHECK(statements.back().id == "mine.\"><b>");
  const std::string maps = page::maps_html(statements), sentences = page::sentences_html({setting});
  for (const std::string& html : {maps, sentences}) {
    CHECK(has(html, "mine.&quot;&gt;&lt;b&gt;"));
    CHECK_FALSE(has(html, "<b>"));
  }
}

TEST_CASE("sentences say what holds, assumptions first", "[page]") {
  auto vacuous = check_of("assumption.A1", "vacuous", -0.95), harmful = check_of("theorem.harmful", "vacuous");
  harmful["hypotheses"] = {{{"statement", "SNR < 1 & more"}, {"met", false}}, {{"statement", "seen"}, {"met", true}}};
  auto refuted = check_of("fig3.harmful.test", "violated", -1);
  const auto html = page::sentences_html({setting_of({harmful, refuted, check_of("assumption.A2", "holds"), vacuous})});
  CHECK(has(html, "d = 4500, ‖μ‖ = 5"));
  CHECK(html.find("A1 is not met") < html.find("theorem.harmful"));
  CHECK(has(html, "A2 is met"));
  CHECK(has(html, "says nothing about this setting"));
  CHECK(has(html, "Of 4 checks 1 holds, 1 is violated and 2 are vacuous (a hypothesis is not met)."));
  CHECK(has(html, "not met: SNR &lt; 1 &amp; more."));
  CHECK(has(html, "Is violated (expected: holds)"));
  CHECK(has(html, "Otherwise than expected"));
  refuted["expected"] = "violated";
  CHECK(has(page::sentences_html({setting_of({refuted})}), "Nothing is otherwise than expected"));
  const auto met =
      page::sentences_html({setting_of({check_of("assumption.A1", "holds"), check_of("assumption.A2", "holds")})});
  CHECK(has(met, "is claimed of this"));
  // A report of an older version without statements: the registry has them.
  CHECK(has(page::sentences_html(
                {{"old", PageJson::parse(R"({"checks": [{"id": "theorem.harmful", "verdict": "undecided"}]})")}}),
            "all training labels are fitted at the end of the run"));
}

TEST_CASE("formulas' fonts are in the page, and a machine without KaTeX is told so", "[page]") {
  const auto katex = page::typesetting();
  CHECK(has(katex.style, "data:font/woff2;base64,"));
  CHECK_FALSE(has(katex.style, "url(fonts"));
  CHECK_FALSE(has(katex.script, "</script"));
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(page::typesetting(folder.path), Catch::Contains("libjs-katex"));
}

TEST_CASE("the page holds all that it was given, and stays light", "[page]") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path / "a");
  write(folder.path / "a/check.json", PageJson{{"checks", {check_of("lemma.growth", "proved")}}}.dump());
  write(folder.path / "a/small.svg", "<svg/>"), write(folder.path / "a/large.png", std::string(1'600'000, 'x'));
  const std::string html = page::page_html(page::collect(folder.path));
  CHECK(has(html, "data:image/svg+xml;base64,PHN2Zy8+"));
  CHECK(has(html, "Left out, so that the page stays light: <code>a/large.png</code>"));
  CHECK(html.size() < 3'000'000);
  CHECK(html.ends_with("</html>\n"));
  for (const char* part : {"style", "script", "data", "overview", "sentences", "maps", "pictures", "version"})
    CHECK_FALSE(has(html, "{{" + std::string(part) + "}}"));
}

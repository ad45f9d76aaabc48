// The story of a job in a few lines: what it says, and that what surprises is in it.

#include "proofs_check/page/story.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace benign;
using sim::Json;

namespace {

Json a_check(const std::string& id, const std::string& verdict, const std::string& observed = "", double margin = 1) {
  return {{"id", id},
          {"verdict", verdict},
          {"expected", "holds"},
          {"margin", margin},
          {"error", 0.1},
          {"constant", 0.25},
          {"hypotheses", {{{"statement", "h"}, {"met", verdict != "vacuous"}}}},
          {"observed", observed}};
}

proofs::page::Setting low_signal(const std::string& verdict) {
  return {
      "low signal",
      {{"config", {{"d", 4500}, {"mu", 5}, {"n", 20}}},
       {"regime", {{"name", "harmful overfitting"}}},
       {"checks",
        {a_check("assumption.A1", "vacuous"), a_check("fig3.harmful.test", verdict, "mean 0.871 +- 0.003 (sd 0.005)"),
         a_check("theorem.harmful", "vacuous", "", -1), a_check("theorem.benign.stage1", "vacuous", "", -1)}}}};
}

bool tells(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("story: expected, seen, assumptions and counts, in four lines a setting", "[report]") {
  const std::string story = proofs::page::story_text({low_signal("holds")});
  CHECK(tells(story, "low signal (d = 4500, |mu| = 5, n = 20): expected harmful overfitting (the paper's Figure 3)\n"));
  CHECK(tells(story, "  seen         test accuracy 0.871 +- 0.003\n"));
  CHECK(tells(story, "  assumptions  unmet: A1 (up to C = 0.25)"));
  CHECK(tells(story, "  checks       0 proved, 1 holds, 0 violated, 0 undecided, 3 vacuous\n"));
  CHECK(tells(story, "Surprises: none"));
  CHECK(
      tells(story, "Fails where its hypotheses are unmet: low signal: theorem.harmful\n"));  // not the benign regime's
  const std::string five = proofs::page::story_text(std::vector<proofs::page::Setting>(5, low_signal("holds")));
  CHECK(std::count(five.begin(), five.end(), '\n') <= 23);
}

TEST_CASE("story: what is violated or undecided surprises, and a report without keys is read", "[report]") {
  CHECK(tells(proofs::page::story_text({low_signal("violated")}), "Surprises: low signal: fig3.harmful.test\n"));
  CHECK(tells(proofs::page::story_text({low_signal("undecided")}), "Surprises: low signal: fig3.harmful.test\n"));
  const std::string old = proofs::page::story_text({{"old", {{"checks", {{{"id", "x"}, {"verdict", "holds"}}}}}}});
  CHECK(tells(old, "1 holds"));
  CHECK(tells(old, "Surprises: none"));
}

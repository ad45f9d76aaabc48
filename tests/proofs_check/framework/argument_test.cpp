// The argument's map: what a check builds on is there and never comes back to it, its derivation is a section of
// theory/THEORY.md, and its statement is there as TeX.

#include "proofs_check/framework/check.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

using namespace benign::proofs;

namespace {

std::map<std::string, const Check*> checks_by_id() {
  std::map<std::string, const Check*> found;
  for (const Check& check : registry()) found[check.id] = &check;
  return found;
}

/// The numbers that headings of the document begin with.
std::set<std::string> sections_of(const char* document) {
  std::ifstream file(document);
  std::set<std::string> found;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("##")) {
      const auto from = line.find_first_of("0123456789");
      if (from != std::string::npos) found.insert(line.substr(from, line.find(' ', from) - from));
    }
  return found;
}

}  // namespace

TEST_CASE("what a check builds on is in the registry, named once", "[checks][argument]") {
  const auto checks = checks_by_id();
  for (const Check& check : registry()) {
    INFO(check.id);
    CHECK(std::set<std::string>(check.uses.begin(), check.uses.end()).size() == check.uses.size());
    for (const std::string& id : check.uses) {
      INFO(id);
      CHECK(checks.count(id) == 1);
      const auto users = users_of(id);
      CHECK(std::count(users.begin(), users.end(), check.id) == 1);
    }
  }
}

TEST_CASE("no check builds on itself by any way", "[checks][argument]") {
  // What is left once all that builds on nothing left is taken away again and again.
  auto left = checks_by_id();
  for (bool taken = true; taken;) {
    taken = std::erase_if(left, [&](const auto& entry) {
              const auto& uses = entry.second->uses;
              return std::none_of(uses.begin(), uses.end(), [&](const std::string& id) { return left.count(id) > 0; });
            }) > 0;
  }
  for (const auto& [id, check] : left) FAIL_CHECK(id << " is on a circle, or builds on one");
}

TEST_CASE("every check has its statement as TeX and the section that derives it", "[checks][argument]") {
  const auto sections = sections_of(BENIGN_THEORY);
  REQUIRE(sections.size() > 40);
  REQUIRE(sections.count("5.11") == 1);
  for (const Check& check : registry()) {
    INFO(check.id);
    CHECK_FALSE(check.tex.empty());
    CHECK(std::count(check.tex.begin(), check.tex.end(), '{') == std::count(check.tex.begin(), check.tex.end(), '}'));
    INFO("section " << check.derivation);
    CHECK(sections.count(check.derivation) == 1);
  }
}

TEST_CASE("nothing below an assumption, and theorems stand on assumptions or laws", "[checks][argument]") {
  for (const Check& check : registry()) {
    INFO(check.id);
    CHECK(check.assumption == (kind_of(check.id) == CheckKind::assumption));
    if (check.assumption) CHECK(check.uses.empty());
    if (kind_of(check.id) == CheckKind::theorem || kind_of(check.id) == CheckKind::figure)
      CHECK_FALSE(check.uses.empty());
  }
}

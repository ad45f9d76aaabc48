// What tells a new user where to go on: help in all its spellings, and versions.

#include "tests/support/cli.hpp"

TEST_CASE("help: without a word, by word and by option it is the same, and it has examples", "[cli]") {
  const Outcome bare = benign("");
  CHECK(bare.status == 0);
  CHECK(bare.err.empty());
  for (const char* line : {"check", "simulate", "prove", "Examples:", "benign help COMMAND"})
    CHECK(bare.out.find(line) != std::string::npos);
  for (const char* spelling : {"help", "--help", "-h"}) CHECK(benign(spelling).out == bare.out);
  for (const std::string command :
       {"check", "construct", "diagnose", "list", "phase", "plot", "prove", "simulate", "table"}) {
    const Outcome help = benign("help " + command);
    CHECK(help.status == 0);
    CHECK(help.out == benign(command + " --help").out);
    CHECK(bare.out.find("\n  " + command + " ") != std::string::npos);
  }
}

TEST_CASE("help: versions", "[cli]") {
  const Outcome version = benign("--version");
  CHECK(version.status == 0);
  CHECK(version.out.starts_with("0.1.0\n"));
  for (const char* spelling : {"version", "-v"}) CHECK(benign(spelling).out == version.out);
}

TEST_CASE("help: defaults are those that apply to the command", "[cli]") {
  const std::string given = benign("diagnose --help").out, drawn = benign("simulate --help").out;
  CHECK(given.find("--n the file's") != std::string::npos);
  CHECK(drawn.find("--n 20") != std::string::npos);
}

// Odd names, empty environments, dumb terminals, full and closed outputs, ignored signals: what a user would expect.

#include "tests/support/cli.hpp"
#include "tests/support/npy_files.hpp"

#include <unistd.h>

namespace {

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\n') || c == 127; });
}

/// Runs it on a terminal of its own, and gives what the terminal was sent.
std::string on_terminal(const std::string& environment, const std::string& command) {
  return shell(environment + " script -qefc " + quoted(command) + " /dev/null </dev/null").out;
}

/// Whether this machine makes terminals: a bare root without /dev/pts does not.
bool has_terminals() {
  if (on_terminal("TERM=xterm", "echo here").find("here") != std::string::npos) return true;
  WARN("no terminal can be made here: nothing is said of terminals");
  return false;
}

}  // namespace

TEST_CASE("surroundings: a folder's name may be any bytes, and its pictures are drawn with labels as text",
          "[cli][surroundings]") {
  const TemporaryFolder folder;
  int k = 0;
  for (const std::string& name :
       {std::string("a\xff\xc3(z"), std::string("new\nline"), std::string("esc\x1b[31m"), std::string("apo'stro"),
        std::string("back\\slash"), std::string("quote\"s"), std::string("a{_b}^2&@~"), std::string("odyss\u00e9e"),
        std::string("line\u2028separator"), std::string("amp&<x>"), std::string("@DATA"), std::string("-dash"),
        std::string("`touch x`"), std::string("csi\u009b31m")}) {
    const fs::path pair = folder.path / std::to_string(k++), run = pair / name;
    fs::create_directory(pair);
    INFO(run.string());
    const std::string word = quoted(run.string());
    REQUIRE(benign("simulate --every 5 --out " + word + " " + small).status == 0);
    // A run alone, and beside another by its name in the title.
    fs::copy(run, pair / "b", fs::copy_options::recursive);
    for (const fs::path& drawn : {run, pair}) {
      const Outcome outcome = benign("plot " + quoted(drawn.string()));
      CHECK(outcome.status == 0);
      CHECK(outcome.out == (drawn / "attention.svg").string() + "\n" + (drawn / "learning.svg").string() + "\n");
      const std::string picture = read(drawn / "attention.svg");
      CHECK_FALSE(has_control(picture.substr(0, picture.find('\t'))));
      // As an XML of valid UTF-8, and with every row of data a row.
      CHECK(shell("/usr/bin/python3 -c 'import sys,xml.dom.minidom as m; m.parse(sys.argv[1])' " +
                  quoted((drawn / "attention.svg").string()))
                .status == 0);
      for (const auto& line : lines_of(read(drawn / "attention.tsv")))
        CHECK((line.empty() || line[0] == '#' || (line[0] >= '0' && line[0] <= '9')));
    }
    fs::remove(run / "series.jsonl"), fs::create_directory(run / "series.jsonl");
    const Outcome refused = benign("simulate --out " + word + " " + small);
    CHECK(refused.status == 2);
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    CHECK_FALSE(has_control(refused.err));
  }
}

TEST_CASE("surroundings: on a terminal no name moves the cursor", "[cli][surroundings]") {
  if (!has_terminals()) return;
  const TemporaryFolder folder;
  const std::string name = (folder.path / "esc\x1b[31m\x07").string();
  REQUIRE(benign("simulate --every 5 --out " + quoted(name) + " " + small).status == 0);
  for (const std::string& command :
       {"plot " + quoted(name), "plot " + quoted(name + "x"),
        "phase --n 4 --T 3 --steps 5 --x d=20:40:2 --y mu=2:8:2 --out " + quoted(name + "y")}) {
    const std::string seen = on_terminal("TERM=xterm", quoted(BENIGN_PROGRAM) + " " + command);
    INFO(seen);
    CHECK(seen.find("esc?[31m?") != std::string::npos);
    CHECK(seen.find("esc\x1b") == std::string::npos);
  }
}

TEST_CASE("surroundings: a path that records cannot hold is refused with a remedy", "[cli][surroundings]") {
  const TemporaryFolder folder;
  std::vector<double> x(4 * 3 * 2, 1.0);
  const std::string data = (folder.path / "x\xff.npy").string(), labels = folder.path / "y.npy";
  write(data, npy("<f8", "(4, 3, 2)", bytes_of(x)));
  write(labels, npy("<i8", "(4,)", bytes_of(std::vector<std::int64_t>{0, 1, 0, 1})));
  for (const std::string command : {"simulate --json --steps 2", "simulate --steps 2", "diagnose --json"})
    check_refused(command + " --data " + quoted(data) + " --labels " + labels, "--data");
}

TEST_CASE("surroundings: environments without anything, terminals without colours", "[cli][surroundings]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  const Outcome bare = benign("simulate --every 5 --out " + dir + " " + small, "env -i");
  CHECK(bare.status == 0);
  CHECK(bare.out.find("train accuracy") != std::string::npos);
  CHECK(benign("plot " + dir, "env -i").status == 0);  // programs are found as a shell finds them

  if (!has_terminals()) return;
  const std::string check = quoted(BENIGN_PROGRAM) + " check --only assumption " + small,
                    long_run =
                        "timeout 1.5 " + quoted(BENIGN_PROGRAM) + " simulate --n 6 --T 3 --d 20 --steps 10000000";
  struct Case {
    std::string environment;
    bool colours, bar;
  };
  for (const auto& [environment, colours, bar] : std::vector<Case>{{"TERM=xterm", true, true},
                                                                   {"TERM=xterm NO_COLOR=", true, true},
                                                                   {"TERM=xterm NO_COLOR=1", false, true},
                                                                   {"TERM=dumb", false, false},
                                                                   {"TERM=", false, false},
                                                                   {"env -u TERM", false, false}}) {
    INFO(environment);
    CHECK((on_terminal(environment, check).find("\x1b[") != std::string::npos) == colours);
    CHECK((on_terminal(environment, long_run).find("simulate [") != std::string::npos) == bar);
  }
}

TEST_CASE("surroundings: full and closed outputs", "[cli][surroundings]") {
  const std::string program = quoted(BENIGN_PROGRAM);
  for (const std::string words : {"--help", "--version", "list", "list --json", "simulate --help", "phase --help",
                                  "simulate --json", "check --only assumption", "construct --b 1", "prove --steps 2"}) {
    const std::string arguments = words.ends_with("--help") || words == "--version" || words.starts_with("list")
                                      ? words
                                      : words + " " + (words.starts_with("simulate") ? small : small_data);
    INFO("benign " << arguments);
    const Outcome full = shell(program + " " + arguments + " >/dev/full");
    CHECK(full.status == 4);
    CHECK(full.err.find("standard output: No space left on device") != std::string::npos);
    CHECK(std::count(full.err.begin(), full.err.end(), '\n') == 1);

    // A reader that has gone: the end of any other program, without a word; an error where SIGPIPE is ignored.
    const Outcome status = shell(
        "bash -c " + quoted("{ sleep 0.1; exec " + program + " " + arguments + "; } | true; exit ${PIPESTATUS[0]}"));
    CHECK(status.status == 141);
    CHECK(status.err.empty());
    const Outcome ignored = shell("bash -c " + quoted("trap '' PIPE; { sleep 0.1; exec " + program + " " + arguments +
                                                      "; } | true; exit ${PIPESTATUS[0]}"));
    CHECK(ignored.status == 4);
    CHECK(std::count(ignored.err.begin(), ignored.err.end(), '\n') == 1);
  }
}

TEST_CASE("surroundings: signals that are ignored stay ignored", "[cli][surroundings]") {
  const std::string run = " " + quoted(BENIGN_PROGRAM) + " simulate --n 6 --T 3 --d 20 --steps 10000000";
  for (const char* signal : {"INT", "TERM", "HUP"}) {
    INFO(signal);
    // A program that the signal did not end is ended a moment later, with status 137.
    const auto sent = [&](const std::string& disposition) {
      return shell("env --" + disposition + "-signal=" + signal + run + " & sleep 0.3; kill -" + signal +
                   " $!; sleep 0.3; kill -9 $! 2>/dev/null; wait $!")
          .status;
    };
    CHECK(sent("ignore") == 137);
    CHECK(sent("default") == (std::string(signal) == "INT" ? 130 : std::string(signal) == "TERM" ? 143 : 129));
  }
  const TemporaryFolder folder;
  REQUIRE(benign("simulate --every 5 --out " + folder.path.string() + " " + small).status == 0);
  CHECK(benign("plot " + folder.path.string(), "env --ignore-signal=CHLD").status == 0);
}

TEST_CASE("surroundings: a limit of memory is named before the work begins", "[cli][surroundings]") {
  const Outcome outcome = benign("simulate --d 2e4 --n 200 --T 20", "ulimit -v 500000;");
  INFO(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  CHECK(outcome.err.find("fits in memory") != std::string::npos);
}

TEST_CASE("surroundings: records of two runs in one file are refused", "[cli][surroundings]") {
  const TemporaryFolder folder;
  const fs::path series = folder.path / "series.jsonl";
  REQUIRE(benign("simulate --every 5 --out " + folder.path.string() + " " + small).status == 0);
  const auto lines = lines_of(read(series));
  REQUIRE(benign("simulate --every 5 --seed 9 --out " + folder.path.string() + " " + small).status == 0);
  const auto others = lines_of(read(series));
  struct Case {
    std::string text;
    int line;
  };
  for (const auto& [text, line] : std::vector<Case>{{lines[0] + "\n" + others[1] + "\n", 2},
                                                    {lines[0] + "\n" + lines[1] + "\n" + lines[1] + "\n", 3},
                                                    {lines[1] + "\n" + lines[0] + "\n", 2}}) {
    write(series, text);
    check_refused("plot " + folder.path.string(), "series.jsonl:" + std::to_string(line));
  }
}

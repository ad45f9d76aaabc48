// Every file and picture is whole or absent, on a full disk and where a program is killed, and an older one is never
// lost to a newer one that failed.

#include "tests/support/cli.hpp"
#include "tests/support/npy_files.hpp"

#include <cmath>
#include <map>

namespace {

/// Whether this machine lets us mount a disk of a size of our own.
bool may_mount() { return shell("unshare -m sh -c 'mount -t tmpfs -o size=4k none /tmp'").status == 0; }

/// Whether the text ends as a file of its kind does.
bool is_whole(const std::string& name, const std::string& text) {
  const std::string kind = fs::path(name).extension();
  const auto ends = [&](const std::string& end) {
    const auto last = text.find_last_not_of(" \n");
    return last != std::string::npos && text.substr(0, last + 1).ends_with(end);
  };
  if (kind == ".svg") return ends("</svg>");
  if (kind == ".html") return ends("</html>");
  if (kind == ".pdf") return ends("%%EOF");
  if (kind == ".png") return ends(std::string("IEND\xae\x42\x60\x82"));
  if (text.empty() || text.back() != '\n') return false;
  if (kind == ".json") return Json::accept(text);
  const auto lines = lines_of(text);
  return kind != ".jsonl" ||
         std::all_of(lines.begin(), lines.end(), [](const auto& line) { return Json::accept(line); });
}

struct Case {
  std::string arguments;           // @ stands for the folder on the disk that is full
  std::vector<std::string> files;  // what it writes there
  std::string before = "";         // written to the disk as it is
};

/// Runs it on a disk of `pages` pages of 4 kB, where each of its files has a predecessor; looks at what is left.
Outcome on_small_disk(const Case& one, int pages, const fs::path& left) {
  const TemporaryFolder mount;
  std::string arguments = one.arguments, script;
  const std::string at = mount.path.string();
  for (std::size_t k; (k = arguments.find('@')) != std::string::npos;) arguments.replace(k, 1, at);
  script = "mount -t tmpfs -o size=" + std::to_string(4 * pages) + "k none " + at + " || exit 99\n";
  if (!one.before.empty()) script += "cp " + one.before + "/* " + at + " || exit 98\n";
  for (const auto& file : one.files) script += "printf older >" + at + "/" + file + " || exit 98\n";
  script += quoted(BENIGN_PROGRAM) + " " + arguments + "\nstatus=$?\ncp -a " + at + "/. " + left.string() +
            "\nexit $status\n";
  return shell("unshare -m sh -c " + ::quoted(script));
}

std::vector<Case> cases_in(const fs::path& folder) {
  const std::string run = (folder / "run").string(), report = (folder / "report").string(),
                    cells = (folder / "cells").string();
  REQUIRE(benign("simulate --every 5 --out " + run + " " + small).status == 0);
  REQUIRE(benign("check --only assumption,invariant --out " + report + " " + small).status == 0);
  REQUIRE(benign("phase --n 4 --T 3 --steps 5 --x d=20:40:2 --y mu=2:8:2 --out " + cells).status == 0);
  fs::remove(folder / "run/simulate.json"), fs::remove(folder / "cells/timings.jsonl");

  std::vector<double> x;
  std::vector<std::int64_t> y;
  for (int k = 0; k < 12 * 3 * 6; ++k) x.push_back(std::sin(k * k));
  for (int i = 0; i < 12; ++i) y.push_back(i % 2);
  const std::string data = folder / "x.npy", labels = folder / "y.npy";
  write(data, npy("<f8", "(12, 3, 6)", bytes_of(x))), write(labels, npy("<i8", "(12,)", bytes_of(y)));

  std::vector<Case> cases = {
      {"simulate --every 1 --out @ " + small, {"series.jsonl", "simulate.json"}},
      {"construct --b 0.1,1 --out @ " + small_data, {"selection.jsonl"}},
      {"check --only assumption,invariant --out @ " + small, {"check.json"}},
      {"report " + report + " --out @/page.html", {"page.html"}},
      {"check --only assumption,invariant --write-baseline @/b.json " + small, {"b.json"}},
      {"prove --certificate @/c.json --steps 3 " + small_data, {"c.json"}},
      {"table --ns 8 --etas 0,0.25 --seeds 2 --steps 5 --out @ --data " + data + " --labels " + labels +
           " --test-data " + data + " --test-labels " + labels,
       {"table.json"}},
  };
  for (const std::string kind : {"svg", "png", "pdf"}) {
    const auto figure = [&](const std::string& name) {
      return std::vector<std::string>{name + ".tsv", name + ".gp", name + "." + kind};
    };
    const auto figures = [&](const std::string& a, const std::string& b) {
      auto both = figure(a);
      for (const auto& file : figure(b)) both.push_back(file);
      return both;
    };
    cases.push_back({"plot @ --format " + kind, figures("attention", "learning"), run});
    cases.push_back({"plot @ --format " + kind, figure("margins"), report});
    cases.push_back({"plot @ --format " + kind, figures("phase", "phase_paper"), cells});
  }
  return cases;
}

}  // namespace

TEST_CASE("a full disk: every file is whole, or its predecessor is there, with one line and status 4", "[cli][files]") {
  if (!may_mount()) {
    WARN("Only root may mount a small disk: the test of full disks is left out");
    return;
  }
  const TemporaryFolder folder;
  for (const Case& one : cases_in(folder.path)) {
    bool failed = false, finished = false;
    for (const int pages : {1, 2, 3, 5, 6, 8, 12, 16, 24, 200}) {
      const TemporaryFolder left;
      const Outcome outcome = on_small_disk(one, pages, left.path);
      INFO("benign " << one.arguments << " on " << 4 * pages << " kB\n" << outcome.err);
      if (outcome.status == 98) continue;  // not even the predecessors fit
      REQUIRE((outcome.status == 0 || outcome.status == 3 || outcome.status == 4));
      (outcome.status == 4 ? failed : finished) = true;
      CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == (outcome.status == 4 ? 1 : 0));
      bool one_is_older = false;
      for (const auto& file : one.files) {
        const std::string text = read(left.path / file);
        INFO(file << ", " << text.size() << " bytes");
        one_is_older = one_is_older || text == "older";
        CHECK((text == "older" || is_whole(file, text)));
      }
      CHECK(one_is_older == (outcome.status == 4));
      for (const auto& entry : fs::directory_iterator(left.path)) CHECK(entry.path().extension() != ".part");
    }
    INFO("benign " << one.arguments);
    CHECK(failed);
    CHECK(finished);
  }
}

TEST_CASE("a full disk: what a sweep has found stays, and goes on to the same bytes", "[cli][files]") {
  if (!may_mount()) return;
  const TemporaryFolder folder;
  const std::string sweep = "phase --n 4 --T 3 --steps 5 --x d=20:40:3 --y mu=2:8:4 ";
  REQUIRE(benign(sweep + "--out " + (folder.path / "whole").string()).status == 0);
  for (const int pages : {1, 2, 3, 4, 6}) {
    const TemporaryFolder left;
    const Outcome outcome = on_small_disk({sweep + "--threads 1 --out @", {}}, pages, left.path);
    INFO(4 * pages << " kB\n" << outcome.err);
    CHECK(outcome.status == 4);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    for (const auto& entry : fs::directory_iterator(left.path)) {
      const std::string text = read(entry.path());
      CHECK((text.empty() || is_whole(entry.path(), text)));
    }
    REQUIRE(benign(sweep + "--resume --out " + left.path.string()).status == 0);
    CHECK(read(left.path / "cells.jsonl") == read(folder.path / "whole/cells.jsonl"));
  }
}

TEST_CASE("plot without gnuplot, or with one that fails, leaves the older picture", "[cli][files]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(benign("simulate --every 5 --out " + dir + " " + small).status == 0);
  REQUIRE(benign("plot " + dir).status == 0);
  const std::string older = read(folder.path / "attention.svg");
  fs::create_directory(folder.path / "bin");
  for (const std::string& program : {std::string(), std::string("exit 1"), std::string("kill -9 $$")}) {
    if (!program.empty()) {
      write(folder.path / "bin/gnuplot", "#!/bin/sh\n" + program + "\n");
      fs::permissions(folder.path / "bin/gnuplot", fs::perms::owner_all);
    }
    const Outcome outcome = benign("plot " + dir, "PATH=" + dir + "/bin");
    INFO(program << "\n" << outcome.err);
    CHECK(outcome.status == 4);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    CHECK(read(folder.path / "attention.svg") == older);
  }
}

TEST_CASE("a run that is killed leaves an older series as it was, and nothing for good beside it", "[cli][files]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(benign("simulate --every 5 --out " + dir + " " + small).status == 0);
  const std::string older = read(folder.path / "series.jsonl"), summary = read(folder.path / "simulate.json");
  for (const char* signal : {"KILL", "TERM"}) {
    shell(quoted(BENIGN_PROGRAM) + " simulate --every 1 --steps 1000000 --n 4 --T 3 --d 20 --out " + dir +
          " & sleep 0.3; kill -" + signal + " $!; wait $!");
    CHECK(read(folder.path / "series.jsonl") == older);
    CHECK(read(folder.path / "simulate.json") == summary);
  }
  REQUIRE(benign("simulate --every 5 --out " + dir + " " + small).status == 0);
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 2);
}

// Commands under mpirun.

#include "tests/support/cli.hpp"

namespace {

const std::string mpi_grid = "phase --n 4 --T 3 --x d=20:40:3 --y mu=2:8:4 --seeds 8 ",
                  mpi_sweep = mpi_grid + "--steps 20 ";

// What stands in for a hang: far above what any of these runs takes.
const std::string mpirun =
    "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 timeout 60 mpirun --oversubscribe ";

Outcome on_two_ranks(const std::string& arguments) {
  return shell(mpirun + "-np 2 " + quoted(BENIGN_PROGRAM) + " " + arguments);
}

/// How often `benign phase: ` begins a line.
long spoken(const std::string& text) {
  const auto lines = lines_of(text);
  return std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("benign phase: "); });
}

}  // namespace

TEST_CASE("phase under mpirun writes the bytes that one process writes", "[cli][mpi]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(benign(mpi_sweep + "--out " + dir + "/one").status == 0);
  for (const char* threads : {"1", "2"}) {
    const std::string out = dir + "/two-" + threads;
    const Outcome outcome = on_two_ranks(mpi_sweep + "--json --threads " + threads + " --out " + out);
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
    CHECK(Json::parse(outcome.out)["ranks"] == 2);
    CHECK(read(out + "/cells.jsonl") == read(dir + "/one/cells.jsonl"));
    CHECK(lines_of(read(out + "/timings.jsonl")).size() == 96);
    CHECK(std::distance(fs::directory_iterator(out), {}) == 3);
    CHECK(on_two_ranks(mpi_sweep + "--resume --out " + out).status == 0);
  }
}

TEST_CASE("phase under mpirun: one rank speaks of bad usage, and the job's status is 2", "[cli][mpi]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(benign(mpi_sweep + "--out " + dir + "/finished").status == 0);
  for (const std::string& arguments :
       {mpi_sweep, mpi_sweep + "--nonsense 3 --out " + dir + "/new", mpi_sweep + "--eta 0.7 --out " + dir + "/new",
        mpi_sweep + "--resume --eta 0 --out " + dir + "/finished"}) {
    const Outcome outcome = on_two_ranks(arguments);
    INFO(arguments << "\n" << outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(spoken(outcome.err) == 1);
  }
  CHECK_FALSE(fs::exists(folder.path / "new"));
}

TEST_CASE("phase under mpirun: what one rank refuses, or is given differently, ends all with one message",
          "[cli][mpi]") {
  // Other arguments stand for another machine, with another memory or another file of options.
  const TemporaryFolder folder;
  const std::string out = folder.path / "out";
  const auto rank = [&](const std::string& more) {
    return "-np 1 " + quoted(BENIGN_PROGRAM) + " " + mpi_sweep + "--out " + out + " " + more;
  };
  struct Case {
    std::string first, second, names;
  };
  for (const auto& [first, second, names] : std::vector<Case>{
           {"", "--eta 0.7", "rank 1: --eta: '0.7'"},
           {"--eta 0.7", "", "rank 0: --eta: '0.7'"},
           {"", "--nonsense 3", "rank 1: --nonsense: there is no such option"},
           {"--nonsense 3", "", "rank 0: --nonsense: there is no such option"},
           {"--nonsense 3", "--eta 0.7", "rank 0: --nonsense: there is no such option"},
           {"--eta 0.1", "--eta 0.2", "rank 1 was given other options than rank 0: 'eta' is 0.2 there and 0.1 here"},
           {"--border gap", "", "rank 1 was given other options than rank 0: 'border'"},
           {"", "--resume", "rank 1 was given other options than rank 0: '--resume' is true there and false here"},
       }) {
    const Outcome outcome = shell(mpirun + rank(first) + " : " + rank(second));
    INFO(first << " : " << second << "\n" << outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(spoken(outcome.err) == 1);
    CHECK(outcome.err.find("benign phase: " + names) != std::string::npos);
    CHECK_FALSE(fs::exists(out));
  }
  CHECK(shell(mpirun + rank("--threads 1") + " : " + rank("--threads 2")).status == 0);
}

TEST_CASE("phase under mpirun: a full disk on one rank ends all, and --resume completes the records", "[cli][mpi]") {
  for (const int failing : {0, 1}) {
    const TemporaryFolder folder;
    const std::string command = mpi_grid + "--threads 1 --steps 4000 --out " + folder.path.string();
    const auto rank = [&](bool fails) {
      return "-np 1 sh -c \"" + std::string(fails ? "trap '' XFSZ; ulimit -f 8; " : "") + "exec " +
             quoted(BENIGN_PROGRAM) + " " + command + "\" ";
    };
    // Without the shared memory of ranks, which the limit would hit first.
    const Outcome full = shell(mpirun + "--mca btl self,tcp " + rank(failing == 0) + ": " + rank(failing == 1));
    INFO("rank " << failing << "\n" << full.err);
    CHECK(full.status == 4);
    CHECK(full.out.empty());
    CHECK(spoken(full.err) == 1);
    CHECK(full.err.find("shard-0-" + std::to_string(failing) + "-0.jsonl") != std::string::npos);
    CHECK_FALSE(fs::exists(folder.path / "cells.jsonl"));
    for (const auto& entry : fs::directory_iterator(folder.path))
      if (entry.path().extension() == ".jsonl")
        for (const auto& line : lines_of(read(entry.path()))) CHECK(Json::parse(line, nullptr, false).is_object());
    REQUIRE(benign(command + " --resume").status == 0);
    const TemporaryFolder unbroken;
    REQUIRE(benign(mpi_grid + "--steps 4000 --out " + unbroken.path.string()).status == 0);
    CHECK(read(folder.path / "cells.jsonl") == read(unbroken.path / "cells.jsonl"));
  }
}

TEST_CASE("hunt under mpirun: the points and the worst of them are those of one process", "[cli][mpi]") {
  const TemporaryFolder folder;
  const std::string one = folder.path / "one", two = folder.path / "two",
                    hunt =
                        "hunt gap.clean_above --n 10 --T 4 --steps 100 --over d=400:4000:log --over mu=2:40 "
                        "--budget 40 --C gap.clean_above=0.5 --json ";
  const auto points = [](const std::string& dir) {
    std::vector<std::string> lines = lines_of(read(dir + "/points.jsonl"));
    std::sort(lines.begin(), lines.end());
    return lines;
  };
  const auto found = [](const std::string& text) {
    Json json = Json::parse(text);
    json.erase("wall_s");
    return json;
  };
  const Outcome alone = benign(hunt + "--out " + one);
  REQUIRE(alone.status == 1);
  for (const bool resumed : {false, true}) {
    if (resumed) {  // rank 0 has lost all its points, rank 1 has kept half of them
      const auto lines = lines_of(read(two + "/points.jsonl"));
      std::ofstream kept(two + "/points-1.jsonl");
      for (std::size_t k = 0; k < lines.size(); k += 2) kept << lines[k] << "\n";
      std::ofstream(two + "/points.jsonl") << "{\"at\": {\"d\"";
    }
    const Outcome together = on_two_ranks(hunt + "--threads 1 --out " + two + (resumed ? " --resume" : ""));
    INFO(together.err);
    REQUIRE(together.status == 1);
    CHECK(found(together.out) == found(alone.out));
    CHECK(points(two) == points(one));
    CHECK(std::distance(fs::directory_iterator(two), {}) == std::distance(fs::directory_iterator(one), {}));
  }
}

TEST_CASE("hunt under mpirun: one rank speaks of what is refused", "[cli][mpi]") {
  for (const char* refused : {"hunt gap.clean_above", "hunt gap.clean_above --over mu=2:40 --nonsense 3",
                              "hunt gap.clean_above --over mu=2:40 --resume"}) {
    const Outcome outcome = on_two_ranks(refused);
    INFO(refused << "\n" << outcome.err);
    CHECK(outcome.status == 2);
    const auto lines = lines_of(outcome.err);
    CHECK(std::count_if(lines.begin(), lines.end(), [](const auto& l) { return l.starts_with("benign hunt: "); }) == 1);
  }
}

// proofs_check/run and tests/run on machines that are not ready: what they say, and what they leave.

#include "tests/support/cli.hpp"

#include <unistd.h>

namespace {

/// A tree with the two scripts, and programs that stand for those of the system.
struct Tree {
  TemporaryFolder folder;
  fs::path root = folder.path / "tree", bin = folder.path / "bin";

  Tree() {
    fs::create_directories(root / "proofs_check"), fs::create_directories(root / "tests"), fs::create_directory(bin);
    const fs::path sources = fs::path(BENIGN_TESTS).parent_path();
    for (const char* script : {"proofs_check/run", "proofs_check/prepare.sh", "tests/run"})
      fs::copy_file(sources / script, root / script);
    for (const char* name : {"cmake", "ninja", "ctest"}) program(name, "exit 0");
    program("dpkg-query", "echo installed");
    program("sleep", "echo slept $* >>" + (folder.path / "log").string());
    program("sudo", "exec \"$@\"");
  }
  void program(const std::string& name, const std::string& text) const {
    write(bin / name, "#!/bin/sh\n" + text + "\n");
    fs::permissions(bin / name, fs::perms::all & ~fs::perms::group_write & ~fs::perms::others_write);
  }
  Outcome run(const std::string& script, const std::string& before = "") const {
    return shell(before + " env PATH=" + bin.string() + ":/usr/bin:/bin " + (root / script).string());
  }
  std::string log() const { return read(folder.path / "log"); }
};

}  // namespace

TEST_CASE("scripts: where another program has apt's lock, they say so and wait", "[cli][scripts]") {
  struct Case {
    const char* refusal;
    int times;
    int status;
  };
  for (const auto& [refusal, times, status] :
       {Case{"E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (unattended-upgr)", 2, 0},
        Case{"E: Could not get lock /var/lib/apt/lists/lock. It is held by process 700 (apt-get)", 1, 0},
        Case{"E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?",
             3, 0},
        Case{"E: Could not get lock /var/lib/dpkg/lock", 100000, 4},
        Case{"E: Unable to locate package nonsense", 1, 4}}) {
    const Tree tree;
    const std::string count = tree.folder.path / "count";
    tree.program("dpkg-query", "exit 1");
    tree.program("apt-get", "[ \"$1\" = update ] && exit 0\necho x >>" + count + "\n[ $(wc -l <" + count + ") -gt " +
                                std::to_string(times) + " ] && exit 0\necho \"" + refusal + "\" >&2\nexit 100");
    const Outcome outcome = tree.run("tests/run");
    INFO(refusal << "\n" << outcome.out << outcome.err);
    CHECK(outcome.status == status);
    const bool lock = std::string(refusal).find("lock") != std::string::npos;
    CHECK((outcome.out.find("Waiting for another program") != std::string::npos) == lock);
    const auto waits = lines_of(tree.log());
    CHECK(waits.size() == (status == 0 ? static_cast<std::size_t>(times) : lock ? 120u : 0u));
    for (const auto& wait : waits) CHECK(wait == "slept 5");
  }
}

TEST_CASE("scripts: another user's tree is one line and status 4, without an old log", "[cli][scripts]") {
  if (geteuid() != 0 || shell("setpriv --reuid 65534 --clear-groups true").status != 0) {
    WARN("Only root may be another user: the test of another user's tree is left out");
    return;
  }
  const std::string nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups";
  struct Case {
    bool folder, log, writable;  // what there is, and whether the folder is open to everybody
  };
  for (const auto& [folder, log, writable] :
       {Case{false, false, false}, Case{true, false, false}, Case{true, true, false}, Case{true, true, true}})
    for (const char* script : {"proofs_check/run", "tests/run"}) {
      const Tree tree;
      const fs::path build = tree.root / "build";
      fs::permissions(tree.folder.path, fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
      if (folder) fs::create_directory(build);
      if (log) write(build / "build.log", "an old log\nof another build\n");
      if (writable) fs::permissions(build, fs::perms::all);
      const Outcome outcome = tree.run(script, nobody);
      INFO(script << "\n" << outcome.out << outcome.err);
      CHECK(outcome.status == 4);
      CHECK(outcome.out.empty());
      CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
      CHECK(outcome.err.find("belongs to root") != std::string::npos);
      CHECK(outcome.err.find("old log") == std::string::npos);
    }
}

// benign phase goes on after an interruption, and with nothing but its own records.

#include "tests/support/phase_cli.hpp"

TEST_CASE("phase --resume starts in a missing or empty folder, and has nothing to do in a finished one",
          "[cli][phase]") {
  const TemporaryFolder folder;
  const std::string expected = finished_cells();
  for (const char* name : {"missing", "empty"}) {
    const fs::path out = folder.path / name;
    if (name == std::string("empty")) fs::create_directory(out);
    REQUIRE(benign(sweep + "--resume --out " + out.string()).status == 0);
    CHECK(read(out / "cells.jsonl") == expected);
  }
  const auto before = contents(folder.path / "empty");
  const auto written = fs::last_write_time(folder.path / "empty/cells.jsonl");
  const Outcome again = benign(sweep + "--json --resume --out " + (folder.path / "empty").string());
  REQUIRE(again.status == 0);
  CHECK(Json::parse(again.out)["done_before"] == 24);
  CHECK(Json::parse(again.out)["cells"].size() == 12);
  CHECK(contents(folder.path / "empty") == before);
  CHECK(fs::last_write_time(folder.path / "empty/cells.jsonl") == written);
  // A signal after the records were written may leave shards behind.
  write(folder.path / "empty/shard-0-0-0.jsonl", "");
  CHECK(benign(sweep + "--resume --out " + (folder.path / "empty").string()).status == 0);
  CHECK(contents(folder.path / "empty") == before);
}

TEST_CASE("phase: a full disk ends with status 4 and valid records, and --resume completes them", "[cli][phase]") {
  const TemporaryFolder folder;
  const Outcome full = interrupted(folder.path);
  INFO(full.err);
  CHECK(full.status == 4);
  CHECK(full.out.empty());
  CHECK(std::count(full.err.begin(), full.err.end(), '\n') == 1);
  CHECK(full.err.find("shard-0-0-0.jsonl") != std::string::npos);
  const long done = valid_shard_lines(folder.path);
  CHECK(done > 0);
  CHECK(done < 24);
  CHECK_FALSE(fs::exists(folder.path / "cells.jsonl"));
  const Outcome resumed = benign(sweep + "--resume --json --out " + folder.path.string());
  REQUIRE(resumed.status == 0);
  CHECK(Json::parse(resumed.out)["done_before"] == done);
  CHECK(read(folder.path / "cells.jsonl") == finished_cells());
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 3);
}

TEST_CASE("phase: a full disk while records are merged loses nothing", "[cli][phase]") {
  // Room for each shard, a new one at every try, and not for the records of all.
  const TemporaryFolder folder;
  const std::string command = sweep + "--out " + folder.path.string();
  REQUIRE(interrupted(folder.path).status == 4);
  long done = valid_shard_lines(folder.path);
  for (int k = 0; k < 10 && done < 24; ++k) {
    CHECK(benign(command + " --resume --threads 1", "trap '' XFSZ; ulimit -f 16;").status == 4);
    CHECK(valid_shard_lines(folder.path) > done);
    done = valid_shard_lines(folder.path);
  }
  REQUIRE(done == 24);
  const Outcome full = benign(command + " --resume", "trap '' XFSZ; ulimit -f 16;");
  CHECK(full.status == 4);
  CHECK(full.err.find("cells.jsonl") != std::string::npos);
  CHECK(valid_shard_lines(folder.path) == 24);
  CHECK_FALSE(fs::exists(folder.path / "cells.jsonl"));
  REQUIRE(benign(command + " --resume").status == 0);
  CHECK(read(folder.path / "cells.jsonl") == finished_cells());
}

TEST_CASE("phase --resume drops a last line that was cut off", "[cli][phase]") {
  const TemporaryFolder folder;
  REQUIRE(interrupted(folder.path).status == 4);
  const fs::path shard = folder.path / "shard-0-0-0.jsonl";
  const std::string text = read(shard);
  for (const std::size_t kept : {text.size() - 1, text.size() - 30, std::size_t(7)}) {
    write(shard, text.substr(0, kept));
    const TemporaryFolder copy;
    fs::copy(folder.path, copy.path, fs::copy_options::recursive);
    const Outcome resumed = benign(sweep + "--resume --json --out " + copy.path.string());
    INFO(resumed.err);
    REQUIRE(resumed.status == 0);
    const std::string whole = text.substr(0, kept);
    CHECK(Json::parse(resumed.out)["done_before"] == std::count(whole.begin(), whole.end(), '\n'));
    CHECK(read(copy.path / "cells.jsonl") == finished_cells());
  }
}

TEST_CASE("phase --resume refuses what is not this sweep's, names file and line, and changes nothing", "[cli][phase]") {
  const TemporaryFolder folder;
  const std::string dir = folder.path.string();
  REQUIRE(interrupted(folder.path).status == 4);
  const auto original = contents(folder.path);
  const auto restore = [&] {
    for (const auto& entry : fs::directory_iterator(folder.path)) fs::remove(entry.path());
    for (const auto& [name, text] : original) write(folder.path / name, text);
  };
  const auto refused = [&](const std::string& arguments, const std::string& names) {
    const auto before = contents(folder.path);
    check_refused(arguments + " --resume --out " + dir, names);
    CHECK(contents(folder.path) == before);
    restore();
  };
  const auto lines = lines_of(original.at("shard-0-0-0.jsonl"));
  REQUIRE(lines.size() > 3);
  const auto with_line = [&](std::size_t k, const std::string& line) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) text += (i == k ? line : lines[i]) + '\n';
    return text;
  };
  const auto edited = [&](const char* key, const Json& value) {
    Json line = Json::parse(lines[2]);
    line[key] = value;
    return line.dump();
  };

  SECTION("another sweep on the command line") {
    refused("phase " + grid + "--seeds 3", "phase.json:");
    refused(sweep + "--eta 0.3", "'\"eta\": 0.2,', and '\"eta\": 0.3,' here");
    refused(sweep + "--seed 7", "phase.json:");
    refused(sweep + "--flow", "phase.json:");
    refused(sweep + "--border gap", "phase.json:");
    refused("phase --n 4 --T 3 --steps 20 --seeds 2 --x d=20:50:3 --y mu=2:8:4", "phase.json:");
    refused("phase --n 4 --T 3 --steps 20 --seeds 2 --x d=20:40:3 --y mu=2:8:4:log", "phase.json:");
  }
  SECTION("another phase.json") {
    Json description = Json::parse(original.at("phase.json"));
    description["build"] = "Debug";
    write(folder.path / "phase.json", description.dump(2));
    refused(sweep, "phase.json:2: '\"build\": \"Debug\",'");
    write(folder.path / "phase.json", original.at("phase.json").substr(0, 40));
    refused(sweep, "phase.json:1: not JSON");
    fs::remove(folder.path / "phase.json");
    refused(sweep, "phase.json:1: not there");
  }
  SECTION("another line of a shard") {
    for (const auto& [key, value] : {std::pair<const char*, Json>{"build", "Debug"},
                                     {"version", "0.0.1"},
                                     {"compiler", "Borland 1"},
                                     {"hash", "0123456789abcdef"},
                                     {"seed", 7},
                                     {"precision", "mp50"},
                                     {"route", "direct"}}) {
      write(folder.path / "shard-0-0-0.jsonl", with_line(2, edited(key, value)));
      refused(sweep, "shard-0-0-0.jsonl:3: '" + std::string(key) + "' is");
    }
    for (const auto& [key, value] : {std::pair<const char*, Json>{"unit", 24},
                                     {"unit", -1},
                                     {"unit", 0.5},
                                     {"unit", "a"},
                                     {"seconds", nullptr},
                                     {"found", 3}}) {
      write(folder.path / "shard-0-0-0.jsonl", with_line(2, edited(key, value)));
      refused(sweep, "shard-0-0-0.jsonl:3: no");
    }
    for (const char* line : {"", "{", "{\"unit\": 1}", "[]", "3", "null", "not JSON", "{\"config\": {\"n\""}) {
      write(folder.path / "shard-0-0-0.jsonl", with_line(2, line));
      refused(sweep, "shard-0-0-0.jsonl:3: not a record");
    }
  }
  SECTION("a cut line in one shard, and another build's in a later one") {
    write(folder.path / "shard-0-0-0.jsonl", original.at("shard-0-0-0.jsonl") + "{\"unit");
    write(folder.path / "shard-1-0-0.jsonl", edited("build", "Debug") + '\n');
    refused(sweep, "shard-1-0-0.jsonl:1: 'build' is \"Debug\"");
  }
  SECTION("other records of a finished sweep") {
    REQUIRE(benign(sweep + "--resume --out " + dir).status == 0);
    const std::string cells = read(folder.path / "cells.jsonl");
    const auto finish = [&](const std::string& text) {
      restore();
      fs::remove(folder.path / "shard-0-0-0.jsonl");
      write(folder.path / "cells.jsonl", text);
    };
    finish(cells.substr(0, cells.size() - 1));
    refused(sweep, "cells.jsonl:12: cut off");
    finish(cells.substr(0, cells.find('\n') + 1));
    refused(sweep, "cells.jsonl:2: cut off");
    finish("");
    refused(sweep, "cells.jsonl:1: cut off");
    finish("nonsense\n" + cells.substr(cells.find('\n') + 1));
    refused(sweep, "cells.jsonl:1: not a record");
    std::string other = cells;
    other.replace(other.find("\"build\":\"") + 9, 3, "Deb");
    finish(other);
    refused(sweep, "cells.jsonl:1: a record of another build");
  }
}

TEST_CASE("phase: Ctrl-C ends with status 130, SIGTERM with 143, and --resume goes on", "[cli][phase]") {
  const TemporaryFolder folder;
  const std::string out = " --out " + folder.path.string();
  const std::string long_sweep = "phase --n 4 --T 3 --steps 2000 --x d=20:400:20 --y mu=2:8:20 --resume" + out;
  long done = 0;
  for (const auto& [signal, status] : {std::pair{"INT", 130}, {"TERM", 143}}) {
    const Outcome outcome = benign(long_sweep, std::string("timeout -s ") + signal + " --preserve-status 0.4");
    CHECK(outcome.status == status);
    CHECK(outcome.out.empty());
    CHECK(valid_shard_lines(folder.path) > done);
    done = valid_shard_lines(folder.path);
  }
  CHECK(done < 400);
}

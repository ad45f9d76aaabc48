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
    const std::string remedy = " out, as --resume reads it from there, or give --out another folder";
    refused("phase " + grid + "--seeds 3", "phase.json: --seeds is 2 there and 3 here; leave --seeds" + remedy);
    refused(sweep + "--eta 0.3", "--eta is 0.2 there and 0.3 here; leave --eta" + remedy);
    refused("phase --eta 0.3", "--eta is 0.2 there and 0.3 here");
    refused(sweep + "--seed 7", "--seed is 42 there and 7 here");
    refused(sweep + "--flow", "--flow is not given there and true here");
    refused(sweep + "--border gap", "--border is not given there");
    refused("phase --n 4 --T 3 --steps 20 --seeds 2 --x d=20:50:3 --y mu=2:8:4",
            "--x is \"d\" from 20.0 to 40.0 in 3 equal steps there and \"d\" from 20.0 to 50.0");
    refused("phase --n 4 --T 3 --steps 20 --seeds 2 --x d=20:40:3 --y mu=2:8:4:log", "4 equal ratios here");
  }
  SECTION("another phase.json") {
    Json description = Json::parse(original.at("phase.json"));
    description["build"] = "Debug";
    write(folder.path / "phase.json", description.dump(2));
    refused(sweep, "phase.json: 'build' is \"Debug\" there");
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
  SECTION("a unit that is there twice: the same counts once, another is refused") {
    write(folder.path / "shard-1-0-0.jsonl", lines[1] + '\n' + lines[2] + '\n');
    REQUIRE(benign(sweep + "--resume --out " + dir).status == 0);
    CHECK(read(folder.path / "cells.jsonl") == finished_cells());
    restore();
    Json found = Json::parse(lines[2])["found"];
    found["train_loss"] = 0.125;
    write(folder.path / "shard-1-0-0.jsonl", edited("found", found) + '\n');
    refused(sweep, "shard-1-0-0.jsonl:1: unit " + Json::parse(lines[2])["unit"].dump() + " is there twice");
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

TEST_CASE("phase --resume without the options of the sweep goes on with them", "[cli][phase]") {
  for (const std::string& options :
       {std::string("--seeds 2 --x d=20:40:3 --y mu=2:8:4 --steps 20"),
        std::string("--x d=1e2:1e4:5:log --y snr=0.1:1:3:log --flow --log-s-max 4 --eta 0.25 --infinite-time"),
        std::string("--border test_loss --x d=1e4:1e6:3:log --y nsnr2=0.01:10:5:log --steps 30 --seeds 2"),
        std::string("--border gap --x log-s-max=1:9:3 --y kappa=0.5:3:4 --mu 30 --d 1e5 --flow")}) {
    const TemporaryFolder folder;
    const fs::path whole = folder.path / "whole", part = folder.path / "part";
    INFO(options);
    REQUIRE(benign("phase --n 4 --T 3 " + options + " --out " + whole.string()).status == 0);
    const fs::path records = fs::exists(whole / "cells.jsonl") ? "cells.jsonl" : "border.jsonl";
    fs::create_directory(part);
    fs::copy(whole / "phase.json", part);  // as a kill leaves it that came at once
    const Outcome resumed = benign("phase --resume --out " + part.string());
    INFO(resumed.err);
    CHECK(resumed.status == 0);
    CHECK(read(part / records) == read(whole / records));
  }
}

TEST_CASE("phase: two at once where locks do nothing leave the bytes of one", "[cli][phase]") {
  const std::string unlocked = "LD_PRELOAD=" + quoted(BENIGN_NO_LOCKS) + " ";
  for (int k = 0; k < 3; ++k) {
    const TemporaryFolder folder;
    const std::string command =
        unlocked + quoted(BENIGN_PROGRAM) + " " + sweep + "--resume --threads 2 --out " + folder.path.string();
    const Outcome outcome = shell(command + " & " + (k ? "sleep 0.0" + std::to_string(2 * k) + "; " : "") + command +
                                  "; s=$?; wait $!; echo $s $? >&2");
    INFO(outcome.err);
    CHECK(outcome.err == "0 0\n");
    CHECK(read(folder.path / "cells.jsonl") == finished_cells());
    CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 3);
  }
}

TEST_CASE("simulate: two at once into one folder leave the whole records of one", "[cli]") {
  const TemporaryFolder folder;
  const std::string command = quoted(BENIGN_PROGRAM) + " simulate --n 4 --T 3 --d 20 --steps 3000 --every 10 --out " +
                              folder.path.string() + " --seed ";
  REQUIRE(shell(command + "1 & " + command + "2; wait $!").status == 0);
  const auto lines = lines_of(read(folder.path / "series.jsonl"));
  CHECK(lines.size() == 301);
  const Json seed = Json::parse(lines.front())["seed"];
  for (const auto& line : lines) CHECK(Json::parse(line)["seed"] == seed);
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 2);
}

TEST_CASE("plot: an unfinished sweep is drawn as far as it goes, and says how far", "[cli][phase][plot]") {
  const TemporaryFolder cells, borders;
  REQUIRE(interrupted(cells.path).status == 4);
  const long done = valid_shard_lines(cells.path);
  const Outcome drawn = benign("plot " + cells.path.string());
  INFO(drawn.err);
  REQUIRE(drawn.status == 0);
  const std::string says = "unfinished, " + std::to_string(done) + " of 24";
  CHECK(read(cells.path / "phase.svg").find(says) != std::string::npos);
  CHECK(valid_shard_lines(cells.path) == done);  // and goes on as if nobody had looked
  CHECK(benign(sweep + "--resume --out " + cells.path.string()).status == 0);
  CHECK(read(cells.path / "cells.jsonl") == finished_cells());

  const std::string command =
      "phase --n 4 --T 3 --border gap --x log-s-max=4:12:4 --y nsnr2=1e-2:10:4:log --d 1e6 "
      "--flow --seeds 2 --out ";
  const fs::path whole = borders.path / "whole", part = borders.path / "part";
  REQUIRE(benign(command + whole.string()).status == 0);
  REQUIRE(benign(command + part.string(), "trap '' XFSZ; ulimit -f 4;").status == 4);
  const Outcome border = benign("plot " + part.string());
  INFO(border.err);
  CHECK(border.status == 0);
}

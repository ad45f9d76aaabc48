#pragma once
// Small sweeps at the command line, whole and interrupted, and what they leave behind.

#include "tests/support/cli.hpp"

#include <map>

/// Twelve cells with two seeds, in a moment.
inline const std::string grid = "--n 4 --T 3 --steps 20 --x d=20:40:3 --y mu=2:8:4 ";
inline const std::string sweep = "phase " + grid + "--seeds 2 ";

/// The contents of a folder, by name of file.
inline std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::directory_iterator(folder)) all[entry.path().filename()] = read(entry.path());
  return all;
}

inline std::string finished_cells() {
  const TemporaryFolder folder;
  REQUIRE(benign(sweep + "--out " + folder.path.string()).status == 0);
  return read(folder.path / "cells.jsonl");
}

/// Lines in shards, each of which must be whole and valid.
inline long valid_shard_lines(const fs::path& folder) {
  long count = 0;
  for (const auto& [name, text] : contents(folder)) {
    if (!name.starts_with("shard-")) continue;
    CHECK((text.empty() || text.back() == '\n'));
    for (const auto& line : lines_of(text)) {
      CHECK(Json::parse(line, nullptr, false).is_object());
      ++count;
    }
  }
  return count;
}

/// A sweep that a full disk ends, in `folder`: a limit on the size of files stands for the disk.
inline Outcome interrupted(const fs::path& folder) {
  return benign(sweep + "--threads 1 --out " + folder.string(), "trap '' XFSZ; ulimit -f 16;");
}

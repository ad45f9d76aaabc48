#pragma once
// What a folder holds for the page: reports of checks (check.json), pictures, and sweeps that have or lack pictures.

#include "sim/runs/config_json.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace benign::proofs::page {

struct Setting {
  std::string name;  ///< of its folder, from the folder that was asked for
  sim::Json report;  ///< what 'benign check --out' wrote
};

struct Picture {
  std::filesystem::path path;
  std::string name;  ///< its path from the folder that was asked for
  std::uintmax_t bytes = 0;
};

struct Collection {
  std::filesystem::path folder;
  std::vector<Setting> settings;
  std::vector<Picture> pictures;
  std::vector<std::string> undrawn;  ///< folders with cells.jsonl or border.jsonl, and no picture
};

/// The folder and its subfolders, up to two deep, in the order of their names. A picture of margins is left out where
/// the report that it shows is there. Throws UsageError where a report is damaged, or nothing is there to report.
Collection collect(const std::filesystem::path& folder);

/// Throws UsageError naming `where` unless the text is a report of checks, of this version or an older one.
sim::Json parse_report(const std::string& where, const std::string& text);

/// The whole file. Throws Unfinished where it cannot be read.
std::string file_bytes(const std::filesystem::path& path);

}  // namespace benign::proofs::page

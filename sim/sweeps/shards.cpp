#include "sim/sweeps/shards.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>

namespace benign::sim {
namespace {

namespace fs = std::filesystem;

constexpr const char* description_name = "phase.json";
constexpr const char* conclusion_name = "fit.json";
constexpr const char* timings_name = "timings.jsonl";
constexpr const char* shard_prefix = "shard-";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> shards_of(const fs::path& folder) {
  std::vector<fs::path> paths;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().filename().string().starts_with(shard_prefix) && entry.path().extension() == ".jsonl")
        paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Calls look(line, its number) for every whole line; returns whether the file ends with one.
template <class Look>
bool for_each_line(const fs::path& path, const Look& look) {
  std::ifstream file(path, std::ios::binary);
  long number = 1;
  for (std::string line; std::getline(file, line); ++number) {
    if (file.eof()) return false;
    look(line, number);
  }
  return true;
}

[[noreturn]] void refuse(const fs::path& path, long line, const std::string& why) {
  throw NotResumable(path.string() + ":" + std::to_string(line) + ": " + why);
}

/// What makes a record one of `config`, or of another build or configuration.
void compare_provenance(const fs::path& path, long number, const Json& line, const RunConfig& config) {
  const Json own = provenance_json(config);
  for (const auto& [key, value] : own.items())
    if (!line.contains(key) || line[key] != value)
      refuse(path, number,
             "'" + key + "' is " + (line.contains(key) ? line[key].dump() : "missing") + ", and " + value.dump() +
                 " here: records of another " + (key == "hash" || key == "seed" ? "configuration" : "build"));
}

Json parse(const fs::path& path, long number, const std::string& text) {
  Json line = Json::parse(text, nullptr, false);
  if (!line.is_object()) refuse(path, number, "not a record");
  return line;
}

/// Runs take() on what stands in a line, which refuses the line if that is not what the sweep writes.
template <class Take>
void taking(const fs::path& path, long number, const Take& take) {
  try {
    take();
  } catch (const Json::exception& error) {
    refuse(path, number, std::string("not a record of this sweep: ") + error.what());
  }
}

/// "d from 20 to 40, 3 values", or any other value as it stands in JSON.
std::string shown(const Json& value) {
  if (value.is_null()) return "not given";
  if (!value.is_object() || !value.contains("values")) return value.dump();
  const Json &values = value["values"], log = value.value("log", Json());
  if (!values.is_array() || values.empty()) return value.dump();
  return value["name"].dump() + " from " + values.front().dump() + " to " + values.back().dump() + " in " +
         std::to_string(values.size()) + (log == true ? " equal ratios" : " equal steps");
}

/// Throws NotResumable where the two differ in `key`, of which `option` is the name on the command line.
void compare(const fs::path& path, const Json& there, const Json& here, const std::string& key,
             const std::string& option) {
  const Json theirs = there.value(key, Json()), own = here.value(key, Json());
  if (theirs == own) return;
  throw NotResumable(path.string() + ": " + option + " is " + shown(theirs) + " there and " + shown(own) + " here; " +
                     (option.starts_with("--") ? "leave " + option + " out, as --resume reads it from there, or"
                                               : "that is another build:") +
                     " give --out another folder");
}

void compare_description(const fs::path& path, const Sweep& sweep) {
  if (!fs::exists(path)) refuse(path, 1, "not there: nothing tells which sweep the records belong to");
  const Json there = Json::parse(read(path), nullptr, false), here = sweep.description();
  if (!there.is_object()) refuse(path, 1, there.is_discarded() ? "not JSON" : "not a sweep");
  const Json config = there.value("config", Json());
  if (!config.is_object()) refuse(path, 1, "not a sweep");
  for (const char* const build : {"version", "source", "flags", "build", "compiler"})
    compare(path, there, here, build, std::string("'") + build + "'");
  for (const auto* configuration : {&config, &here["config"]})
    for (const auto& [key, value] : configuration->items()) compare(path, config, here["config"], key, "--" + key);
  for (const auto& [key, option] : {std::pair{"x", "--x"},
                                    {"y", "--y"},
                                    {"seeds", "--seeds"},
                                    {"border", "--border"},
                                    {"infinite_time", "--infinite-time"},
                                    {"check", "--check"},
                                    {"delta", "--delta"},
                                    {"constants", "--C"},
                                    {"model", "--model"}})
    compare(path, there, here, key, option);
  for (const auto* description : {&there, &here})
    for (const auto& [key, value] : description->items())
      if (key != "config") compare(path, there, here, key, "'" + key + "'");
}

}  // namespace

std::string shard_line(const Sweep& sweep, long unit, const Json& found, double seconds) {
  const RunConfig config = sweep.config(unit);
  Json line = {{"unit", unit}, {"seconds", seconds}, {"config", config_json(config)}};
  line.update(provenance_json(config));
  line["found"] = found;
  return line.dump();
}

bool holds_sweep(const fs::path& folder) {
  return fs::exists(folder / description_name) || fs::exists(folder / "cells.jsonl") ||
         fs::exists(folder / "border.jsonl") || !shards_of(folder).empty();
}

void for_each_unit(const fs::path& folder, const Sweep& sweep,
                   const std::function<void(long, const Json&, double)>& take) {
  if (!holds_sweep(folder)) return;
  compare_description(folder / description_name, sweep);
  std::map<long, std::size_t> seen;  // a hash of what each unit found
  for (const auto& path : shards_of(folder))
    for_each_line(path, [&](const std::string& text, long number) {
      const Json line = parse(path, number, text);
      const auto unit = line.find("unit"), seconds = line.find("seconds"), found = line.find("found");
      if (unit == line.end() || !unit->is_number_integer() || seconds == line.end() || !seconds->is_number() ||
          found == line.end() || !found->is_object())
        refuse(path, number, "not a record");
      const long at = *unit;
      if (at < 0 || at >= sweep.units()) refuse(path, number, "no unit of this sweep");
      compare_provenance(path, number, line, sweep.config(at));
      // Where locks do nothing two processes may have done the same unit: they found the same.
      const std::size_t hash = std::hash<std::string>()(found->dump());
      if (const auto [place, first] = seen.try_emplace(at, hash); !first && place->second != hash)
        refuse(path, number, "unit " + std::to_string(at) + " is there twice, and not the same; remove the wrong line");
      taking(path, number, [&] { take(at, *found, *seconds); });
    });
}

bool is_merged(const fs::path& folder, const Sweep& sweep) {
  const auto path = folder / sweep.records();
  if (!fs::exists(path)) return false;
  long lines = 0;
  const Json own = sweep.description();
  const bool whole = for_each_line(path, [&](const std::string& text, long number) {
    lines = number;
    const Json line = parse(path, number, text);
    for (const char* key : {"version", "build", "compiler"})
      if (!line.contains(key) || line[key] != own[key]) refuse(path, number, "a record of another build");
  });
  if (lines != sweep.lines() || !whole)
    refuse(path, lines + 1, "cut off: this sweep has " + std::to_string(sweep.lines()) + " whole lines");
  return true;
}

void for_each_record(const fs::path& folder, const Sweep& sweep, const std::function<void(const Json&)>& take) {
  const auto path = folder / sweep.records();
  for_each_line(path, [&](const std::string& text, long number) {
    taking(path, number, [&] { take(parse(path, number, text)); });
  });
}

void with_conclusion(const fs::path& folder, const std::function<void(const Json&)>& take) {
  const auto path = folder / conclusion_name;
  if (fs::exists(path)) taking(path, 1, [&] { take(parse(path, 1, read(path))); });
}

Json read_description(const fs::path& folder) {
  const auto path = folder / description_name;
  const Json json = fs::exists(path) ? Json::parse(read(path), nullptr, false) : Json();
  return json.is_discarded() ? Json() : json;
}

bool holds_shards(const fs::path& folder) { return !shards_of(folder).empty(); }

void for_each_shard_line(const fs::path& folder, const std::function<void(const Json&)>& take) {
  for (const auto& path : shards_of(folder))
    for_each_line(path, [&](const std::string& text, long) {
      if (const Json line = Json::parse(text, nullptr, false); line.is_object()) take(line);
    });
}

void describe_sweep(const fs::path& folder, const Sweep& sweep) {
  if (!fs::exists(folder / description_name)) write_whole(folder / description_name, sweep.description().dump(2));
}

void write_record_files(const fs::path& folder, const Sweep& sweep, const std::string& timings, const Json& conclusion,
                        const std::string& records) {
  write_whole(folder / timings_name, timings);
  if (!conclusion.is_null()) write_whole(folder / conclusion_name, conclusion.dump(2));
  write_whole(folder / sweep.records(), records);
}

void remove_shards(const fs::path& folder) {
  for (const auto& path : shards_of(folder)) fs::remove(path);
}

fs::path new_shard(const fs::path& folder, int rank, int worker) {
  for (int generation = 0;; ++generation) {
    const auto path = folder / (shard_prefix + std::to_string(generation) + "-" + std::to_string(rank) + "-" +
                                std::to_string(worker) + ".jsonl");
    // Exclusively, for a rank that outlives a killed mpirun may still be making shards of its own.
    if (const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); file >= 0) {
      close(file);
      return path;
    }
    if (errno != EEXIST) throw std::system_error(errno, std::generic_category(), path.string());
  }
}

}  // namespace benign::sim

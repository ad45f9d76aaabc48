#pragma once
// The records of a sweep while it runs: one file of lines for each worker, in one folder, and their merger at the end.
//
// A line is {"unit", "seconds", "config", provenance, "found"}. Lines are appended whole, so that whatever ends the
// program, a folder holds finished units and at most one cut line at the end of each file. Once all units are there,
// the sweep's records are written in one piece, without timings; these go to timings.jsonl, and the shards go.

#include "sim/files/record_file.hpp"
#include "sim/sweeps/sweep.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>

namespace benign::sim {

/// A folder that cannot be resumed; the message names file and line.
struct NotResumable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class S>
struct FoundUnit {
  typename S::Found found;
  double seconds = 0;
};
template <class S>
using FoundUnits = std::map<long, FoundUnit<S>>;

/// What all units together say.
template <class S>
struct Merged {
  std::vector<typename S::Line> lines;
  std::optional<typename S::Conclusion> conclusion;
};

/// What a folder holds of a sweep to go on with.
template <class S>
struct Resumed {
  std::optional<Merged<S>> merged;  ///< its records, where they are there: nothing is left to do
  FoundUnits<S> units;              ///< those of the shards
};

/// One line of a shard.
std::string shard_line(const Sweep& sweep, long unit, const Json& found, double seconds);

/// Whether the folder holds a sweep, finished or not.
bool holds_sweep(const std::filesystem::path& folder);

/// Calls take() with what the folder's shards hold of the sweep in whole lines; a last line that was cut off counts for
/// nothing. Throws NotResumable where phase.json is another sweep's or another build's, or a line is not one of this
/// sweep's, or take() throws Json::exception.
void for_each_unit(const std::filesystem::path& folder, const Sweep& sweep,
                   const std::function<void(long unit, const Json& found, double seconds)>& take);

/// Whether the sweep's records are there and hold. Throws NotResumable where they are another sweep's or cut off.
bool is_merged(const std::filesystem::path& folder, const Sweep& sweep);

/// phase.json; null where there is none, or it is no JSON.
Json read_description(const std::filesystem::path& folder);
bool holds_shards(const std::filesystem::path& folder);

/// Calls take() with the whole lines of all shards that are JSON objects, whoever wrote them.
void for_each_shard_line(const std::filesystem::path& folder, const std::function<void(const Json& line)>& take);

/// Writes phase.json, unless it is there. Throws std::system_error.
void describe_sweep(const std::filesystem::path& folder, const Sweep& sweep);

/// Calls take() with each of the folder's merged records, and with its conclusion, if it has one. Throws NotResumable
/// where either throws Json::exception.
void for_each_record(const std::filesystem::path& folder, const Sweep& sweep,
                     const std::function<void(const Json& line)>& take);
void with_conclusion(const std::filesystem::path& folder, const std::function<void(const Json& conclusion)>& take);

/// Writes timings, conclusion (unless it is null) and records; the shards stay. Throws std::system_error (a full disk).
void write_record_files(const std::filesystem::path& folder, const Sweep& sweep, const std::string& timings,
                        const Json& conclusion, const std::string& records);

/// Once the records are there, the shards are superfluous.
void remove_shards(const std::filesystem::path& folder);

/// Makes an empty shard and returns its path: `rank` and `worker` name it, and the first free generation. Throws
/// std::system_error.
std::filesystem::path new_shard(const std::filesystem::path& folder, int rank, int worker);

template <RunnableSweep S>
FoundUnits<S> read_shards(const std::filesystem::path& folder, const S& sweep) {
  FoundUnits<S> units;
  for_each_unit(folder, sweep, [&](long unit, const Json& found, double seconds) {
    units[unit] = {sweep.read_found(found), seconds};
  });
  return units;
}

template <RunnableSweep S>
std::optional<Merged<S>> read_merged(const std::filesystem::path& folder, const S& sweep) {
  if (!is_merged(folder, sweep)) return std::nullopt;
  Merged<S> merged;
  for_each_record(folder, sweep, [&](const Json& line) { merged.lines.push_back(sweep.read_line(line)); });
  with_conclusion(folder, [&](const Json& json) { merged.conclusion = sweep.read_conclusion(json); });
  return merged;
}

/// Changes nothing. Throws NotResumable where what is there is another sweep's, or another build's.
template <RunnableSweep S>
Resumed<S> resume_from(const std::filesystem::path& folder, const S& sweep) {
  FoundUnits<S> units = read_shards(folder, sweep);
  return {read_merged(folder, sweep), std::move(units)};
}

template <RunnableSweep S>
void write_merged(const std::filesystem::path& folder, const S& sweep, const FoundUnits<S>& units,
                  const Merged<S>& merged) {
  std::string timings, records;
  for (const auto& [unit, one] : units) timings += Json{{"unit", unit}, {"seconds", one.seconds}}.dump() + '\n';
  for (const auto& line : merged.lines) records += sweep.line_json(line).dump() + '\n';
  const Json conclusion = merged.conclusion ? sweep.conclusion_json(*merged.conclusion) : Json(nullptr);
  write_record_files(folder, sweep, timings, conclusion, records);
}

}  // namespace benign::sim

#pragma once
// The records of a sweep while it runs: one file of lines for each worker, in one folder, and their merger at the end.
//
// A line is {"unit", "seconds", "config", provenance, "found"}. Lines are appended whole, so that whatever ends the
// program, a folder holds finished units and at most one cut line at the end of each file. Once all units are there,
// the sweep's records are written in one piece, without timings; these go to timings.jsonl, and the shards go.

#include "sim/files/record_file.hpp"
#include "sim/sweeps/sweep.hpp"

#include <filesystem>
#include <map>
#include <stdexcept>

namespace benign::sim {

/// A folder that cannot be resumed; the message names file and line.
struct NotResumable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct FoundUnit {
  Json found;
  double seconds = 0;
};
using FoundUnits = std::map<long, FoundUnit>;

/// One line of a shard.
std::string shard_line(const Sweep& sweep, long unit, const Json& found, double seconds);

/// Whether the folder holds a sweep, finished or not.
bool holds_sweep(const std::filesystem::path& folder);

/// What the folder's shards hold of the sweep in whole lines; a last line that was cut off counts for nothing. Throws
/// NotResumable where phase.json is another sweep's or another build's, or a line is not one of this sweep's.
FoundUnits read_shards(const std::filesystem::path& folder, const Sweep& sweep);

/// What a folder holds of a sweep to go on with.
struct Resumed {
  bool merged = false;  ///< its records are there: nothing is left to do
  FoundUnits units;     ///< those of the shards
};

/// Changes nothing. Throws NotResumable where what is there is another sweep's, or another build's.
Resumed resume_from(const std::filesystem::path& folder, const Sweep& sweep);

/// Writes phase.json, unless it is there. Throws std::system_error.
void describe_sweep(const std::filesystem::path& folder, const Sweep& sweep);

/// The sweep's records, and its conclusion (null where there is none), as merge_shards wrote them.
std::vector<Json> merged_lines(const std::filesystem::path& folder, const Sweep& sweep);
Json read_conclusion(const std::filesystem::path& folder);

/// Writes timings, conclusion and records; the shards stay. Throws std::system_error (a full disk).
void merge_shards(const std::filesystem::path& folder, const Sweep& sweep, const FoundUnits& units);

/// Once the records are there, the shards are superfluous.
void remove_shards(const std::filesystem::path& folder);

/// Makes an empty shard and returns its path: `rank` and `worker` name it, and the first free generation. Throws
/// std::system_error.
std::filesystem::path new_shard(const std::filesystem::path& folder, int rank, int worker);

}  // namespace benign::sim

#pragma once
// The folder of a hunt: hunt.json, and points.jsonl, a line for each point as soon as it is known. Under mpirun rank K
// writes points-K.jsonl, which points.jsonl has taken in when the hunt has ended.

#include "proofs_check/hunt/hunt.hpp"
#include "sim/files/folder_lock.hpp"
#include "sim/files/record_file.hpp"
#include "sim/runs/records.hpp"
#include "sim/sweeps/cluster.hpp"

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace benign::proofs {

class HuntFolder {
 public:
  HuntFolder(std::string path, const sim::Cluster& cluster);

  /// For rank 0: makes the folder this job's alone while it is at work. Throws UsageError where it holds another hunt, or
  /// one that was not asked to be resumed.
  void take(const Hunt& hunt, long budget, bool resume);
  /// For every rank, after that: what is there becomes known to the hunt.
  void open(Hunt& hunt);

  void add(const Hunt& hunt, const Seen& seen) { points_->append(line_of(hunt, seen)); }
  /// For rank 0, when points.jsonl has every point.
  void finish(const sim::Json& json);

  /// A line of points.jsonl.
  static std::string line_of(const Hunt& hunt, const Seen& seen);

 private:
  /// The files of points that are there.
  std::vector<std::filesystem::path> files() const;

  std::string path_;
  const sim::Cluster& cluster_;
  std::unique_ptr<sim::FolderLock> lock_;
  std::unique_ptr<sim::RecordFile> points_;
};

/// Points of a file's lines become known to the hunt; a line that was cut off is passed over. Returns those that are new.
std::vector<const Seen*> know_lines(Hunt& hunt, std::istream& lines);

}  // namespace benign::proofs

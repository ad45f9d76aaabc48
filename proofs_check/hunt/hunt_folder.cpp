#include "proofs_check/hunt/hunt_folder.hpp"

#include "proofs_check/hunt/hunt_report.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <filesystem>
#include <fstream>

namespace benign::proofs {

using sim::Json;

namespace {

const std::string points_file = "points.jsonl", others_begin = "points-";

}  // namespace

std::vector<const Seen*> know_lines(Hunt& hunt, std::istream& lines) {
  std::vector<const Seen*> found;
  for (std::string line; std::getline(lines, line);) try {
      const std::size_t before = hunt.seen().size();
      const Seen& seen = hunt.know(read_seen(hunt, Json::parse(line)));
      if (hunt.seen().size() > before) found.push_back(&seen);
    } catch (const std::exception&) {  // a line that was cut off: the point is looked at again
    }
  return found;
}

HuntFolder::HuntFolder(std::string path, const sim::Cluster& cluster) : path_(std::move(path)), cluster_(cluster) {}

void HuntFolder::take(const Hunt& hunt, long budget, bool resume) {
  prepare_folder(path_);
  lock_ = std::make_unique<sim::FolderLock>(path_);
  if (!lock_->held()) throw UsageError("--out", path_, "a folder in which no other hunt is at work");
  const Json description = description_json(hunt, budget);
  if (!std::filesystem::exists(path_ + "/hunt.json"))
    return sim::write_whole(path_ + "/hunt.json", description.dump(2));
  if (!resume)
    throw UsageError("--out", path_, "a folder without a hunt in it, or --resume to go on with the one that is there");
  const Json before = Json::parse(std::ifstream(path_ + "/hunt.json"), nullptr, /*allow_exceptions=*/false);
  for (const auto& [key, value] : description.items())
    if (!before.is_object() || !before.contains(key) || before[key] != value)
      throw UsageError("--resume", path_, "a folder with a hunt of the same options; '" + key + "' differs");
}

void HuntFolder::open(Hunt& hunt) {
  for (const auto& file : files()) {
    std::ifstream lines(file);
    know_lines(hunt, lines);
  }
  cluster_.wait();  // until every rank has read what the next lines replace
  const int rank = cluster_.rank();
  points_ = std::make_unique<sim::RecordFile>(
      path_ + "/" + (rank == 0 ? points_file : others_begin + std::to_string(rank) + ".jsonl"));
  if (rank == 0)
    for (const auto& [key, seen] : hunt.seen()) add(hunt, seen);
}

void HuntFolder::finish(const Json& json) {
  sim::write_whole(path_ + "/hunt.json", json.dump(2));
  for (const auto& file : files())
    if (file.filename() != points_file) std::filesystem::remove(file);
}

std::string HuntFolder::line_of(const Hunt& hunt, const Seen& seen) { return seen_json(hunt, seen).dump(); }

std::vector<std::filesystem::path> HuntFolder::files() const {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    if (const auto name = entry.path().filename().string();
        name == points_file || (name.starts_with(others_begin) && name.ends_with(".jsonl")))
      found.push_back(entry.path());
  return found;
}

}  // namespace benign::proofs

#pragma once
// A sweep that is not finished, as far as it goes: for looking at it, not for going on with it, and therefore also where
// another build began it.

#include "sim/runs/config_json.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace benign::sim {

struct UnfinishedSweep {
  std::vector<Json> lines;  ///< as the finished sweep will have them; null where nothing, or not all, is known yet
  long done = 0, units = 0;
};

/// What a folder's shards hold; nothing where it has no shards, or no description that tells what they are of.
std::optional<UnfinishedSweep> read_unfinished(const std::filesystem::path& folder);

}  // namespace benign::sim

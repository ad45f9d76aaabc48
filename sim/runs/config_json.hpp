#pragma once
// Configurations as JSON that can be read back.

#include "sim/runs/run_config.hpp"

#include <nlohmann/json.hpp>

namespace benign::sim {

using Json = nlohmann::ordered_json;

/// Every option that decides the run, under its name on the command line. A decimal is a number where the shortest
/// double prints back the same decimal, else a string.
Json config_json(const RunConfig& config);

}  // namespace benign::sim

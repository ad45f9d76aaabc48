#pragma once
// What a hunt has found: the C that a claim needs, or its margin, along each parameter through the worst point.

#include "plots/drawing/figure.hpp"
#include "plots/records/sweep.hpp"

namespace benign::plots {

/// hunt.json of a hunt that has ended. Throws BadRecord.
nlohmann::json read_hunt(const std::filesystem::path& folder);

Figure hunt_figure(const nlohmann::json& hunt);

}  // namespace benign::plots

#pragma once
// What samples select under a vector that is written down: the paper's Figure 1 [P, A].

#include "plots/drawing/figure.hpp"
#include "plots/records/series.hpp"

namespace benign::plots {

/// The records of FOLDER/selection.jsonl, one for each weight b of the noise. Throws BadRecord.
std::vector<nlohmann::json> read_selections(const std::filesystem::path& folder);

/// The attended token of every sample along μ₊ and μ₋ in units of ‖μ‖, one panel for each b, with the head's decision
/// boundary: the diagonal, because ν is along μ₊ − μ₋.
Figure selection_figure(const std::vector<nlohmann::json>& records);

}  // namespace benign::plots

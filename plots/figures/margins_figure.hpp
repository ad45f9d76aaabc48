#pragma once
// All margins of a report of checks on one axis.

#include "plots/drawing/figure.hpp"
#include "plots/records/series.hpp"

namespace benign::plots {

/// FOLDER/check.json, as 'benign check --json' prints it. Throws BadRecord.
nlohmann::json read_report(const std::filesystem::path& folder);

/// One row for each check: margin/scale ± error/scale in the colour of its verdict, the claim's edge at 0. A scale that
/// is absent or null is 1; a mark is hollow where the error is not known. The axis is asinh(x/x₀): linear near 0,
/// logarithmic beyond x₀, which is of the order of the smallest margin. Throws BadRecord where a verdict is none.
Figure margins_figure(const nlohmann::json& report);

}  // namespace benign::plots

#pragma once
// All figures, and which of them a folder's records give.

#include "plots/drawing/figure.hpp"

#include <filesystem>
#include <vector>

namespace benign::plots {

/// The figures of all records in the folder. Throws BadRecord where there are none, or where records are damaged.
std::vector<Figure> figures_of(const std::filesystem::path& folder);

}  // namespace benign::plots

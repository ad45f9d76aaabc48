#pragma once
// Labels as people export them: one whole number for each sample, in a column too, or a one-hot row.

#include "sim/data/brought.hpp"
#include "sim/files/npy.hpp"

#include <set>

namespace benign::sim {

/// One number for each of n samples. Throws BadTokens naming `option`.
std::vector<long> class_labels(const Array<long>& array, std::size_t n, const std::string& option);

/// The distinct labels of a training set: 2 to 1000, each of at least two samples. Throws BadTokens naming `option`.
std::set<long> distinct_classes(const std::vector<long>& labels, const std::string& option);

/// The labels' ranks 0, 1, … among the distinct ones of the training set. Throws BadTokens naming `option`.
std::vector<int> ranked(const std::vector<long>& labels, const std::set<long>& classes, const std::string& option);

}  // namespace benign::sim

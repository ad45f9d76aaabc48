#pragma once
// A sample mean and its standard error.

#include <utility>
#include <vector>

namespace benign::sim {

/// The mean of `values` and the standard error of that mean; not a number for fewer than two.
std::pair<double, double> mean_and_stderr(const std::vector<double>& values);

}  // namespace benign::sim

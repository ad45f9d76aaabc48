#pragma once
// A confidence interval for a probability.

#include <utility>

namespace benign::theory {

/// Clopper and Pearson's interval after `hits` in `trials`, at confidence 1 − alpha; closed at an end of [0, 1] that
/// the data do not exclude.
std::pair<double, double> clopper_pearson(long hits, long trials, double alpha);

}  // namespace benign::theory

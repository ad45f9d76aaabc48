#pragma once
// Confidence intervals for means.

#include <vector>

namespace benign::proofs {

/// A sample mean and the half-width of its confidence interval.
struct Mean {
  double value = 0;
  double half_width = 0;  ///< infinite for fewer than two values
  double deviation = 0;   ///< standard deviation of the values
  double smallest = 0, largest = 0;
};

/// Student's interval at 99.8% for the mean of independent values: at 99% for the at most five looks that raising the
/// number of seeds takes (Bonferroni).
Mean mean_of(const std::vector<double>& values);

/// The same for values that are multiples of 1/n, such as the share of n labels that are right. Many equal ones do not
/// make the mean certain: a value that was not seen has a probability below 1 − 0.001^{1/count} (at 99.9%). It is taken
/// to differ by one label, 1/n, from those that were.
Mean mean_of_shares(const std::vector<double>& values, long n);

}  // namespace benign::proofs

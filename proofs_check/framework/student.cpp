#include "proofs_check/framework/student.hpp"

#include "theory/numbers/elementary.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace benign::proofs {

Mean mean_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  Mean mean;
  for (const double x : values) mean.value += x / count;
  double squares = 0;
  for (const double x : values) squares += (x - mean.value) * (x - mean.value);
  const auto [smallest, largest] = std::minmax_element(values.begin(), values.end());
  mean.smallest = *smallest;
  mean.largest = *largest;
  mean.half_width = HUGE_VAL;
  if (values.size() >= 2) {
    mean.deviation = std::sqrt(squares / (count - 1));
    mean.half_width =
        boost::math::quantile(boost::math::students_t(count - 1), 0.999) * mean.deviation / std::sqrt(count);
  }
  return mean;
}

Mean mean_of_shares(const std::vector<double>& values, long n) {
  Mean mean = mean_of(values);
  const double unseen = 1 - elementary::pow(0.001, 1.0 / static_cast<double>(values.size()));
  mean.half_width = std::max(mean.half_width, unseen / static_cast<double>(n));
  return mean;
}

}  // namespace benign::proofs

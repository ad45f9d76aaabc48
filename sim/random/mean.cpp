#include "sim/random/mean.hpp"

#include <cmath>

namespace benign::sim {

std::pair<double, double> mean_and_stderr(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double x : values) sum += x;
  const double mean = sum / count;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return {mean, std::sqrt(squares / (count * (count - 1)))};
}

}  // namespace benign::sim

#include "proofs_check/laboratory.hpp"

#include "proofs_check/progress.hpp"
#include "sim/records.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <mutex>
#include <tbb/parallel_for.h>

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

double Laboratory::constant(const std::string& id) const {
  const auto found = constants.find(id);
  return found == constants.end() ? 1 : found->second;
}

const std::vector<sim::Result<double>>& Laboratory::study(sim::RunConfig setting) const {
  setting.precision = Precision::binary64;
  setting.route = sim::RouteKind::coefficients;
  setting.seed = config.seed;
  auto& results = studies_[sim::config_hash(setting)];
  const long done = static_cast<long>(results.size());
  if (done >= seeds) return results;

  results.resize(static_cast<std::size_t>(seeds));
  Progress progress("seeds", seeds - done);
  std::mutex drawing;
  long finished = 0;
  tbb::parallel_for(done, seeds, [&](long k) {
    sim::RunConfig one = setting;
    one.seed = setting.seed + static_cast<std::uint64_t>(k);
    results[static_cast<std::size_t>(k)] = sim::simulate<double>(one, 0, {});
    const std::scoped_lock lock(drawing);
    progress.show(++finished);
  });
  return results;
}

}  // namespace benign::proofs

#include "proofs_check/framework/laboratory.hpp"

#include "sim/runs/records.hpp"

#include <iterator>
#include <mutex>

namespace benign::proofs {

struct Laboratory::Archive {
  std::mutex mutex;
  std::map<std::string, Shared> shared;                             // under their keys
  std::map<std::string, std::vector<sim::Result<double>>> studies;  // by configuration hash
};

Laboratory::Shared& Laboratory::shared_for(const std::string& key) const {
  const std::scoped_lock lock(archive_->mutex);
  return archive_->shared[key];
}

Laboratory::Laboratory() : archive_(std::make_shared<Archive>()) {}

double Laboratory::constant(const std::string& id, double otherwise) const {
  const auto found = constants.find(id);
  return found == constants.end() ? otherwise : found->second.as<double>();
}

theory::Decimal Laboratory::exact_constant(const std::string& id, const theory::Decimal& otherwise) const {
  const auto found = constants.find(id);
  return found == constants.end() ? otherwise : found->second;
}

const sim::Trajectory& Laboratory::trajectory(sim::RunConfig setting) const {
  setting.precision = Precision::binary64;
  setting.route = sim::RouteKind::coefficients;
  setting.test_sample.reset();
  return once<sim::Trajectory>("trajectory " + sim::config_hash(setting),
                               [&] { return sim::record_trajectory(setting); });
}

std::span<const sim::Result<double>> Laboratory::study(sim::RunConfig setting) const {
  setting.precision = Precision::binary64;
  setting.route = sim::RouteKind::coefficients;
  setting.seed = config.seed;
  auto& results = archive_->studies[sim::config_hash(setting)];
  const long done = static_cast<long>(results.size());
  if (done >= seeds) return {results.data(), static_cast<std::size_t>(seeds)};

  std::vector<sim::Result<double>> fresh(static_cast<std::size_t>(seeds - done));
  for_each_in_parallel(watch, "seeds", seeds - done, [&](long k) {
    sim::RunConfig one = setting;
    one.seed = setting.seed + static_cast<std::uint64_t>(done + k);
    fresh[static_cast<std::size_t>(k)] = sim::simulate<double>(one, 0, {});
  });
  std::move(fresh.begin(), fresh.end(), std::back_inserter(results));
  return results;
}

}  // namespace benign::proofs

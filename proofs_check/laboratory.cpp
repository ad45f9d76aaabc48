#include "proofs_check/laboratory.hpp"

#include "proofs_check/progress.hpp"
#include "sim/records.hpp"

#include <mutex>
#include <tbb/collaborative_call_once.h>
#include <tbb/parallel_for.h>

namespace benign::proofs {

struct Laboratory::Archive {
  struct Recorded {
    tbb::collaborative_once_flag flag;
    sim::Trajectory trajectory;
  };

  std::mutex mutex;
  std::map<std::string, std::unique_ptr<Recorded>> trajectories;  // by configuration hash
  std::map<std::string, std::vector<sim::Result<double>>> studies;
};

Laboratory::Laboratory() : archive_(std::make_shared<Archive>()) {}

double Laboratory::constant(const std::string& id, double otherwise) const {
  const auto found = constants.find(id);
  return found == constants.end() ? otherwise : found->second;
}

const sim::Trajectory& Laboratory::trajectory(sim::RunConfig setting) const {
  setting.precision = Precision::binary64;
  setting.route = sim::RouteKind::coefficients;
  Archive::Recorded* recorded = nullptr;
  {
    const std::scoped_lock lock(archive_->mutex);
    auto& entry = archive_->trajectories[sim::config_hash(setting)];
    if (!entry) entry = std::make_unique<Archive::Recorded>();
    recorded = entry.get();
  }
  // Not a mutex: a thread that waits for one inside a parallel loop may hold up the very loop that it waits for.
  tbb::collaborative_call_once(recorded->flag, [&] { recorded->trajectory = sim::record_trajectory(setting); });
  return recorded->trajectory;
}

std::span<const sim::Result<double>> Laboratory::study(sim::RunConfig setting) const {
  setting.precision = Precision::binary64;
  setting.route = sim::RouteKind::coefficients;
  setting.seed = config.seed;
  auto& results = archive_->studies[sim::config_hash(setting)];
  const long done = static_cast<long>(results.size());
  if (done >= seeds) return {results.data(), static_cast<std::size_t>(seeds)};

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

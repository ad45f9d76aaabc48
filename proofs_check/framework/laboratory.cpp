#include "proofs_check/framework/laboratory.hpp"

#include "proofs_check/text/format.hpp"
#include "sim/runs/records.hpp"
#include "theory/numbers/element.hpp"

#include <atomic>
#include <iterator>
#include <mutex>

namespace benign::proofs {

struct Laboratory::Archive {
  std::mutex mutex;
  std::atomic<bool> has_drawn = false;
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

namespace {

sim::RunConfig recorded(sim::RunConfig setting) {
  setting.precision = Precision::binary64;
  setting.route = sim::RouteKind::coefficients;
  setting.test_sample.reset();
  return setting;
}
std::string key_of_run(const sim::RunConfig& recorded) { return "trajectory " + sim::config_hash(recorded); }

}  // namespace

const sim::Trajectory& Laboratory::trajectory(sim::RunConfig setting) const {
  setting = recorded(std::move(setting));
  return once<sim::Trajectory>(key_of_run(setting), [&] { return sim::record_trajectory(run<double>(setting)); });
}

const sim::Trajectory* Laboratory::own_run() const {
  const std::scoped_lock lock(archive_->mutex);
  const auto found = archive_->shared.find(key_of_run(recorded(config)));
  return found == archive_->shared.end() ? nullptr : std::any_cast<sim::Trajectory>(&found->second.made);
}

bool Laboratory::has_drawn() const { return archive_->has_drawn; }

template <class Real>
sim::Run<Real> Laboratory::run(const sim::RunConfig& setting, sim::QNorm q_norm) const {
  if (setting.route == sim::RouteKind::direct || setting.route == sim::RouteKind::limit)
    return sim::Run<Real>(setting, q_norm);
  sim::RunConfig draw = setting;
  draw.route = sim::RouteKind::coefficients;
  // What is trained in double is asked for its test error sooner or later.
  const bool with_q = std::is_same_v<Real, double> || q_norm == sim::QNorm::needed;
  const auto& frame = once<sim::Frame<Real>>(
      format("inner products to %.0e%s ", unit_roundoff<Real>(), with_q ? " with q" : "") + sim::draw_hash(draw),
      [&] { return sim::Run<Real>(draw, with_q ? sim::QNorm::needed : sim::QNorm::not_needed).frame(); });
  archive_->has_drawn = true;
  return {setting, q_norm, frame};
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
    element(fresh, k) = sim::simulate<double>(one, 0, {});
  });
  std::move(fresh.begin(), fresh.end(), std::back_inserter(results));
  return results;
}

#define BENIGN_INSTANTIATE(Real) template sim::Run<Real> Laboratory::run<Real>(const sim::RunConfig&, sim::QNorm) const;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::proofs

#include "sim/late/infinite_time.hpp"

#include "theory/laws/rates.hpp"

namespace benign::sim {
namespace {

/// The configuration with nothing in it that only W₀ and p₀ know of, for the sake of speed.
RunConfig tokens_alone(RunConfig config) {
  auto& p = config.parameters;
  p.init = theory::Init::identity;
  p.sigma_w.reset();
  p.sigma_p = theory::Decimal("0");
  config.route = RouteKind::coefficients;
  config.precision = Precision::binary64;
  config.test_sample.reset();
  return config;
}

}  // namespace

theory::SeenDirection seen(const LimitDirection& limit) {
  return {limit.mu_plus_q, limit.mu_minus_q, limit.q_norm2.value()};
}

std::optional<InfiniteTime> infinite_time(const theory::Parameters& parameters, const Frame<double>& frame) {
  auto limit = limit_direction(frame, best_by_value(frame.samples));
  if (!limit) return std::nullopt;
  InfiniteTime found{std::move(*limit), 0, 0, 0};
  const double x = theory::n_snr2(parameters);
  found.error = theory::hard_selection_error(parameters, seen(found.limit));
  found.c_plus = found.limit.mu_plus_q / x, found.c_minus = found.limit.mu_minus_q / x;
  return found;
}

std::optional<InfiniteTime> infinite_time(const RunConfig& config) {
  const Run<double> run(tokens_alone(config), QNorm::not_needed);
  return infinite_time(config.parameters, run.frame());
}

}  // namespace benign::sim

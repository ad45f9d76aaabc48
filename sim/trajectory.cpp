#include "sim/trajectory.hpp"

#include "sim/flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace benign::sim {
namespace {

constexpr double looser = 1000;     // the second flow's tolerance over the first's
constexpr double of_descents = 16;  // an error over the difference of two descents: THEORY section 7.3
constexpr double of_flows = 2;      // and of two flows, or of the times of their events

/// x (1 ± 2⁻⁵²), by a bit of a hash of `place` (splitmix64).
double moved(double x, std::uint64_t place) {
  place += 0x9e3779b97f4a7c15;
  place = (place ^ (place >> 30)) * 0xbf58476d1ce4e5b9;
  place = (place ^ (place >> 27)) * 0x94d049bb133111eb;
  return x * (1 + ((place >> 63) != 0 ? 1 : -1) * unit_roundoff<double>());
}

void move_all(double* x, Index size, std::uint64_t place) {
  for (Index k = 0; k < size; ++k) x[k] = moved(x[k], place + static_cast<std::uint64_t>(k));
}

/// A matrix whose first rows are symmetric stays so.
void move_inner_products(Matrix<double>& G, std::uint64_t place) {
  for (Index j = 0; j < G.cols(); ++j)
    for (Index i = 0; i < G.rows(); ++i) {
      const auto low = static_cast<std::uint64_t>(std::min(i, j)), high = static_cast<std::uint64_t>(std::max(i, j));
      G(i, j) = moved(G(i, j), place + (high << 20) + low);
    }
}

/// The logits at part 0, every, 2·every, … and at the last, of a descent by the route `statistics`.
std::vector<Vector<double>> second_descent(const Run<double>& run, long every) {
  const Frame<double> frame = moved_by_roundings(run.frame());
  const auto& config = run.config();
  const auto route = make_route(RouteKind::statistics, run.instance(), &frame, config.train);
  const double step = frame.scales.step * (1 + unit_roundoff<double>());
  std::vector<Vector<double>> logits;
  Vector<double> state = route->start();
  for (long k = 0; k <= config.parameters.steps; ++k) {
    if (k > 0) route->descend(state, step);
    if (k % every == 0 || k == config.parameters.steps) logits.push_back(route->read(state).logits);
  }
  return logits;
}

struct Second {
  std::vector<Vector<double>> logits;
  Events<double> events;
};

Second second_flow(const Run<double>& run, long every) {
  Second second;
  const auto seen = [&](const auto& moment) { second.logits.push_back(moment.readout.logits); };
  second.events = simulate<double>(run.with_frame(moved_by_roundings(run.frame())), every, seen, {},
                                   looser * default_tolerance<double>())
                      .events;
  return second;
}

/// What is left where both computations took the same way: the roundings of a sum, or what the tolerance allows.
double least_error(const RunConfig& config, const Vector<double>& logits) {
  const double size = logits.cwiseAbs().maxCoeff();
  if (config.flow) return 10 * default_tolerance<double>() * std::max(1.0, size);
  return static_cast<double>(config.parameters.tokens()) * unit_roundoff<double>() * size;
}

void estimate_logit_errors(Trajectory& trajectory, const std::vector<Vector<double>>& second) {
  const double factor = trajectory.config.flow ? of_flows : of_descents;
  double largest = 0;
  for (std::size_t k = 0; k < trajectory.moments.size(); ++k) {
    auto& moment = trajectory.moments[k];
    const Vector<double>& logits = moment.readout.logits;
    const double difference = (second[k] - logits).lpNorm<Eigen::Infinity>();
    const double error = std::max(factor * difference, least_error(trajectory.config, logits));
    if (!std::isnan(largest) && !(error <= largest)) largest = error;
    moment.logit_error = largest;
  }
}

/// The difference of the two times; log s is known no better than to the tolerance.
std::optional<double> event_error(const std::optional<double>& first, const std::optional<double>& second) {
  if (!first) return std::nullopt;
  if (!second) return std::numeric_limits<double>::infinity();
  return std::max(of_flows * std::abs(*first - *second),
                  10 * default_tolerance<double>() * std::max(1.0, std::abs(*first)));
}

}  // namespace

Frame<double> moved_by_roundings(Frame<double> frame) {
  constexpr std::uint64_t apart = std::uint64_t{1} << 40;  // of the arrays' places
  move_inner_products(frame.K, apart), move_inner_products(frame.H, 2 * apart), move_inner_products(frame.J, 3 * apart);
  move_all(frame.h.data(), frame.h.size(), 4 * apart), move_all(frame.k.data(), frame.k.size(), 5 * apart);
  frame.r0 = moved(frame.r0, 8 * apart);
  move_all(frame.samples.values.data(), frame.samples.values.size(), 6 * apart);
  move_all(frame.samples.class_values.data(), frame.samples.class_values.size(), 7 * apart);
  return frame;
}

Trajectory record_trajectory(RunConfig config) {
  config.precision = Precision::binary64;
  const Run<double> run(config);
  std::vector<int> true_label;
  for (Index i = 0; i < run.frame().samples.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    true_label.push_back(run.frame().samples.labels[at] * (run.frame().noisy[at] ? -1 : 1));
  }
  Trajectory trajectory{config, run.frame().samples, true_label, run.frame().scales, {}, {}, {}};
  const long every = std::max(1L, config.parameters.steps / 200);
  const auto result = simulate<double>(run, every,
                                       [&](const auto& moment) {
                                         trajectory.moments.push_back({moment, 0});
                                       },
                                       {});
  trajectory.events = result.events;
  if (!config.flow) {
    estimate_logit_errors(trajectory, second_descent(run, every));
    return trajectory;
  }
  const Second second = second_flow(run, every);
  estimate_logit_errors(trajectory, second.logits);
  for (const auto event :
       {&Events<double>::fit, &Events<double>::gap, &Events<double>::half_loss, &Events<double>::memorised})
    trajectory.event_errors.*event = event_error(trajectory.events.*event, second.events.*event);
  return trajectory;
}

}  // namespace benign::sim

#include "sim/runs/trajectory.hpp"

#include "sim/routes/flow.hpp"
#include "sim/routes/limit.hpp"
#include "sim/routes/methods.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace benign::sim {
namespace {

constexpr double looser = 1000;      // the second flow's tolerance over the first's
constexpr int second_descents = 3;   // one may come close to the first by accident, where one direction is unstable
constexpr double meaningless = 0.1;  // beyond it two runs say nothing of each other
constexpr double factor = 16;        // an error over the difference of two runs: THEORY sections 7.3 and 7.5

/// ±2⁻⁵², by a bit of a hash of `place` (splitmix64).
double rounding(std::uint64_t place) {
  place += 0x9e3779b97f4a7c15;
  place = (place ^ (place >> 30)) * 0xbf58476d1ce4e5b9;
  place = (place ^ (place >> 27)) * 0x94d049bb133111eb;
  return ((place >> 63) != 0 ? 1 : -1) * unit_roundoff<double>();
}

/// The lengths of the vectors that G holds inner products of; those of probes, from below, by their products.
Vector<double> lengths(const Matrix<double>& G) {
  Vector<double> length(G.rows());
  length.head(G.cols()) = G.topRows(G.cols()).diagonal().cwiseMax(1e-300).cwiseSqrt();
  for (Index i = G.cols(); i < G.rows(); ++i)
    length[i] = (G.row(i).transpose().cwiseAbs().cwiseQuotient(length.head(G.cols()))).maxCoeff();
  return length;
}

/// Inner products are known up to roundings of the lengths' product. What is symmetric stays so.
void move_inner_products(Matrix<double>& G, std::uint64_t place) {
  if (G.size() == 0) return;
  const Vector<double> length = lengths(G);
  for (Index j = 0; j < G.cols(); ++j)
    for (Index i = 0; i < G.rows(); ++i) {
      const auto low = static_cast<std::uint64_t>(std::min(i, j)), high = static_cast<std::uint64_t>(std::max(i, j));
      G(i, j) += rounding(place + (high << 20) + low) * length[i] * length[j];
    }
}

/// The same of numbers of one size, that of the largest.
void move_all(double* x, Index size, std::uint64_t place) {
  const double largest = size > 0 ? Eigen::Map<Vector<double>>(x, size).lpNorm<Eigen::Infinity>() : 0;
  for (Index k = 0; k < size; ++k) x[k] += rounding(place + static_cast<std::uint64_t>(k)) * largest;
}

/// The limit has one closed system, of eight scalars: its second descents are in 32 digits.
std::vector<Vector<double>> second_limit(const RunConfig& config, long every) {
  std::vector<Vector<double>> logits;
  simulate<dd>(config, every,
               [&](const auto& moment) {
                 const auto& exact = moment.readout.logits;
                 Vector<double> rounded(exact.size());
                 for (Index k = 0; k < exact.size(); ++k) rounded[k] = representative(exact[k]);
                 logits.push_back(std::move(rounded));
               },
               {});
  return logits;
}

/// The logits at part 0, every, 2·every, … and at the last, of the same training by the model's second route.
std::vector<Vector<double>> second_descent(const Run<double>& run, long every, int which) {
  const Frame<double> frame = moved_by_roundings(run.frame(), which);
  const auto& config = run.config();
  const RouteKind kind = run.model().second_route;
  const auto route = run.model().in<double>().route({run.instance(), kind, config.train}, frame);
  const double step = frame.scales.step * (1 + (which % 2 == 0 ? 1 : -1) * unit_roundoff<double>());
  std::vector<Vector<double>> logits;
  const auto method =
      make_steps<double>(config.method, {*route, kind, frame, config.train, config.parameters.d, step, config.seed});
  train(*method, config.parameters.steps, [&](long k) {
    if (looked_at(k, config.parameters.steps, every)) logits.push_back(route->read(method->state()).logits);
  });
  return logits;
}

struct Second {
  std::vector<Vector<double>> logits;
  Events<double> events;
};

Second second_flow(const Run<double>& run, long every) {
  Second second;
  const auto seen = [&](const auto& moment) { second.logits.push_back(moment.readout.logits); };
  second.events = simulate<double>(run.with_frame(moved_by_roundings(run.frame(), 0)), every, seen, {},
                                   looser * default_tolerance<double>(), TestErrors::left_out)
                      .events;
  return second;
}

/// What is left where both computations took the same way: the roundings of a sum, or what the tolerance allows.
double least_error(const RunConfig& config, const Vector<double>& logits) {
  const double size = logits.cwiseAbs().maxCoeff();
  if (config.flow) return 10 * default_tolerance<double>() * std::max(1.0, size);
  return static_cast<double>(config.parameters.tokens()) * unit_roundoff<double>() * size;
}

/// From the logits of one or several second runs.
void estimate_logit_errors(Trajectory& trajectory, const std::vector<std::vector<Vector<double>>>& seconds) {
  double largest = 0;
  for (std::size_t k = 0; k < trajectory.moments.size(); ++k) {
    auto& moment = trajectory.moments[k];
    const Vector<double>& logits = moment.readout.logits;
    double difference = 0;
    for (const auto& second : seconds) {
      const double one = (second[k] - logits).lpNorm<Eigen::Infinity>();
      if (!std::isnan(difference) && !(one <= difference)) difference = one;
    }
    double error = std::max(factor * difference, least_error(trajectory.config, logits));
    if (!(error <= meaningless)) error = std::numeric_limits<double>::infinity();
    moment.logit_error = largest = std::max(largest, error);
  }
}

/// The difference of the two times; log s is known no better than to the tolerance.
std::optional<double> event_error(const std::optional<double>& first, const std::optional<double>& second) {
  if (!first && !second) return std::nullopt;
  if (!first || !second) return std::numeric_limits<double>::infinity();
  if (std::isinf(*first) && *first == *second) return 0;  // from the start, in both
  return std::max(factor * std::abs(*first - *second),
                  10 * default_tolerance<double>() * std::max(1.0, std::abs(*first)));
}

}  // namespace

Frame<double> moved_by_roundings(Frame<double> frame, int which) {
  constexpr std::uint64_t apart = std::uint64_t{1} << 40;  // of the arrays' places
  std::uint64_t place = 8 * apart * static_cast<std::uint64_t>(which);
  for (auto* G : {&frame.K, &frame.H, &frame.J}) move_inner_products(*G, place += apart);
  for (auto* x : {&frame.h, &frame.k, &frame.samples.values}) move_all(x->data(), x->size(), place += apart);
  move_all(frame.samples.class_values.data(), frame.samples.class_values.size(), place += apart);
  frame.r0 *= 1 + rounding(place + apart);
  move_all(frame.queries_keys.data(), frame.queries_keys.size(), place + 2 * apart);
  return frame;
}

TestError Trajectory::test(const Observation<double>& moment) const {
  return model_of(config).in<double>().test(config.parameters, config.route, moment.readout).value();
}

Trajectory record_trajectory(RunConfig config) {
  config.precision = Precision::binary64;
  return record_trajectory(Run<double>(config));
}

Trajectory record_trajectory(const Run<double>& run) {
  const RunConfig& config = run.config();
  std::vector<int> true_label;
  for (Index i = 0; i < run.frame().samples.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    true_label.push_back(run.frame().samples.labels[at] * (run.frame().noisy[at] ? -1 : 1));
  }
  Trajectory trajectory{config, run.frame().samples, true_label, run.frame().scales, {}, {}, {}};
  const long every = std::max(1L, config.parameters.steps / 200);
  const auto result = simulate<double>(
      run, every,
      [&](const auto& moment) {
        trajectory.moments.push_back({moment, 0});
      },
      {}, default_tolerance<double>(), TestErrors::left_out);
  trajectory.events = result.events;
  if (!config.flow) {
    std::vector<std::vector<Vector<double>>> seconds;
    if (config.route == RouteKind::limit) seconds.push_back(second_limit(config, every));
    for (int which = 0; config.route != RouteKind::limit && which < second_descents; ++which)
      seconds.push_back(second_descent(run, every, which));
    estimate_logit_errors(trajectory, seconds);
    return trajectory;
  }
  Second second = second_flow(run, every);
  estimate_logit_errors(trajectory, {std::move(second.logits)});
  for (const auto event :
       {&Events<double>::fit, &Events<double>::gap, &Events<double>::half_loss, &Events<double>::memorised})
    trajectory.event_errors.*event = event_error(trajectory.events.*event, second.events.*event);
  return trajectory;
}

}  // namespace benign::sim

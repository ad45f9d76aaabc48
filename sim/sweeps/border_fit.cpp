// The borders of all seeds together: medians, their bootstrap intervals, and the laws that they follow.

#include "sim/sweeps/border.hpp"

#include "sim/routes/flow.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/memorisation.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace benign::sim {
namespace {

constexpr std::size_t resamples = 2000;
constexpr double infinity = std::numeric_limits<double>::infinity();

using Resamples = std::vector<std::vector<std::size_t>>;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 == 1 || values[half - 1] == values[half]) return values[half];
  return (values[half - 1] + values[half]) / 2;  // infinite, or undefined between two infinities
}

/// Which seeds each resample takes, the same for all columns.
Resamples draw_resamples(std::uint64_t seed, long seeds) {
  Resamples all(resamples);
  for (std::size_t b = 0; b < all.size(); ++b)
    for (long k = 0; k < seeds; ++k)
      all[b].push_back(below(random_words(seed, Stream::bootstrap, b, static_cast<std::uint64_t>(k))[0],
                             static_cast<std::size_t>(seeds)));
  return all;
}

double median_of(const std::vector<double>& values, const std::vector<std::size_t>& chosen) {
  std::vector<double> taken;
  for (const std::size_t k : chosen) taken.push_back(values[k]);
  return median(std::move(taken));
}

/// The 2.5% and 97.5% points.
std::pair<double, double> percentiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) { return element(values, share * static_cast<double>(values.size() - 1)); };
  return {at(0.025), at(0.975)};
}

/// A straight line's slope by least squares; NaN with fewer than two points.
double slope(const std::vector<double>& x, const std::vector<double>& y) {
  const auto count = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) mean_x += x[k] / count, mean_y += y[k] / count;
  for (std::size_t k = 0; k < x.size(); ++k)
    xx += (x[k] - mean_x) * (x[k] - mean_x), xy += (x[k] - mean_x) * (y[k] - mean_y);
  return xy / xx;
}

/// The law of a border's motion with the horizon, linear in the right coordinates: the slope of the first against the
/// second.
struct Motion {
  const char* of;
  double predicted;
  std::function<std::pair<double, double>(double n_snr2, double log_s)> coordinates;  ///< abscissa, ordinate
};
std::optional<Motion> motion(BorderKind kind, const theory::Parameters& p) {
  if (kind == BorderKind::gap)
    return Motion{"log s against 1/(n SNR^2)", theory::delay_slope(p), [](double x, double log_s) {
                    return std::pair{1 / x, log_s};
                  }};
  if (kind == BorderKind::memorised)
    return Motion{"log s against n SNR^2", theory::memorisation_slope(p), [](double x, double log_s) {
                    return std::pair{x, log_s};
                  }};
  return std::nullopt;
}

/// A column whose median is finite.
struct FittedColumn {
  double x, log_s;
  std::vector<double> borders;  ///< of all seeds
  RunConfig config;             ///< on the median
};

/// The slope through points made from the columns' medians, and its interval from those of each resample.
BorderSlope fitted_slope(const std::vector<FittedColumn>& columns, const Resamples& drawn,
                         const std::function<std::pair<double, double>(const FittedColumn&, double border)>& point) {
  const auto slope_of = [&](const auto& median_in) {
    std::vector<double> x, y;
    for (const FittedColumn& column : columns) {
      const double border = median_in(column.borders);
      if (!std::isfinite(border)) continue;
      const auto [abscissa, ordinate] = point(column, border);
      x.push_back(abscissa), y.push_back(ordinate);
    }
    return slope(x, y);
  };
  std::vector<double> slopes;
  for (const auto& chosen : drawn)
    slopes.push_back(slope_of([&](const auto& values) { return median_of(values, chosen); }));
  const auto [low, high] = percentiles(slopes);
  return {known(slope_of([](const auto& values) { return median(values); })), known(low), known(high), {}};
}

/// The borders of all seeds in one column; infinite on the side where it was not met, no number for a run that is missing.
std::vector<double> borders_in(std::span<const BorderRun> found, long column, const BorderSweep& sweep) {
  std::vector<double> values;
  for (long seed = 0; seed < sweep.seeds(); ++seed) {
    const BorderRun& one = element(found, seed * sweep.grid().columns() + column);
    values.push_back(one.y ? *one.y : !one.beyond ? std::nan("") : one.beyond == Beyond::low ? -infinity : infinity);
  }
  return values;
}

}  // namespace

std::vector<BorderPoint> BorderSweep::merge(std::span<const BorderRun> found) const {
  const Resamples drawn = draw_resamples(grid_.base.seed, seeds_);
  std::vector<BorderPoint> points;
  for (long column = 0; column < grid_.columns(); ++column) {
    const std::vector<double> values = borders_in(found, column, *this);
    if (std::ranges::any_of(values, [](double v) { return std::isnan(v); })) {  // a seed of it is not done yet
      points.push_back({column, {}, {}, {}});
      continue;
    }
    std::vector<double> medians;
    for (const auto& chosen : drawn) medians.push_back(median_of(values, chosen));
    const auto [low, high] = percentiles(medians);
    BorderPoint point{column, known(median(values)), known(low), known(high)};
    point.crossed = std::ranges::count_if(values, [](double v) { return std::isfinite(v); });
    for (long seed = 0; seed < seeds_; ++seed)
      point.crossed_again += element(found, seed * grid_.columns() + column).crossings > 1;
    points.push_back(point);
  }
  return points;
}

std::optional<BorderFit> BorderSweep::conclusion(std::span<const BorderRun> found) const {
  std::vector<FittedColumn> columns;
  for (long c = 0; c < grid_.columns(); ++c) {
    const std::vector<double> values = borders_in(found, c, *this);
    const double y = median(values), x = element(grid_.x.values, c).as<double>();
    if (!std::isfinite(y) || x <= 0 || y <= 0) continue;
    const RunConfig config = grid_.config(c, decimal_of(y));
    columns.push_back({x, log_s_of_horizon(config), values, config});
  }
  if (columns.size() < 3) return std::nullopt;
  const Resamples drawn = draw_resamples(grid_.base.seed, seeds_);

  BorderFit fit;
  fit.law = grid_.y.name + " ~ " + grid_.x.name + "^exponent";
  fit.columns = static_cast<long>(columns.size());
  fit.exponent = fitted_slope(columns, drawn, [](const FittedColumn& column, double y) {
    return std::pair{elementary::log(column.x), elementary::log(y)};
  });
  std::vector<double> log_x, log_predicted;
  for (const FittedColumn& column : columns)
    if (const auto predicted = predicted_border(border_, column.config, grid_.y.name))
      log_x.push_back(elementary::log(column.x)), log_predicted.push_back(elementary::log(*predicted));
  if (log_x.size() == columns.size()) fit.exponent.predicted = known(slope(log_x, log_predicted));
  const auto law = motion(border_.kind, columns.front().config.parameters);
  if (!law || (grid_.x.name != "log-s-max" && grid_.x.name != "steps")) return fit;
  fit.motion = fitted_slope(columns, drawn, [&](const FittedColumn& column, double y) {
    RunConfig config = column.config;
    set_axis(config, grid_.y.name, decimal_of(y));
    return law->coordinates(theory::n_snr2(config.parameters), column.log_s);
  });
  const RunConfig& first = columns.front().config;
  if (first.model.empty() && theory::papers_data(first.parameters)) fit.motion->predicted = known(law->predicted);
  fit.motion_of = law->of;
  return fit;
}

}  // namespace benign::sim

#include "sim/sweeps/border.hpp"

#include "sim/sweeps/cells.hpp"
#include "sim/routes/flow.hpp"
#include "theory/laws/memorisation.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace benign::sim {
namespace {

constexpr std::size_t resamples = 2000;
constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_of_test(BorderKind kind) { return kind == BorderKind::test_loss || kind == BorderKind::test_error; }

/// Whether the property holds above the border, in y, and not below it: more signal helps the test, and hinders
/// memorisation.
bool holds_above(BorderKind kind) { return kind == BorderKind::gap || is_of_test(kind); }

/// Of the flipped samples of the class whose smallest margin is the larger.
template <class Real>
double margin_of_first_class(const Run<Real>& run, const Observation<Real>& seen) {
  double best = -infinity;
  for (const int y : {+1, -1})
    if (const auto margin = smallest_margin(run.frame().samples, run.frame().noisy, seen.outputs,
                                            [y](bool noisy, int label) { return noisy && label == y; }))
      best = std::max(best, representative(*margin));
  return best;
}

/// Positive where the property holds.
double property(const Border& border, const RunConfig& config, SharedDraws& shared) {
  return with_precision(config.precision, [&]<class Real>(std::type_identity<Real>) {
    const Run<Real> run(config, is_of_test(border.kind) ? QNorm::needed : QNorm::not_needed, shared);
    const auto [state, seen] = run_to_end(run);
    const auto smallest = [&, &seen = seen](const auto& counts) {
      return representative(*smallest_margin(run.frame().samples, run.frame().noisy, seen.outputs, counts));
    };
    switch (border.kind) {
      case BorderKind::gap:
        return std::min(representative(seen.readout.mu_plus_q), representative(seen.readout.mu_minus_q)) -
               std::log(static_cast<double>(config.parameters.T));
      case BorderKind::memorised: return margin_of_first_class(run, seen);
      case BorderKind::memorised_all: return smallest([](bool noisy, int) { return noisy; });
      case BorderKind::fit: return smallest([](bool, int) { return true; });
      case BorderKind::test_loss: return border.level - run.test_loss(state);
      case BorderKind::test_error: break;
    }
    return border.level - (1 - run.test(state)->accuracy);
  });
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 == 1 || values[half - 1] == values[half]) return values[half];
  return (values[half - 1] + values[half]) / 2;  // infinite, or undefined between two infinities
}

/// Which seeds each resample takes, the same for all columns.
std::vector<std::vector<std::size_t>> draw_resamples(std::uint64_t seed, long seeds) {
  std::vector<std::vector<std::size_t>> all(resamples);
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
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
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

double log_s_of_horizon(const RunConfig& config) { return log_s_of_u(horizon<double>(config)); }

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

}  // namespace

std::optional<double> predicted_border(const Border& border, const RunConfig& config, const std::string& y_axis) {
  const theory::Parameters& p = config.parameters;
  const double log_s = log_s_of_horizon(config), n = static_cast<double>(p.n), d = static_cast<double>(p.d);
  double n_snr2 = 0;
  if (border.kind == BorderKind::gap)
    n_snr2 = theory::delay_slope(p) / (log_s - theory::delay_offset);
  else if (border.kind == BorderKind::memorised)
    n_snr2 = log_s / theory::memorisation_slope(p);
  if (!(n_snr2 > 0) || !std::isfinite(n_snr2)) return std::nullopt;
  if (y_axis == "nsnr2") return n_snr2;
  if (y_axis == "snr") return std::sqrt(n_snr2 / n);
  if (y_axis == "mu") return std::sqrt(n_snr2 / n * d) * p.sigma.as<double>();
  return std::nullopt;
}

RunConfig BorderSweep::config(long unit) const {
  RunConfig column = grid_.config(unit % grid_.columns(), 0L);
  column.seed += static_cast<std::uint64_t>(unit / grid_.columns());
  return column;
}

Json BorderSweep::run(long unit, SharedDraws& shared) const {
  const long column = unit % grid_.columns();
  const bool log = grid_.y.log;
  long runs = 0;
  const auto at = [&](double place) {  // a place is y, or log y
    RunConfig one = grid_.config(column, decimal_of(log ? std::exp(place) : place));
    one.seed = config(unit).seed;
    ++runs;
    return property(border_, one, shared);
  };
  std::vector<double> places, values;
  for (const auto& y : grid_.y.values) {
    places.push_back(log ? std::log(y.as<double>()) : y.as<double>());
    values.push_back(at(places.back()));
  }
  const double resolution = log ? 1e-3 : 1e-3 * (places.back() - places.front());
  long crossings = 0;
  Json found = {{"y", nullptr}};
  for (std::size_t k = 1; k < places.size(); ++k) {
    if ((values[k - 1] > 0) == (values[k] > 0)) continue;
    if (crossings++ > 0) continue;
    std::uintmax_t most = 60;
    const auto narrow = [&](double a, double b) { return std::abs(b - a) <= resolution; };
    const auto [low, high] =
        boost::math::tools::toms748_solve(at, places[k - 1], places[k], values[k - 1], values[k], narrow, most);
    const double middle = (low + high) / 2;
    found["y"] = log ? std::exp(middle) : middle;
  }
  if (crossings == 0) found["beyond"] = (values.front() > 0) == holds_above(border_.kind) ? "low" : "high";
  found["crossings"] = crossings;
  found["runs"] = runs;
  return found;
}

std::vector<double> BorderSweep::borders(std::span<const Json> found, long column) const {
  std::vector<double> values;
  for (long seed = 0; seed < seeds_; ++seed) {
    const Json& one = found[static_cast<std::size_t>(seed * grid_.columns() + column)];
    if (one.at("y").is_number())
      values.push_back(one.at("y"));
    else
      values.push_back(one.at("beyond") == "low" ? -infinity : infinity);
  }
  return values;
}

std::vector<Json> BorderSweep::merge(std::span<const Json> found) const {
  const auto drawn = draw_resamples(grid_.base.seed, seeds_);
  std::vector<Json> lines;
  for (long column = 0; column < grid_.columns(); ++column) {
    const std::vector<double> values = borders(found, column);
    const double y = median(values);
    std::vector<double> medians;
    for (const auto& chosen : drawn) medians.push_back(median_of(values, chosen));
    const auto [low, high] = percentiles(medians);
    const RunConfig at_border = std::isfinite(y) ? grid_.config(column, decimal_of(y)) : grid_.config(column, 0L);
    Json line = {{"column", column},
                 {"x", grid_.x.values[static_cast<std::size_t>(column)].as<double>()},
                 {"border", text_of(border_choices, border_.kind)},
                 {"y", finite(y)},
                 {"low", finite(low)},
                 {"high", finite(high)},
                 {"snr", std::isfinite(y) ? Json(theory::snr(at_border.parameters)) : Json(nullptr)},
                 {"n_snr2", std::isfinite(y) ? Json(theory::n_snr2(at_border.parameters)) : Json(nullptr)},
                 {"log_s", log_s_of_horizon(at_border)}};
    const auto predicted = predicted_border(border_, at_border, grid_.y.name);
    line["predicted"] = predicted ? Json(*predicted) : Json(nullptr);
    line["seeds"] = seeds_;
    line["crossed"] = std::count_if(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
    long again = 0;
    for (long seed = 0; seed < seeds_; ++seed)
      again += found[static_cast<std::size_t>(seed * grid_.columns() + column)].at("crossings").get<long>() > 1;
    line["crossed_again"] = again;
    line["config"] = config_json(at_border);
    line.update(provenance_json(at_border));
    lines.push_back(std::move(line));
  }
  return lines;
}

Json BorderSweep::conclusion(std::span<const Json> found) const {
  // The columns whose median is finite.
  struct Column {
    double x, log_s;
    std::vector<double> borders;
    RunConfig config;
  };
  std::vector<Column> columns;
  for (long c = 0; c < grid_.columns(); ++c) {
    const std::vector<double> values = borders(found, c);
    const double y = median(values), x = grid_.x.values[static_cast<std::size_t>(c)].as<double>();
    if (!std::isfinite(y) || x <= 0 || y <= 0) continue;
    const RunConfig config = grid_.config(c, decimal_of(y));
    columns.push_back({x, log_s_of_horizon(config), values, config});
  }
  if (columns.size() < 3) return nullptr;
  const auto drawn = draw_resamples(grid_.base.seed, seeds_);

  // {"value", "low", "high"} of the slope through points made from the medians of each resample.
  const auto fit = [&](const auto& point) {
    const auto slope_of = [&](const auto& median_in) {
      std::vector<double> x, y;
      for (const Column& column : columns) {
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
    return Json{{"value", finite(slope_of([](const auto& values) { return median(values); }))},
                {"low", finite(low)},
                {"high", finite(high)}};
  };

  Json json;
  json["exponent"] = fit([](const Column& column, double y) { return std::pair{std::log(column.x), std::log(y)}; });
  std::vector<double> log_x, log_predicted;
  for (const Column& column : columns)
    if (const auto predicted = predicted_border(border_, column.config, grid_.y.name))
      log_x.push_back(std::log(column.x)), log_predicted.push_back(std::log(*predicted));
  json["exponent"]["predicted"] = log_x.size() == columns.size() ? finite(slope(log_x, log_predicted)) : Json(nullptr);
  json["law"] = grid_.y.name + " ~ " + grid_.x.name + "^exponent";
  json["columns"] = columns.size();
  if (const auto law = motion(border_.kind, columns.front().config.parameters);
      law && (grid_.x.name == "log-s-max" || grid_.x.name == "steps")) {
    json["motion"] = fit([&](const Column& column, double y) {
      RunConfig config = column.config;
      set_axis(config, grid_.y.name, decimal_of(y));
      return law->coordinates(theory::n_snr2(config.parameters), column.log_s);
    });
    json["motion"]["predicted"] = finite(law->predicted);
    json["motion"]["slope_of"] = law->of;
  }
  return json;
}

Json BorderSweep::description() const {
  Json json = grid_description(grid_, seeds_);
  json["border"] = {{"name", text_of(border_choices, border_.kind)},
                    {"level", is_of_test(border_.kind) ? Json(border_.level) : Json(nullptr)}};
  return json;
}

}  // namespace benign::sim

// Where a property of runs begins or ends in a column of the grid, with one seed.

#include "sim/sweeps/border.hpp"

#include "sim/sweeps/cells.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/memorisation.hpp"
#include "theory/numbers/elementary.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace benign::sim {
namespace {

/// Brackets are refined until they are this narrow, relative to y on a logarithmic axis and to its range else.
constexpr double resolution = 1e-3;

/// Whether the property holds above the border, in y, and not below it: more signal helps the test, and hinders
/// memorisation.
bool holds_above(BorderKind kind) { return kind == BorderKind::gap || Border{kind, 0}.of_test(); }

/// Of the flipped samples of the class whose smallest margin is the larger.
template <class Real>
double margin_of_first_class(const Run<Real>& run, const Observation<Real>& seen) {
  double best = -std::numeric_limits<double>::infinity();
  for (const int y : {+1, -1})
    if (const auto margin = smallest_margin(run.frame().samples, run.frame().noisy, seen.outputs,
                                            [y](bool noisy, int label) { return noisy && label == y; }))
      best = std::max(best, representative(*margin));
  return best;
}

/// The margin that half of the flipped samples, rounded up, have at least.
template <class Real>
double median_flipped_margin(const Run<Real>& run, const Observation<Real>& seen) {
  std::vector<double> margins;
  const auto& samples = run.frame().samples;
  for (Index i = 0; i < samples.n; ++i)
    if (const auto at = static_cast<std::size_t>(i); run.frame().noisy[at])
      margins.push_back(representative<Real>(samples.labels[at] * seen.outputs[i]));
  std::sort(margins.begin(), margins.end());
  return margins.at(margins.size() / 2);
}

/// Positive where the property holds.
double property(const Border& border, const RunConfig& config, SharedDraws& shared) {
  return with_precision(config.precision, [&]<class Real>(std::type_identity<Real>) {
    const Run<Real> run(config, border.of_test() ? QNorm::needed : QNorm::not_needed, shared);
    const auto [state, seen] = run_to_end(run);
    const auto smallest = [&, &seen = seen](const auto& counts) {
      return representative(*smallest_margin(run.frame().samples, run.frame().noisy, seen.outputs, counts));
    };
    switch (border.kind) {
      case BorderKind::gap:
        return std::min(representative(seen.readout.mu_plus_q), representative(seen.readout.mu_minus_q)) -
               elementary::log(static_cast<double>(config.parameters.T));
      case BorderKind::memorised: return margin_of_first_class(run, seen);
      case BorderKind::memorised_half: return median_flipped_margin(run, seen);
      case BorderKind::memorised_all: return smallest([](bool noisy, int) { return noisy; });
      case BorderKind::fit: return smallest([](bool, int) { return true; });
      case BorderKind::test_loss: return border.level - run.test_loss(state);
      case BorderKind::test_error: break;
    }
    return border.level - (1 - run.test(state)->accuracy);
  });
}

}  // namespace

RunConfig BorderSweep::config(long unit) const {
  RunConfig column = grid_.config(unit % grid_.columns(), 0L);
  column.seed += static_cast<std::uint64_t>(unit / grid_.columns());
  return column;
}

BorderRun BorderSweep::run(long unit, SharedDraws& shared) const {
  const long column = unit % grid_.columns();
  const bool log = grid_.y.log;
  BorderRun found;
  const auto at = [&](double place) {  // a place is y, or log y
    RunConfig one = grid_.config(column, decimal_of(log ? elementary::exp(place) : place));
    one.seed = config(unit).seed;
    ++found.runs;
    return property(border_, one, shared);
  };
  std::vector<double> places, values;
  for (const auto& y : grid_.y.values) {
    places.push_back(log ? elementary::log(y.as<double>()) : y.as<double>());
    values.push_back(at(places.back()));
  }
  const double width = log ? resolution : resolution * (places.back() - places.front());
  for (std::size_t k = 1; k < places.size(); ++k) {
    if ((values[k - 1] > 0) == (values[k] > 0)) continue;
    if (found.crossings++ > 0) continue;
    std::uintmax_t most = 60;
    const auto narrow = [&](double a, double b) { return std::abs(b - a) <= width; };
    const auto [low, high] =
        boost::math::tools::toms748_solve(at, places[k - 1], places[k], values[k - 1], values[k], narrow, most);
    const double middle = (low + high) / 2;
    found.y = log ? elementary::exp(middle) : middle;
  }
  if (found.crossings == 0)
    found.beyond = (values.front() > 0) == holds_above(border_.kind) ? Beyond::low : Beyond::high;
  return found;
}

std::optional<double> predicted_border(const Border& border, const RunConfig& config, const std::string& y_axis) {
  if (!config.model.empty() || !theory::papers_data(config.parameters)) return std::nullopt;
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

double log_s_of_horizon(const RunConfig& config) { return log_s_of_u(horizon<double>(config)); }

}  // namespace benign::sim

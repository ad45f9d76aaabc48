#include "sim/sweeps/cell_borders.hpp"

#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace benign::sim {
namespace {

/// Positive on one side of the border and negative on the other; nothing where it is not known.
using Side = std::function<std::optional<double>(const Cell& cell, const RunConfig& config)>;

CellBorder border(const CellSweep& sweep, const std::vector<Cell>& cells, const char* name, const char* option,
                  const Side& side) {
  const Grid& grid = sweep.grid();
  CellBorder found{name, option, {}, 0};
  for (long column = 0; column < grid.columns(); ++column) {
    auto& y = found.y.emplace_back();
    std::optional<double> before;
    double place_before = 0;
    long crossings = 0;
    for (long row = 0; row < grid.rows(); ++row) {
      const auto value = side(cells[static_cast<std::size_t>(row * grid.columns() + column)], grid.config(column, row));
      const double at = grid.y.values[static_cast<std::size_t>(row)].as<double>();
      const double place = grid.y.log ? elementary::log(at) : at;
      if (value && before && (*value > 0) != (*before > 0) && crossings++ == 0) {
        const double middle = place_before + (place - place_before) * *before / (*before - *value);
        y = grid.y.log ? elementary::exp(middle) : middle;
      }
      if (value) before = value, place_before = place;
    }
    found.again += crossings > 1;
  }
  return found;
}

}  // namespace

std::vector<CellBorder> cell_borders(const CellSweep& sweep, const std::vector<Cell>& cells) {
  if (sweep.grid().base.brought) return {};
  std::vector<CellBorder> borders;
  const auto add = [&](const char* name, const char* option, const Side& side) {
    CellBorder one = border(sweep, cells, name, option, side);
    if (std::any_of(one.y.begin(), one.y.end(), [](const auto& y) { return y.has_value(); }))
      borders.push_back(std::move(one));
  };
  using elementary::log;
  add("half of the flipped labels fitted", "memorised_half",
      [](const Cell& cell, const RunConfig& config) -> std::optional<double> {
        const auto& accuracy = cell.over_seeds[Quantity::train_accuracy].mean;
        if (!accuracy || theory::noise_count(config.parameters) == 0) return std::nullopt;
        return *accuracy - theory::half_fitted_accuracy(config.parameters);
      });
  add("test loss half way to its floor", "test_loss", [](const Cell& cell, const RunConfig&) -> std::optional<double> {
    const auto& loss = cell.over_seeds[Quantity::test_loss].mean;
    if (!loss) return std::nullopt;
    return theory::generalisation_level() - *loss;
  });
  add("SNR = d^(-1/4)", "", [](const Cell&, const RunConfig& config) -> std::optional<double> {
    return log(theory::snr(config.parameters) / theory::borders(config.parameters).harmful);
  });
  add("SNR = n^(-1/2)", "", [](const Cell&, const RunConfig& config) -> std::optional<double> {
    return log(theory::snr(config.parameters) / theory::borders(config.parameters).not_overfitting);
  });
  add("n SNR^2 = x_c", "", [](const Cell&, const RunConfig& config) -> std::optional<double> {
    const double x_c = theory::turning_point(config.parameters);
    if (!std::isfinite(x_c)) return std::nullopt;
    return log(theory::n_snr2(config.parameters) / x_c);
  });
  return borders;
}

}  // namespace benign::sim

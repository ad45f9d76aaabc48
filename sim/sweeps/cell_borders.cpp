#include "sim/sweeps/cell_borders.hpp"

#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace benign::sim {
namespace {

/// Positive on one side of the border and negative on the other; nothing where it is not known.
using Side = std::function<std::optional<double>(const Cell& cell)>;
using PredictedSide = std::function<std::optional<double>(const RunConfig& config)>;

double place_of(const Axis& axis, std::size_t row) {
  const double y = axis.values[row].as<double>();
  return axis.log ? elementary::log(y) : y;
}
double y_at(const Axis& axis, double place) { return axis.log ? elementary::exp(place) : place; }

/// Fills in the crossings of a side that is known in rows: `between` says where, from two neighbouring rows.
void cross(const Grid& grid, CellBorder& found, const std::function<std::optional<double>(long column, long row)>& side,
           const std::function<double(long column, std::size_t before, std::size_t row)>& between) {
  for (long column = 0; column < grid.columns(); ++column) {
    auto& y = found.y.emplace_back();
    std::optional<double> value_before;
    std::size_t row_before = 0;
    long crossings = 0;
    for (long row = 0; row < grid.rows(); ++row) {
      const auto value = side(column, row);
      if (!value) continue;
      const auto at = static_cast<std::size_t>(row);
      if (value_before && (*value > 0) != (*value_before > 0) && crossings++ == 0)
        y = y_at(grid.y, between(column, row_before, at));
      value_before = value, row_before = at;
    }
    found.again += crossings > 1;
  }
}

/// Of what cells tell: linear between two neighbouring ones.
CellBorder measured(const CellSweep& sweep, const std::vector<Cell>& cells, const char* name, const char* option,
                    const Side& side) {
  const Grid& grid = sweep.grid();
  CellBorder found{name, option, {}, 0};
  const auto in = [&](long column, long row) { return side(element(cells, row * grid.columns() + column)); };
  cross(grid, found, in, [&](long column, std::size_t before, std::size_t row) {
    const double a = *in(column, static_cast<long>(before)), b = *in(column, static_cast<long>(row));
    const double low = place_of(grid.y, before), high = place_of(grid.y, row);
    return low + (high - low) * a / (a - b);
  });
  return found;
}

/// Of a formula in the parameters: halved down to a double's last digits, or to two neighbouring whole numbers.
CellBorder predicted(const CellSweep& sweep, const char* name, const PredictedSide& side) {
  const Grid& grid = sweep.grid();
  CellBorder found{name, "", {}, 0};
  cross(
      grid, found, [&](long column, long row) { return side(grid.config(column, row)); },
      [&](long column, std::size_t before, std::size_t row) {
        double low = place_of(grid.y, before), high = place_of(grid.y, row);
        const bool whole = is_whole(grid.y.name);
        const double unit = grid.y.name == "n" ? 2 : 1;
        const bool positive = *side(grid.config(column, static_cast<long>(before))) > 0;
        for (int halvings = 0; halvings < 60; ++halvings) {
          if (whole && y_at(grid.y, high) - y_at(grid.y, low) <= unit) break;
          const double middle = (low + high) / 2, y = y_at(grid.y, middle);
          const double asked = whole ? unit * std::round(y / unit) : y;
          const auto value = side(grid.config(column, decimal_of(asked)));
          (value && (*value > 0) == positive ? low : high) = middle;
        }
        return (low + high) / 2;
      });
  return found;
}

}  // namespace

std::vector<CellBorder> cell_borders(const CellSweep& sweep, const std::vector<Cell>& cells) {
  if (sweep.grid().base.brought) return {};
  std::vector<CellBorder> borders;
  const auto add = [&](CellBorder one) {
    if (std::any_of(one.y.begin(), one.y.end(), [](const auto& y) { return y.has_value(); }))
      borders.push_back(std::move(one));
  };
  using elementary::log;
  const auto config_of = [&](const Cell& cell) { return sweep.grid().config(cell.column, cell.row); };
  add(measured(sweep, cells, "half of the flipped labels fitted", "memorised_half",
               [&](const Cell& cell) -> std::optional<double> {
                 const auto& accuracy = cell.over_seeds[Quantity::train_accuracy].mean;
                 const auto parameters = config_of(cell).parameters;
                 if (!accuracy || theory::noise_count(parameters) == 0) return std::nullopt;
                 if (parameters.flips == theory::Flips::independent) return std::nullopt;  // of an unknown number
                 return *accuracy - theory::half_fitted_accuracy(parameters);
               }));
  add(measured(sweep, cells, "test loss half way to its floor", "test_loss",
               [](const Cell& cell) -> std::optional<double> {
                 const auto& loss = cell.over_seeds[Quantity::test_loss].mean;
                 if (!loss) return std::nullopt;
                 return theory::generalisation_level() - *loss;
               }));
  if (!theory::papers_data(sweep.grid().base.parameters)) return borders;  // which predictions speak of
  add(predicted(sweep, "SNR = d^(-1/4)", [](const RunConfig& config) -> std::optional<double> {
    return log(theory::snr(config.parameters) / theory::borders(config.parameters).harmful);
  }));
  add(predicted(sweep, "SNR = n^(-1/2)", [](const RunConfig& config) -> std::optional<double> {
    return log(theory::snr(config.parameters) / theory::borders(config.parameters).not_overfitting);
  }));
  add(predicted(sweep, "n SNR^2 = x_c", [](const RunConfig& config) -> std::optional<double> {
    const double x_c = theory::turning_point(config.parameters);
    if (!std::isfinite(x_c)) return std::nullopt;
    return log(theory::n_snr2(config.parameters) / x_c);
  }));
  return borders;
}

}  // namespace benign::sim

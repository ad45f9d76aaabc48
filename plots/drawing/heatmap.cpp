#include "plots/drawing/heatmap.hpp"

#include <algorithm>
#include <cmath>

namespace benign::plots {
namespace {

/// The smallest of 1, 2 and 5 times powers of ten that divides the range into at most six.
double round_step(double low, double high) {
  const double power = std::pow(10.0, std::floor(std::log10((high - low) / 6)));
  for (const double digit : {1.0, 2.0, 5.0})
    if ((high - low) / (digit * power) <= 6) return digit * power;
  return 10 * power;
}

/// 1, 2 and 5 times powers of ten, within more than two decades powers alone, and where a range holds hardly any of
/// them multiples of a round step; as gnuplot's list of tics.
std::string logarithmic_tics(double low, double high) {
  std::string tics;
  const auto add = [&](double at, const std::string& label) {
    tics += (tics.empty() ? "" : ", ") + quoted(label) + " " + format("%.12g", at);
  };
  if (high / low < 5) {
    const double step = round_step(low, high);
    for (double k = std::ceil(low / step); k * step <= high; ++k) add(k * step, format("%.6g", k * step));
    return "(" + tics + ")";
  }
  const bool many = std::log10(high / low) > 2.5;
  for (int power = static_cast<int>(std::floor(std::log10(low))); std::pow(10.0, power) <= high; ++power)
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double at = digit * std::pow(10.0, power);
      if (at < low || at > high || (many && digit != 1)) continue;
      add(at, power < -3 || power > 4 ? power_of_ten(power, digit) : format("%.12g", at));
    }
  return "(" + tics + ")";
}

/// Multiples of a round step, at most six of them.
std::string linear_tics(double low, double high) { return format("%.12g", round_step(low, high)); }

/// A cell's upper end in column `column`, moved a pixel of the axis' `pixels` under the next cell: no seam shows
/// between.
std::string reaching(int column, const SweepAxis& axis, int pixels) {
  const auto edges = cell_edges(axis);
  const double step = (axis.scaled(edges.back()) - axis.scaled(edges.front())) / pixels;
  return "($" + std::to_string(column) +
         (axis.log ? "*" + format("%.10g", std::exp(step)) : "+" + format("%.10g", step)) + ")";
}

}  // namespace

std::vector<double> cell_edges(const SweepAxis& axis) {
  const auto& values = axis.values;
  const std::size_t count = values.size();
  const auto place = [&](std::size_t k) { return axis.scaled(values[k]); };
  if (count == 1) return {axis.unscaled(place(0) - 0.5), axis.unscaled(place(0) + 0.5)};
  std::vector<double> edges;
  edges.push_back(axis.unscaled(place(0) - (place(1) - place(0)) / 2));
  for (std::size_t k = 1; k < count; ++k) edges.push_back(axis.unscaled((place(k - 1) + place(k)) / 2));
  edges.push_back(axis.unscaled(place(count - 1) + (place(count - 1) - place(count - 2)) / 2));
  return edges;
}

Table cell_block(const Sweep& sweep, const std::vector<std::string>& columns,
                 const std::function<double(const nlohmann::json& cell, std::size_t column)>& quantity) {
  const auto x = cell_edges(sweep.x), y = cell_edges(sweep.y);
  std::vector<std::string> names{"x", "y", "left", "right", "lower", "upper"};
  names.insert(names.end(), columns.begin(), columns.end());
  Table table(names, sweep.x.name + " and " + sweep.y.name);
  for (std::size_t k = 0; k < sweep.records.size(); ++k) {
    const std::size_t ix = k % sweep.x.values.size(), iy = k / sweep.x.values.size();
    std::vector<double> row{sweep.x.values[ix], sweep.y.values[iy], x[ix], x[ix + 1], y[iy], y[iy + 1]};
    for (std::size_t column = 0; column < columns.size(); ++column) row.push_back(quantity(sweep.records[k], column));
    table.add(row);
  }
  return table;
}

Table line_block(const Sweep& sweep, const std::string& name, const std::vector<double>& quantity, bool logarithmic) {
  SweepAxis x = sweep.x, y = sweep.y;
  x.log |= logarithmic && x.values.front() > 0, y.log |= logarithmic && y.values.front() > 0;
  Grid grid{x.values, y.values, quantity};
  for (double& value : grid.x) value = x.scaled(value);
  for (double& value : grid.y) value = y.scaled(value);
  Table table({"x", "y"}, name);
  for (const Line& line : zero_lines(grid)) {
    for (const auto& [px, py] : line) table.add({x.unscaled(px), y.unscaled(py)});
    table.gap();
  }
  return table;
}

std::string axis_setting(char direction, const SweepAxis& axis, double low, double high) {
  const std::string name(1, direction), range = "[" + format("%.10g", low) + ":" + format("%.10g", high) + "]";
  return (axis.log ? "set logscale " + name + "\nset " + name + "tics " + logarithmic_tics(low, high)
                   : "unset logscale " + name + "\nset " + name + "tics " + linear_tics(low, high)) +
         " nomirror out\nset " + name + "range " + range + "\nset " + name + "label " + quoted(axis.label()) + "\n";
}

std::string cell_axes(const Sweep& sweep, bool transposed) {
  const auto x = cell_edges(sweep.x), y = cell_edges(sweep.y);
  return axis_setting(transposed ? 'y' : 'x', sweep.x, x.front(), x.back()) +
         axis_setting(transposed ? 'x' : 'y', sweep.y, y.front(), y.back());
}

std::string placement(const Figure& figure, const Place& place) {
  const auto across = [&](double pixels) { return format("%.5f", pixels / figure.width); };
  const auto up = [&](double pixels) { return format("%.5f", pixels / figure.height); };
  return "set lmargin at screen " + across(place.left) + "\nset rmargin at screen " + across(place.left + place.width) +
         "\nset bmargin at screen " + up(place.bottom) + "\nset tmargin at screen " + up(place.bottom + place.height) +
         "\nset colorbox vertical user origin screen " + across(place.left + place.width + 14) + "," +
         up(place.bottom) + " size screen " + across(16) + "," + up(place.height) +
         "\nset cbtics out nomirror scale 0.6\n";
}

std::string cells_plot(const Figure& figure, const Sweep& sweep, const Place& place, const std::string& quantity,
                       bool transposed, const char* colour) {
  const Table& cells = figure.blocks.front();
  std::string x = cells.columns({"x"}), y = cells.columns({"y"}),
              x_ends = cells.columns({"left"}) + ":" +
                       reaching(cells.column("right"), sweep.x, transposed ? place.height : place.width),
              y_ends = cells.columns({"lower"}) + ":" +
                       reaching(cells.column("upper"), sweep.y, transposed ? place.width : place.height);
  if (transposed) std::swap(x, y), std::swap(x_ends, y_ends);
  return "'@DATA' index 0 using " + x + ":" + y + ":" + x_ends + ":" + y_ends + ":" + cells.columns({quantity}) +
         " with boxxyerror fs solid 1 noborder lc " + colour + " notitle";
}

}  // namespace benign::plots

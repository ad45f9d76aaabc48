#pragma once
// Panels of a sweep's cells in colours, with lines over them.

#include "plots/drawing/contour.hpp"
#include "plots/drawing/figure.hpp"
#include "plots/records/sweep.hpp"

#include <functional>

namespace benign::plots {

/// A rectangle of the picture, in pixels from its lower left corner.
struct Place {
  int left, bottom, width, height;
};

/// The ends of cells whose centres are `axis.values`: half way, on the axis' own scale, to the next; one more than
/// those.
std::vector<double> cell_edges(const SweepAxis& axis);

/// One row for each cell: x, y, its left, right, lower and upper end, and one column for each quantity.
Table cell_block(const Sweep& sweep, const std::vector<std::string>& columns,
                 const std::function<double(const nlohmann::json& cell, std::size_t column)>& quantity);

/// Points of the lines where a quantity of cells vanishes, x and y on the scales of `axes` or both in logarithms:
/// straight between cells there. Empty where there is none.
Table line_block(const Sweep& sweep, const std::string& name, const std::vector<double>& quantity, bool logarithmic);

/// gnuplot's setting of one axis, 'x' or 'y': its scale, its range (the cells' ends), its tics and its label.
std::string axis_setting(char direction, const SweepAxis& axis, double low, double high);

/// Both axes of the cells, x upwards where they are transposed.
std::string cell_axes(const Sweep& sweep, bool transposed = false);

/// gnuplot's setting that puts the next plot into `place`, and its colour bar to the right of it.
std::string placement(const Figure& figure, const Place& place);

/// The plot of a quantity of the figure's block 0, which `cell_block` wrote, into `place`, with x upwards where it is
/// transposed; cells without a value show what is behind. With `colour` "rgb variable" the quantity is a colour itself.
std::string cells_plot(const Figure& figure, const Sweep& sweep, const Place& place, const std::string& quantity,
                       bool transposed = false, const char* colour = "palette");

}  // namespace benign::plots

#pragma once
// Lines on which a function given on a grid vanishes, by marching squares.

#include <utility>
#include <vector>

namespace benign::plots {

struct Grid {
  std::vector<double> x, y;    ///< rising
  std::vector<double> values;  ///< at (x[ix], y[iy]): number iy · |x| + ix; NaN where it is not known
};

using Line = std::vector<std::pair<double, double>>;  ///< points (x, y); the first again at the end where it is closed

/// Where the function, linear along every edge of the grid, changes sign. A square with an unknown corner has no line;
/// at a saddle the mean of the four corners says which two hang together.
std::vector<Line> zero_lines(const Grid& grid);

}  // namespace benign::plots

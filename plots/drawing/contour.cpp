#include "plots/drawing/contour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>

namespace benign::plots {
namespace {

/// Edges are numbered by their lower left corner: twice its number for the horizontal one, and 1 more for the vertical.
using Edge = std::size_t;

class Lines {
 public:
  explicit Lines(const Grid& grid) : grid_(grid) {
    for (std::size_t iy = 0; iy + 1 < grid.y.size(); ++iy)
      for (std::size_t ix = 0; ix + 1 < grid.x.size(); ++ix) cross(corner(ix, iy));
  }

  /// Open lines from an end, then what is left: closed ones.
  std::vector<Line> take() {
    std::vector<Line> lines;
    for (const bool open : {true, false})
      while (true) {
        auto start = neighbours_.begin();
        while (start != neighbours_.end() && open && start->second.size() != 1) ++start;
        if (start == neighbours_.end()) break;
        // A corner where the function is 0 and all around it positive gives a line of one place.
        if (Line line = follow(start->first);
            std::any_of(line.begin(), line.end(), [&](const auto& point) { return point != line.front(); }))
          lines.push_back(std::move(line));
      }
    return lines;
  }

 private:
  std::size_t corner(std::size_t ix, std::size_t iy) const { return iy * grid_.x.size() + ix; }

  void cross(std::size_t a) {
    const std::size_t b = a + 1, d = a + grid_.x.size(), c = d + 1;
    const std::array<double, 4> value = {grid_.values[a], grid_.values[b], grid_.values[c], grid_.values[d]};
    for (const double v : value)
      if (std::isnan(v)) return;
    const std::array<Edge, 4> edge = {2 * a, 2 * b + 1, 2 * d, 2 * a + 1};  // bottom, right, top, left
    std::array<Edge, 4> crossed{};
    std::size_t count = 0;
    for (std::size_t k = 0; k < 4; ++k)
      if ((value[k] > 0) != (value[(k + 1) % 4] > 0)) crossed[count++] = edge[k];
    if (count == 2) join(crossed[0], crossed[1]);
    if (count != 4) return;
    const bool with_first = (value[0] + value[1] + value[2] + value[3] > 0) == (value[0] > 0);
    join(edge[0], edge[with_first ? 1 : 3]);
    join(edge[2], edge[with_first ? 3 : 1]);
  }

  void join(Edge first, Edge second) {
    neighbours_[first].push_back(second);
    neighbours_[second].push_back(first);
  }

  /// Removes the line through `at`, an end of it where it has one.
  Line follow(Edge at) {
    Line line = {point(at)};
    for (auto here = neighbours_.find(at); here != neighbours_.end(); here = neighbours_.find(at)) {
      const Edge next = here->second.back();
      remove(at, next);
      remove(next, at);
      at = next;
      line.push_back(point(at));
    }
    return line;
  }

  void remove(Edge from, Edge to) {
    auto& edges = neighbours_[from];
    for (std::size_t k = 0; k < edges.size(); ++k)
      if (edges[k] == to) {
        edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(k));
        break;
      }
    if (edges.empty()) neighbours_.erase(from);
  }

  std::pair<double, double> point(Edge edge) const {
    const std::size_t a = edge / 2, width = grid_.x.size(), b = edge % 2 ? a + width : a + 1;
    const double share = grid_.values[a] / (grid_.values[a] - grid_.values[b]);
    const double xa = grid_.x[a % width], xb = grid_.x[b % width], ya = grid_.y[a / width], yb = grid_.y[b / width];
    return {xa + share * (xb - xa), ya + share * (yb - ya)};
  }

  const Grid& grid_;
  std::map<Edge, std::vector<Edge>> neighbours_;
};

}  // namespace

std::vector<Line> zero_lines(const Grid& grid) { return Lines(grid).take(); }

}  // namespace benign::plots

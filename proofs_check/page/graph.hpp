#pragma once
// The map of the argument: a node for each check, an edge from what an argument builds on to what it argues for.
// Graphviz lays it out; the drawing is the page's own, so that a browser can colour it anew for each setting.

#include "proofs_check/page/statements.hpp"

namespace benign::proofs::page {

/// Places in pixels, from the upper left corner.
struct Layout {
  struct Point {
    double x = 0, y = 0;
  };
  struct Node {
    Point centre;
    double width = 0, height = 0;
  };
  struct Edge {
    std::size_t from = 0, to = 0;  ///< of the nodes
    std::vector<Point> points;     ///< a start, then three for each cubic Bézier curve
  };
  double width = 0, height = 0;
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

/// The graph in Graphviz's language, from left to right or from above, assumptions first; nodes are numbered, so that no name of theirs is in it.
std::string dot_of(const std::vector<Statement>& statements, bool sideways);

/// What 'dot -Tplain' says about a graph of that many nodes. Throws Unfinished where that is not a layout.
Layout parse_plain(const std::string& text, std::size_t nodes);

/// Throws Unfinished where Graphviz is missing or fails.
Layout lay_out(const std::vector<Statement>& statements, bool sideways);

/// As an SVG element with a title.
std::string svg_of(const std::vector<Statement>& statements, const Layout& layout, const std::string& title);

/// Two maps: of the argument, and of what its numbers rest on, which nothing in the argument uses.
std::string maps_html(const std::vector<Statement>& statements);

}  // namespace benign::proofs::page

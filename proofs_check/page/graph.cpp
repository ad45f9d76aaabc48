#include "proofs_check/page/graph.hpp"

#include "proofs_check/page/html.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace benign::proofs::page {
namespace {

constexpr double inch = 72;     // pixels
constexpr double letter = 6.8;  // the width of a character of a node's text
constexpr double line_height = 13.5;

/// The words of an id, one on a line.
std::vector<std::string> lines_of(const std::string& id) {
  std::vector<std::string> lines;
  std::stringstream text(id);
  for (std::string line; std::getline(text, line, '.');) lines.push_back(line);
  return lines;
}

Layout::Node size_of(const std::string& id) {
  const auto lines = lines_of(id);
  std::size_t longest = 4;
  for (const auto& line : lines) longest = std::max(longest, line.size());
  return {{}, letter * static_cast<double>(longest) + 32, line_height * static_cast<double>(lines.size()) + 13};
}

std::optional<std::size_t> place_of(const std::vector<Statement>& statements, const std::string& id) {
  for (std::size_t k = 0; k < statements.size(); ++k)
    if (statements[k].id == id) return k;
  return std::nullopt;
}

/// The outline of a node around 0, by its kind: a shape for each.
std::string outline(const std::string& kind, double w, double h) {
  const double x = w / 2, y = h / 2, cut = 9;
  if (kind == "assumption") return format("M%.1f %.1fH%.1fL%.1f %.1fH%.1fZ", -x + cut, -y, x, x - cut, y, -x);
  if (kind == "lemma")
    return format("M%.1f %.1fH%.1fa%.1f %.1f 0 0 1 0 %.1fH%.1fa%.1f %.1f 0 0 1 0 %.1fZ", -x + cut, -y, x - cut, cut, y,
                  h, -x + cut, cut, y, -h);
  if (kind == "law")
    return format("M%.1f %.1fH%.1fL%.1f 0L%.1f %.1fH%.1fL%.1f 0Z", -x + cut, -y, x - cut, x, x - cut, y, -x + cut, -x);
  if (kind == "figure")
    return format("M%.1f %.1fH%.1fL%.1f %.1fV%.1fH%.1fZM%.1f %.1fV%.1fH%.1f", -x, -y, x - cut, x, -y + cut, y, -x,
                  x - cut, -y, -y + cut, x);
  std::string box = format("M%.1f %.1fH%.1fV%.1fH%.1fZ", -x, -y, x, y, -x);
  if (kind == "theorem") box += format("M%.1f %.1fH%.1fV%.1fH%.1fZ", -x + 3, -y + 3, x - 3, y - 3, -x + 3);
  return box;
}

std::string node_svg(const Statement& statement, const Layout::Node& node) {
  std::string svg =
      format("<g class=\"node kind-%s\" transform=\"translate(%.1f %.1f)\" data-w=\"%.0f\" data-h=\"%.0f\" ",
             statement.kind.c_str(), node.centre.x, node.centre.y, node.width, node.height) +
      "data-id=\"" + escaped(statement.id) + "\" role=\"button\" tabindex=\"-1\" aria-label=\"" +
      escaped(statement.id) + "\"><path class=\"shape\" d=\"" + outline(statement.kind, node.width, node.height) +
      "\"/>";
  const auto lines = lines_of(statement.id);
  double y = -line_height * (static_cast<double>(lines.size()) - 1) / 2 + 4;
  for (std::size_t k = 0; k < lines.size(); ++k, y += line_height)
    svg += format("<text x=\"7\" y=\"%.1f\"%s>", y, k == 0 ? " class=\"word\"" : "") + escaped(lines[k]) + "</text>";
  return svg + format("<text class=\"letter\" x=\"%.1f\" y=\"4.5\"></text></g>", -node.width / 2 + 15);
}

/// Standard output of a command of the shell. Throws Unfinished where it fails.
std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) throw Unfinished("the map: no shell to start Graphviz with");
  std::string text;
  char part[1 << 14];
  for (std::size_t size; (size = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, size);
  if (pclose(pipe) != 0)
    throw Unfinished("the map is laid out by Graphviz's 'dot', which is missing or failed; it is in Debian's graphviz");
  return text;
}

}  // namespace

std::string dot_of(const std::vector<Statement>& statements, bool sideways) {
  std::string dot = std::string("digraph{rankdir=") + (sideways ? "LR" : "TB") +
                    ";ranksep=0.32;nodesep=0.1;node[shape=box,fixedsize=true,label=\"\"];";
  std::string first;
  const bool any_edge =
      std::any_of(statements.begin(), statements.end(), [](const Statement& one) { return !one.uses.empty(); });
  for (std::size_t k = 0; k < statements.size(); ++k) {
    const auto size = size_of(statements[k].id);
    dot += format("n%zu[width=%.3f,height=%.3f];", k, size.width / inch, size.height / inch);
    if (statements[k].kind == "assumption") first += format("n%zu;", k);
  }
  if (!first.empty() && any_edge) dot += "{rank=min;" + first + "}";
  for (std::size_t k = 0; k < statements.size(); ++k)
    for (const std::string& id : statements[k].uses)
      if (const auto from = place_of(statements, id)) dot += format("n%zu->n%zu;", *from, k);
  return dot + "}";
}

Layout parse_plain(const std::string& text, std::size_t nodes) {
  Layout layout;
  layout.nodes.resize(nodes);
  std::size_t placed = 0;
  std::stringstream lines(text);
  const auto require = [](bool condition) {
    if (!condition) throw Unfinished("the map: Graphviz's layout cannot be read");
  };
  const auto number_of = [&](const std::string& name) {
    require(name.size() > 1 && name[0] == 'n' && name.find_first_not_of("0123456789", 1) == std::string::npos);
    const std::size_t k = std::stoul(name.substr(1));
    require(k < nodes);
    return k;
  };
  const auto point = [&](double x, double y) { return Layout::Point{x * inch, layout.height - y * inch}; };
  for (std::string line; std::getline(lines, line);) {
    std::stringstream words(line);
    std::string what, name, other;
    double scale = 1, x = 0, y = 0, w = 0, h = 0;
    words >> what;
    if (what == "graph") {
      require(static_cast<bool>(words >> scale >> w >> h));
      layout.width = w * inch, layout.height = h * inch;
    } else if (what == "node") {
      require(static_cast<bool>(words >> name >> x >> y >> w >> h));
      layout.nodes[number_of(name)] = {point(x, y), w * inch, h * inch};
      ++placed;
    } else if (what == "edge") {
      std::size_t count = 0;
      require(static_cast<bool>(words >> name >> other >> count) && count >= 4 && count % 3 == 1);
      Layout::Edge edge{number_of(name), number_of(other), {}};
      for (; count > 0; --count) {
        require(static_cast<bool>(words >> x >> y));
        edge.points.push_back(point(x, y));
      }
      layout.edges.push_back(std::move(edge));
    }
  }
  require(placed == nodes);
  return layout;
}

Layout lay_out(const std::vector<Statement>& statements, bool sideways) {
  return parse_plain(output_of("{ printf %s '" + dot_of(statements, sideways) + "' | dot -Tplain; } 2>/dev/null"),
                     statements.size());
}

std::string svg_of(const std::vector<Statement>& statements, const Layout& layout, const std::string& title) {
  std::string svg =
      format(
          "<svg class=\"map\" viewBox=\"-6 -6 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"group\" aria-label=\"",
          layout.width + 12, layout.height + 12, layout.width + 12, layout.height + 12) +
      escaped(title) + "\"><g class=\"edges\">";
  for (const auto& edge : layout.edges) {
    svg += "<path class=\"edge\" data-from=\"" + escaped(statements[edge.from].id) + "\" data-to=\"" +
           escaped(statements[edge.to].id) + "\" d=\"";
    for (std::size_t k = 0; k < edge.points.size(); ++k)
      svg += format("%s%.1f %.1f", k == 0 ? "M" : k == 1 ? "C" : " ", edge.points[k].x, edge.points[k].y);
    svg += "\" marker-end=\"url(#arrow)\"/>";
  }
  svg += "</g><g class=\"nodes\">";
  for (std::size_t k = 0; k < statements.size(); ++k) svg += node_svg(statements[k], layout.nodes[k]);
  return svg + "</g></svg>";
}

std::string maps_html(const std::vector<Statement>& statements) {
  const auto uses_any_of = [&](const Statement& one, const auto& is) {
    return std::any_of(one.uses.begin(), one.uses.end(), [&](const std::string& id) {
      const auto at = place_of(statements, id);
      return at && is(statements[*at]);
    });
  };
  const auto argued = [](const Statement& one) { return one.kind != "numerics"; };
  std::vector<Statement> argument, numbers;
  for (const Statement& one : statements) {
    const bool used = std::any_of(statements.begin(), statements.end(), [&](const Statement& other) {
      return argued(other) && std::find(other.uses.begin(), other.uses.end(), one.id) != other.uses.end();
    });
    (argued(one) || used || uses_any_of(one, argued) ? argument : numbers).push_back(one);
  }
  std::string html;
  for (const auto& [part, title] :
       {std::pair{&argument, "What is argued: from assumptions and the draw to the figures"},
        std::pair{&numbers, "What the numbers rest on"}})
    if (!part->empty())
      html += std::string("<div class=\"part\"><h3>") + title +
              "</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + title + "\">" +
              svg_of(*part, lay_out(*part, part == &argument), title) + "</div></div>\n";
  return html;
}

}  // namespace benign::proofs::page

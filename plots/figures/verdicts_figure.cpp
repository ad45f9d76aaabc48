#include "plots/figures/verdicts_figure.hpp"

#include "plots/drawing/heatmap.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// A verdict and its colour; where the margin says how firmly, its shade does too.
struct VerdictShown {
  const char *verdict, *legend, *colour;
  bool shaded;
};
constexpr VerdictShown verdicts_shown[] = {{"proved", "proved", blue, true},
                                           {"holds", "holds", green, true},
                                           {"violated", "violated (×)", vermillion, true},
                                           {"undecided", "undecided: margin within its error (?)", "#F0E442", false},
                                           {"vacuous", "vacuous: a hypothesis is unmet", "#BBBBBB", false}};

/// Of |margin| in units of the claim's size: pale at 0, full at infinity, half way at a tenth.
double depth(double relative) {
  const double size = std::abs(relative);
  return std::isfinite(size) ? size / (size + 0.1) : 1;
}

/// A quarter of the colour at depth 0.
double mixed(const char* colour, double depth) { return mixed_with_white(colour, 0.25 + 0.75 * depth); }

const VerdictShown* shown_verdict_of(const Json& cell) {
  for (const VerdictShown& one : verdicts_shown)
    if (cell["verdict"] == one.verdict) return &one;
  return nullptr;
}

double relative_margin(const Json& cell) { return number(cell["margin"]) / number(cell["scale"]); }

bool cell_speaks(const Json& cell) { return cell["verdict"].is_string() && cell["verdict"] != "vacuous"; }

constexpr const char* colour_column = "colour of the verdict";
constexpr const char* constant_column = "C";

/// x, y, the cell, its colour, verdict as a number, margin in units of the claim's size, its error, and C.
Table cells_of(const Sweep& sweep) {
  return cell_block(sweep, {colour_column, "verdict", "margin", "error", constant_column},
                    [](const Json& cell, std::size_t column) {
                      const VerdictShown* shown = shown_verdict_of(cell);
                      switch (column) {
                        case 0:
                          if (!shown) return std::nan("");
                          return mixed(shown->colour, shown->shaded ? depth(relative_margin(cell)) : 1);
                        case 1: return shown ? static_cast<double>(shown - verdicts_shown) : std::nan("");
                        case 2: return relative_margin(cell);
                        case 3: return number(cell["error"]) / number(cell["scale"]);
                        default: return cell_speaks(cell) ? number(cell["constant"]) : std::nan("");
                      }
                    });
}

/// The cells' centres of one verdict, for a mark that is read without colours.
Table marks_of(const Sweep& sweep, const std::string& verdict) {
  Table table({"x", "y"}, verdict);
  for (std::size_t k = 0; k < sweep.records.size(); ++k)
    if (sweep.records[k]["verdict"] == verdict)
      table.add({sweep.x.values[k % sweep.x.values.size()], sweep.y.values[k / sweep.x.values.size()]});
  return table;
}

std::string marks(Figure& figure, const Sweep& sweep) {
  const bool small = std::max(sweep.x.values.size(), sweep.y.values.size()) > 25;
  std::string text;
  for (const auto& [verdict, mark] : {std::pair{"violated", "×"}, {"undecided", "?"}}) {
    Table places = marks_of(sweep, verdict);
    if (places.empty()) continue;
    const std::size_t block = figure.add(std::move(places));
    text += ", \\\n     " + figure.plot(block, {"x", "y"}) + ":(" + quoted(mark) + ") with labels font '," +
            (small ? "7" : "11") + "' tc rgb '#000000' notitle";
  }
  return text;
}

/// At the foot of the figure: each verdict that a cell has, its shades and what they mean.
std::string verdicts_legend(const Figure& figure, const Sweep& sweep) {
  constexpr double depths[] = {0.01, 0.1, 1};
  std::string text;
  int row = 0, tag = 100;
  const auto screen = [&](double x, double y) {
    return "screen " + format("%.5f", x / figure.width) + ",screen " + format("%.5f", y / figure.height);
  };
  bool any_shaded = false;
  for (const VerdictShown& one : verdicts_shown) {
    const bool there = std::any_of(sweep.records.begin(), sweep.records.end(),
                                   [&](const Json& cell) { return cell["verdict"] == one.verdict; });
    if (!there) continue;
    const double y = 84 - 24 * row++;
    for (int k = 0; k < 3; ++k) {
      char colour[8];
      std::snprintf(colour, sizeof colour, "#%06x",
                    static_cast<unsigned>(mixed(one.colour, one.shaded ? depth(depths[k]) : 1)));
      text += "set object " + std::to_string(++tag) + " rectangle from " + screen(90 + 30 * k, y - 8) + " to " +
              screen(120 + 30 * k, y + 8) + " front fs solid 1 noborder fc rgb '" + colour + "'\n";
    }
    any_shaded = any_shaded || one.shaded;
    text += "set label " + std::to_string(++tag) + " " + quoted(one.legend) + " at " + screen(192, y) + " left\n";
  }
  if (any_shaded)
    text += "set label " + std::to_string(++tag) + " 'shades: |margin| of 0.01, 0.1 and 1 times the bound' at " +
            screen(90, 84 - 24 * row) + " left\n";
  return text;
}

/// Of the constants that are above 0 and finite, a range in logarithms around them and the asked one.
std::pair<double, double> constant_range(const Sweep& sweep) {
  double low = HUGE_VAL, high = 0;
  for (const Json& cell : sweep.records) {
    const double C = cell_speaks(cell) ? number(cell["constant"]) : std::nan("");
    if (C > 0 && std::isfinite(C)) low = std::min(low, C), high = std::max(high, C);
  }
  return {low, high};
}

}  // namespace

Figure verdicts_figure(const Sweep& sweep) {
  const auto [low, high] = constant_range(sweep);
  const bool constants = high > 0;
  Figure figure;
  figure.name = "verdicts";
  figure.width = constants ? 1240 : 720, figure.height = 660;
  figure.add(cells_of(sweep));
  const std::string marked = marks(figure, sweep);
  figure.script = "set multiplot title " +
                  quoted(plain_title(sweep.check) + ": " + sweep.setting() + ", " +
                         (sweep.seeds == 1 ? "one seed" : "worst of " + std::to_string(sweep.seeds) + " seeds")) +
                  "\nset datafile missing 'nan'\nset border lc '#555555' front\nset tics textcolor '#000000' front\n"
                  "unset key\n" +
                  cell_axes(sweep) + verdicts_legend(figure, sweep);
  const Place left = {90, 190, 430, 390};
  figure.script += placement(figure, left) + "unset colorbox\nset title 'verdict, and margin by shade'\nplot " +
                   cells_plot(figure, sweep, left, colour_column, false, "rgb variable") + marked + "\n";
  if (constants) {
    const Place right = {670, 190, 400, 390};
    figure.script +=
        "unset object\nunset label\n"
        "set object 1 rectangle from graph 0,0 to graph 1,1 behind fc rgb '#d8d8d8' fs noborder\n" +
        std::string(viridis) + placement(figure, right) + "set colorbox\nset ylabel ''\n" +
        (high > 20 * low ? "set logscale cb\n" : "") +
        (high > low ? "set cbrange [" + format("%.6g", low) + ":" + format("%.6g", high) + "]\n" : "") +
        "set cblabel 'C'\nset title 'the C of the claim where it speaks (grey: it does not)'\nplot " +
        cells_plot(figure, sweep, right, constant_column) + marked + "\n";
  }
  figure.script += "unset multiplot\n";
  return figure;
}

}  // namespace benign::plots

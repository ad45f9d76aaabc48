#include "plots/figures/proofs_figure.hpp"

#include "plots/drawing/heatmap.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// A class of runs: its key in the records, its words and its colour.
struct RunClass {
  const char *key, *legend, *colour;
};
constexpr const char* yellow = "#F0E442";
constexpr RunClass regime_classes[] = {
    {"benign", "benign: all labels right, small test error", blue},
    {"harmful", "harmful: all labels right, large test error", vermillion},
    {"not_overfitting", "not overfitting: no flipped label right, small error", green},
    {"neither", "neither: some flipped labels right, or nothing learnt", "#BBBBBB"},
    {"undecided", "undecided (?)", yellow}};
constexpr RunClass verdict_classes[] = {
    {"proved", "proved", blue}, {"violated", "refuted", vermillion}, {"undecided", "undecided (?)", yellow}};

/// A panel: its title, the classes, and where a cell counts them.
struct ProofPanel {
  std::string title;
  std::span<const RunClass> classes;
  std::function<const Json&(const Json& cell)> counts;
};

bool tells_regimes(const Sweep& sweep) {
  return std::any_of(sweep.records.begin(), sweep.records.end(), [](const Json& cell) {
    return std::any_of(cell["proved_regimes"].begin(), cell["proved_regimes"].end(),
                       [](const Json& count) { return count > 0; });
  });
}

std::vector<ProofPanel> panels_of(const Sweep& sweep) {
  if (tells_regimes(sweep))
    return {{"proved", regime_classes, [](const Json& cell) -> const Json& { return cell["proved_regimes"]; }},
            {"computed in double", regime_classes,
             [](const Json& cell) -> const Json& { return cell["computed_regimes"]; }}};
  std::vector<ProofPanel> panels;
  for (std::size_t k = 0; k < sweep.claims.size(); ++k)
    panels.push_back({sweep.claims[k], verdict_classes,
                      [k](const Json& cell) -> const Json& { return cell["claims"][k]["verdicts"]; }});
  return panels;
}

/// The class that most of a cell's runs are of, and their share; nothing where none is known.
struct Commonest {
  const RunClass* of = nullptr;
  double share = 0;
};
Commonest commonest_of(const ProofPanel& panel, const Json& cell) {
  Commonest found;
  double all = 0, most = 0;
  for (const RunClass& one : panel.classes) {
    const double count = number(panel.counts(cell)[one.key]);
    all += count;
    if (count > most) found.of = &one, most = count;
  }
  if (found.of) found.share = most / all;
  return found;
}

std::string colour_of_panel(std::size_t k) { return "colour in panel " + std::to_string(k + 1); }

/// For each panel the colour of a cell and the share of its runs that have it.
Table proof_cells(const Sweep& sweep, const std::vector<ProofPanel>& panels) {
  std::vector<std::string> columns;
  for (std::size_t k = 0; k < panels.size(); ++k)
    columns.insert(columns.end(), {colour_of_panel(k), "share in panel " + std::to_string(k + 1)});
  return cell_block(sweep, columns, [&](const Json& cell, std::size_t column) {
    const Commonest common = commonest_of(panels[column / 2], cell);
    if (!common.of) return std::nan("");
    return column % 2 == 1 ? common.share : mixed_with_white(common.of->colour, 0.2 + 0.8 * common.share);
  });
}

/// A mark in the cells where most runs are undecided, for reading without colours.
std::string question_marks(Figure& figure, const Sweep& sweep, const ProofPanel& panel) {
  Table places({"x", "y"}, "undecided: " + panel.title);
  for (std::size_t k = 0; k < sweep.records.size(); ++k)
    if (const auto common = commonest_of(panel, sweep.records[k]);
        common.of && common.of->key == std::string("undecided"))
      places.add({sweep.x.values[k % sweep.x.values.size()], sweep.y.values[k / sweep.x.values.size()]});
  if (places.empty()) return "";
  const bool small = std::max(sweep.x.values.size(), sweep.y.values.size()) > 25;
  return ", \\\n     " + figure.plot(figure.add(std::move(places)), {"x", "y"}) + ":('?') with labels font '," +
         (small ? "7" : "11") + "' tc rgb '#000000' notitle";
}

/// At the foot: the classes that a cell of some panel has.
std::string classes_legend(const Figure& figure, const Sweep& sweep, const std::vector<ProofPanel>& panels) {
  std::string text;
  int row = 0, tag = 100;
  const auto screen = [&](double x, double y) {
    return "screen " + format("%.5f", x / figure.width) + ",screen " + format("%.5f", y / figure.height);
  };
  for (const RunClass& one : panels.front().classes) {
    const bool there = std::any_of(sweep.records.begin(), sweep.records.end(), [&](const Json& cell) {
      return std::any_of(panels.begin(), panels.end(),
                         [&](const ProofPanel& panel) { return commonest_of(panel, cell).of == &one; });
    });
    if (!there) continue;
    const double y = 120 - 24 * row++;
    text += "set object " + std::to_string(++tag) + " rectangle from " + screen(90, y - 8) + " to " +
            screen(130, y + 8) + " front fs solid 1 noborder fc rgb '" + one.colour + "'\n";
    text += "set label " + std::to_string(++tag) + " " + quoted(one.legend) + " at " + screen(142, y) + " left\n";
  }
  if (sweep.seeds > 1)
    text += "set label " + std::to_string(++tag) +
            " 'the class of most seeds; the paler, the smaller their share' at " + screen(90, 120 - 24 * row) +
            " left\n";
  return text;
}

}  // namespace

Figure proofs_figure(const Sweep& sweep) {
  const std::vector<ProofPanel> panels = panels_of(sweep);
  Figure figure;
  figure.name = "proofs";
  figure.width = std::max(560, 100 + 460 * static_cast<int>(panels.size())), figure.height = 700;
  figure.add(proof_cells(sweep, panels));
  std::string claims;
  for (const std::string& claim : sweep.claims) claims += (claims.empty() ? "" : ", ") + claim;
  figure.script =
      "set multiplot title " +
      quoted(sweep.setting() + (sweep.seeds == 1 ? ", one seed" : ", " + std::to_string(sweep.seeds) + " seeds")) +
      "\nset datafile missing 'nan'\nset border lc '#555555' front\nset tics textcolor '#000000' front\n"
      "unset key\nunset colorbox\n" +
      cell_axes(sweep) + classes_legend(figure, sweep, panels);
  if (tells_regimes(sweep))
    figure.script += "set label 99 " + quoted(plain_title(claims)) + " at screen 0.5,screen " +
                     format("%.5f", 640.0 / figure.height) + " center\n";
  for (std::size_t k = 0; k < panels.size(); ++k) {
    const Place place = {90 + 460 * static_cast<int>(k), 215, 390, 370};
    figure.script += placement(figure, place) + (k ? "set ylabel ''\n" : "") + "set title " +
                     quoted(plain_title(panels[k].title)) + "\nplot " +
                     cells_plot(figure, sweep, place, colour_of_panel(k), false, "rgb variable") +
                     question_marks(figure, sweep, panels[k]) + "\n" + (k ? "" : "unset object\nunset label\n");
  }
  figure.script += "unset multiplot\n";
  return figure;
}

}  // namespace benign::plots

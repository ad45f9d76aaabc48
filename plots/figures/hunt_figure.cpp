#include "plots/figures/hunt_figure.hpp"

#include "plots/drawing/heatmap.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// The axis of a parameter, as sweeps label it.
SweepAxis axis_of(const Json& hunt, const std::string& name) {
  SweepAxis axis;
  axis.name = name;
  axis.log = hunt["over"][name]["log"] == true;
  for (const char* end : {"low", "high"}) axis.values.push_back(number(hunt["over"][name][end]));
  return axis;
}

/// Rows are points of one side; one that says nothing has no measure, and is not drawn.
Table block(const Json& hunt, const std::string& name, const char* measure) {
  Table table({"value", "measure", "violated"}, name);
  for (const Json& point : hunt["along"][name]) {
    const bool violated = point["verdict"] == "violated";
    const double value = number(point[measure]);
    table.add({number(point["value"]), value, violated ? value : std::nan("")});
  }
  return table;
}

}  // namespace

Json read_hunt(const std::filesystem::path& folder) {
  const auto path = folder / "hunt.json";
  std::ifstream file(path);
  const Json hunt = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!has_keys(hunt, {"check", "over", "along", "exponents", "worst"}) || !hunt["along"].is_object() ||
      hunt["along"].empty())
    throw BadRecord(path.string() + ": not a hunt of 'benign hunt --out' that has ended and found a point that speaks");
  return hunt;
}

Figure hunt_figure(const Json& hunt) {
  const bool constant = hunt["C"].is_number();
  const char* measure = constant ? "constant" : "margin";
  const std::size_t sides = hunt["along"].size(), columns = std::min<std::size_t>(sides, 2);
  const std::size_t rows = (sides + columns - 1) / columns;
  Figure figure;
  figure.name = "hunt";
  figure.width = columns == 1 ? 620 : 980, figure.height = 90 + 330 * static_cast<int>(rows);
  const Json& worst = hunt["worst"];
  figure.script = "set multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) +
                  " margins char 10,char 3,char 7,char 5 spacing char 12,char 8 title " +
                  quoted(hunt["check"].get<std::string>() + ": through the worst of " + hunt["evaluated"].dump() +
                         " points (" + worst["verdict"].get<std::string>() + ")") +
                  " noenhanced\nset datafile missing 'nan'\nset grid lc '#dddddd'\nset border lc '#555555'\n"
                  "set tics textcolor '#000000'\nset offsets 0,0,graph 0.08,graph 0.08\n"
                  "set key at screen 0.5,screen 0.01 center bottom horizontal Left reverse samplen 2\n";
  for (const auto& [name, points] : hunt["along"].items()) {
    const SweepAxis axis = axis_of(hunt, name);
    const std::size_t at = figure.add(block(hunt, name, measure));
    const Json& exponent = hunt["exponents"][name];
    figure.script += axis_setting('x', axis, axis.values.front(), axis.values.back()) + "set ylabel '" +
                     (constant ? "C needed" : "margin, in units of the bound") + "'\nset title " +
                     quoted(exponent.is_number() ? "fitted: C ∝ value^{" + format("%.2f", exponent.get<double>()) + "}"
                                                 : std::string()) +
                     "\n";
    const std::string here = format("%.10g", number(worst["at"][name]));
    figure.script += "set arrow 1 from " + here + ",graph 0 to " + here + ",graph 1 nohead lc '#999999' dt 2\n";
    figure.script += "plot " + figure.plot(at, {"value", "measure"}) + " with linespoints pt 7 ps 0.9 lw 2 lc rgb '" +
                     blue + "' title 'all hypotheses met', \\\n     " + figure.plot(at, {"value", "violated"}) +
                     " with points pt 7 ps 1.4 lc rgb '" + vermillion + "' title 'violated', \\\n     " +
                     (constant ? format("%.10g", hunt["C"].get<double>()) : std::string("0")) +
                     " with lines lc rgb '#555555' dt 2 title '" + (constant ? "C of the claim" : "the claim") + "'\n" +
                     "unset key\n";
  }
  figure.script += "unset multiplot\n";
  return figure;
}

}  // namespace benign::plots

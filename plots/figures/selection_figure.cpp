#include "plots/figures/selection_figure.hpp"

#include <algorithm>
#include <cmath>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// The sets in the order in which they are drawn, the few over the many.
struct Set {
  const char *name, *legend, *colour;
  int point;  ///< gnuplot's point type
  double size;
};
constexpr Set sets[] = {{"test", "test", sky, 7, 0.55},
                        {"clean", "training, clean label", green, 5, 0.6},
                        {"noisy", "training, flipped label", vermillion, 9, 1.1}};

bool is_selection(const Json& record) {
  if (!has_keys(record, {"config", "b", "train_accuracy", "test_accuracy", "selections"}) ||
      !has_keys(record["config"], {"mu"}) || !record["selections"].is_array())
    return false;
  const Json& selections = record["selections"];
  return std::all_of(selections.begin(), selections.end(), [](const Json& selection) {
    return has_keys(selection, {"set", "along_plus", "along_minus"}) && selection["along_plus"].is_number() &&
           selection["along_minus"].is_number();
  });
}

std::string style(const Set& set) {
  return "pt " + std::to_string(set.point) + " ps " + format("%g", set.size) + " lc rgb '" + set.colour + "'";
}

/// The attended token along μ₊ and μ₋ in units of ‖μ‖.
Table block(const Json& record, const char* set) {
  const double mu = number(record["config"]["mu"]);
  Table table({"along mu_plus", "along mu_minus"}, "b = " + record["b"].dump() + ", " + set);
  for (const Json& selection : record["selections"]) {
    if (selection["set"] != set) continue;
    table.add({number(selection["along_plus"]) / mu, number(selection["along_minus"]) / mu});
  }
  return table;
}

/// A range for both axes of all panels that leaves no sample out.
std::string common_range(const std::vector<Json>& records) {
  double low = -0.15, high = 1.15;
  for (const Json& record : records)
    for (const Json& selection : record["selections"])
      for (const char* key : {"along_plus", "along_minus"}) {
        const double x = number(selection[key]) / number(record["config"]["mu"]);
        low = std::min(low, x - 0.05), high = std::max(high, x + 0.05);
      }
  return "[" + format("%.3f", low) + ":" + format("%.3f", high) + "]";
}

}  // namespace

std::vector<Json> read_selections(const std::filesystem::path& folder) {
  return read_records(folder / "selection.jsonl", is_selection, "benign construct --out");
}

Figure selection_figure(const std::vector<Json>& records) {
  const int panels = static_cast<int>(records.size());
  const int columns = std::min(panels, 4), rows = (panels + 3) / 4;
  Figure figure;
  figure.name = "selection";
  figure.width = std::max(600, 400 * columns);
  figure.height = columns == 1 ? 640 : 70 + 400 * rows;
  const std::string range = common_range(records), boundary = "lc rgb '#555555' dt 2 lw 1.5";
  figure.script = "set multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) +
                  " margins char 10,char 3,char 8,char 3 spacing char 11,char 7\n"
                  "set datafile missing 'nan'\nset border lc '#555555'\nset tics 0.5 textcolor '#000000'\n"
                  "set grid lt 1 lc '#dddddd'\nset size square\nunset key\nset xrange " +
                  range + "\nset yrange " + range + "\n" +
                  "set xlabel 'attended token · μ₊ / ‖μ‖²'\nset ylabel 'attended token · μ₋ / ‖μ‖²'\n"
                  "set label 1 'predicted −1' at graph 0.56,0.93 center tc rgb '#777777'\n"
                  "set label 2 'predicted +1' at graph 0.97,0.45 right tc rgb '#777777'\n";
  for (const Json& record : records) {
    figure.script += "set title 'b = " + format("%g", number(record["b"])) + ": train " +
                     format("%.2f", number(record["train_accuracy"])) + ", test " +
                     format("%.2f", number(record["test_accuracy"])) + "'\n";
    figure.script += "plot x with lines " + boundary;
    for (const Set& set : sets)
      figure.script += ", \\\n     " +
                       figure.plot(figure.add(block(record, set.name)), {"along mu_plus", "along mu_minus"}) +
                       " with points " + style(set);
    figure.script += "\n";
  }
  // One legend for all, in a strip of its own.
  figure.script +=
      std::string(
          "unset title\nunset xlabel\nunset ylabel\nunset tics\nunset border\nunset grid\nunset label\nset size "
          "nosquare\n"
          "set lmargin at screen 0\nset rmargin at screen 1\nset bmargin at screen 0\nset tmargin at screen ") +
      format("%.3f", 56.0 / figure.height) +
      "\nset key center center horizontal reverse Left samplen 2.5\nplot NaN with lines " + boundary +
      " title 'decision boundary'";
  for (const Set& set : sets)
    figure.script += ", \\\n     NaN with points " + style(set) + " title '" + set.legend + "'";
  figure.script += "\nunset multiplot\n";
  return figure;
}

}  // namespace benign::plots

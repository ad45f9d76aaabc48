#include "plots/figures/margins_figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

struct Group {
  const char *legend, *colour;
  std::array<const char*, 2> verdicts;
};
constexpr Group groups[] = {{"holds or proved", green, {"holds", "proved"}},
                            {"violated", vermillion, {"violated", ""}},
                            {"undecided", orange, {"undecided", ""}},
                            {"vacuous", grey, {"vacuous", ""}}};

bool is_check(const Json& check) {
  if (!has_keys(check, {"id", "verdict", "margin", "error"}) || !check["id"].is_string() ||
      !check["verdict"].is_string() || !number_or_null(check["margin"]) || !number_or_null(check["error"]))
    return false;
  const Json scale = check.value("scale", Json());
  return scale.is_null() || (scale.is_number() && scale.get<double>() > 0);
}

/// One row of the figure; NaN for what is not known.
struct Row {
  std::string id, verdict;
  double margin, error;
  bool expected_to_fail;
};

double finite(double x) { return std::isfinite(x) ? x : std::nan(""); }

std::vector<Row> rows_of(const Json& report) {
  std::vector<Row> rows;
  for (const Json& check : report["checks"]) {
    const Json scale = check.value("scale", Json());
    const double unit = scale.is_null() ? 1 : scale.get<double>();
    rows.push_back({check["id"], check["verdict"], finite(number(check["margin"]) / unit),
                    finite(number(check["error"]) / unit), check.value("expected", Json()) == "violated"});
  }
  return rows;
}

/// The axis asinh(x/linear), linear within ±`linear` and logarithmic beyond, from `low` to `high` in that unit.
struct Axis {
  double linear, low, high;
  double operator()(double x) const { return std::asinh(x / linear); }
};

/// What shows every margin with its error, and 0, with a fiftieth of the axis to spare. Linear within the power of ten
/// below the smallest margin, but not within less than 1e-6 or more than 1e-2.
Axis axis_of(const std::vector<Row>& rows) {
  double smallest = 1e-2;
  for (const Row& row : rows)
    if (row.margin != 0 && std::abs(row.margin) < smallest) smallest = std::max(std::abs(row.margin), 1e-6);
  Axis axis{std::pow(10.0, std::floor(std::log10(smallest) + 1e-9)), 0, 0};
  axis.low = axis(-0.1), axis.high = axis(1);
  for (const Row& row : rows) {
    if (std::isnan(row.margin)) continue;
    const double error = std::isnan(row.error) ? 0 : row.error;
    axis.low = std::min(axis.low, axis(row.margin - error)), axis.high = std::max(axis.high, axis(row.margin + error));
  }
  const double spare = (axis.high - axis.low) / 50;
  axis.low -= spare, axis.high += spare;
  return axis;
}

/// 0.01 … 1000 as they are, further ones as powers of ten.
std::string tic_label(int power) {
  return power >= -2 && power <= 3 ? format("%g", std::pow(10.0, power)) : power_of_ten(power);
}

/// Tics at 0 and at powers of ten of either sign, as close as their labels allow on an axis of `width` pixels.
std::string tics(const Axis& axis, double width) {
  constexpr double label = 48;  // pixels
  const double pixels = width / (axis.high - axis.low);
  const int every = static_cast<int>(std::ceil(label / (std::log(10.0) * pixels)));
  std::string text = "set xtics ('0' 0";
  for (int power = -6 / every * every; power < 300; power += every) {
    const double x = std::pow(10.0, power);
    if (axis(x) * pixels < label) continue;
    if (axis(x) > std::max(axis.high, -axis.low)) break;
    const std::string at = "1e" + std::to_string(power);
    if (axis(x) <= axis.high) text += ", '" + tic_label(power) + "' " + at;
    if (-axis(x) >= axis.low) text += ", '−" + tic_label(power) + "' -" + at;
  }
  return text + ")\n";
}

const Group& group_of(const Row& row) {
  for (const Group& group : groups)
    if (row.verdict == group.verdicts[0] || row.verdict == group.verdicts[1]) return group;
  throw BadRecord("check " + row.id + ": there is no verdict '" + row.verdict + "'");
}

/// The rows of a group with their errors, or of all groups those without, in their colours.
Table block(const std::vector<Row>& rows, const Group* group) {
  Table table({"margin", group ? "error" : "colour", "row"}, group ? group->legend : "error not known");
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const Row& row = rows[k];
    if (std::isnan(row.margin) || std::isnan(row.error) != !group || (group && &group_of(row) != group)) continue;
    const double second = group ? row.error : std::stoi(group_of(row).colour + 1, nullptr, 16);
    table.add({row.margin, second, static_cast<double>(k + 1)}, row.id);
  }
  return table;
}

}  // namespace

Json read_report(const std::filesystem::path& folder) {
  const auto path = folder / "check.json";
  std::ifstream file(path);
  if (!file) throw BadRecord(path.string() + " cannot be read");
  const Json report = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!has_keys(report, {"checks"}) || !report["checks"].is_array() || report["checks"].empty() ||
      !std::all_of(report["checks"].begin(), report["checks"].end(), is_check))
    throw BadRecord(path.string() + ": not a report of 'benign check --json'");
  return report;
}

Figure margins_figure(const Json& report) {
  const std::vector<Row> rows = rows_of(report);
  const Axis axis = axis_of(rows);
  Figure figure;
  figure.name = "margins";
  figure.width = 900;
  figure.height = 110 + 22 * static_cast<int>(rows.size());

  std::string names, unknown;
  std::size_t longest = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const bool foreseen = rows[k].expected_to_fail && rows[k].verdict == "violated";
    const std::string name = rows[k].id + (foreseen ? " (as expected)" : "");
    names += (k ? ", " : "") + quoted(name) + " " + std::to_string(k + 1);
    longest = std::max(longest, name.size());
    if (std::isnan(rows[k].margin))
      unknown += "set label 'not known' at graph 0.01, first " + std::to_string(k + 1) + " left tc rgb '" +
                 group_of(rows[k]).colour + "'\n";
  }
  char limits[200];
  std::snprintf(limits, sizeof limits, "set nonlinear x via asinh(x/%g) inverse sinh(x)*%g\nset xrange [%.10g:%.10g]\n",
                axis.linear, axis.linear, std::sinh(axis.low) * axis.linear, std::sinh(axis.high) * axis.linear);
  const double width = figure.width - 9.0 * static_cast<double>(longest + 4);
  figure.script = "set datafile missing 'nan'\n" + std::string(limits) + tics(axis, width) + "set yrange [" +
                  std::to_string(rows.size()) + ".7:0.3]\n" + "set ytics (" + names +
                  ") noenhanced scale 0\nset lmargin " + std::to_string(longest + 3) +
                  "\nset grid lt 1 lc '#dddddd'\nset border 3 lc '#555555'\nset tics nomirror textcolor '#000000'\n"
                  "set xlabel 'margin ± error, in units of the bound'\nset key outside top center horizontal reverse "
                  "Left samplen 2\n" +
                  unknown + "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc '#000000' lw 1.5 back\nplot ";
  for (const Group& group : groups) {
    figure.script += figure.plot(figure.add(block(rows, &group)), {"margin", "row", "error"}) +
                     " with xerrorbars pt 7 ps 0.8 lw 2 lc rgb '" + group.colour + "' title '" + group.legend +
                     "', \\\n     ";
  }
  const std::size_t open = figure.add(block(rows, nullptr));
  figure.script += figure.plot(open, {"margin", "row", "colour"}) + " with points pt 6 ps 1 lw 2 lc rgb variable " +
                   (figure.blocks[open].empty() ? "notitle" : "title 'error not known'") + "\n";
  return figure;
}

}  // namespace benign::plots

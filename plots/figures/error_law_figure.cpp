#include "plots/figures/error_law_figure.hpp"

#include "plots/figures/phase_figure.hpp"
#include "theory/laws/error_law.hpp"

#include <algorithm>
#include <cmath>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// Axes that change nothing of the law but z.
constexpr const char* free_axes[] = {"d", "n", "mu", "snr", "nsnr2", "sigma", "log-s-max", "steps"};

constexpr double least_z = 1e-2, most_z = 1e3;  // beyond, the error is that of a coin, or none

Table points(const Sweep& sweep) {
  Table table({"z", "error at infinite time", "its standard error", "error at the end of the runs",
               "the end's standard error", "n", "d"});
  for (const Json& cell : sweep.records) {
    const theory::Parameters p = parameters_of(cell["config"]);
    const double z = theory::error_law_z(p);
    if (!(z >= least_z && z <= most_z)) continue;
    std::vector<double> row{z};
    for (const char* quantity : {"infinite_time_error", "hard_selection_error"})
      row.push_back(mean(cell, quantity)), row.push_back(number(cell[quantity]["stderr"]));
    row.push_back(static_cast<double>(p.n)), row.push_back(static_cast<double>(p.d));
    table.add(row);
  }
  return table;
}

Table law(theory::Parameters p, double low, double high) {
  const double rho = p.rho.as<double>(), m_unit = theory::error_law_m(p) / std::sqrt(theory::error_law_z(p));
  Table table({"z", "the law at m", "the law at m/sqrt(2)"});
  constexpr int parts = 120;
  for (int k = 0; k <= parts; ++k) {
    const double z = low * std::pow(high / low, static_cast<double>(k) / parts), m = m_unit * std::sqrt(z);
    table.add({z, theory::error_law(m, rho, p.T), theory::error_law(m / std::sqrt(2), rho, p.T)});
  }
  return table;
}

}  // namespace

bool has_error_law(const Sweep& sweep) {
  const auto is_free = [](const SweepAxis& axis) {
    return std::any_of(std::begin(free_axes), std::end(free_axes), [&](const char* name) { return axis.name == name; });
  };
  return has_infinite_time(sweep) && is_free(sweep.x) && is_free(sweep.y) &&
         std::all_of(sweep.records.begin(), sweep.records.end(),
                     [](const Json& cell) { return cell.contains("hard_selection_error"); });
}

Figure error_law_figure(const Sweep& sweep) {
  Figure figure;
  figure.name = "error_law";
  figure.width = 900, figure.height = 560;
  figure.blocks = {points(sweep), law(parameters_of(sweep.records.front()["config"]), least_z, most_z)};
  figure.script = "set title " + quoted(sweep.setting() + ", mean of " + std::to_string(sweep.seeds) + " seeds") +
                  "\nset datafile missing 'nan'\nset logscale x\nset xrange [0.01:1000]\nset yrange [0:0.47]\n"
                  "set xlabel 'z = n d SNR⁴'\nset ylabel 'test error of hard selection along q'\n"
                  "set grid lc '#dddddd'\nset key bottom left Left reverse\nplot " +
                  figure.plot(1, {"z", "the law at m"}) + " with lines lw 2 lc '" + blue +
                  "' title 'law, d → ∞', \\\n"
                  "     " +
                  figure.plot(1, {"z", "the law at m/sqrt(2)"}) + " with lines lw 2 dt 2 lc '" + vermillion +
                  "' title 'law at m/√2: random W₀, W hardly moved', \\\n"
                  "     " +
                  figure.plot(0, {"z", "error at infinite time", "its standard error"}) +
                  " with yerrorbars pt 7 ps 0.8 lc '" + blue +
                  "' title 'q* of the runs, infinite time', \\\n"
                  "     " +
                  figure.plot(0, {"z", "error at the end of the runs", "the end's standard error"}) +
                  " with yerrorbars pt 6 ps 0.8 lc '" + vermillion + "' title 'q at the end of the runs'\n";
  return figure;
}

}  // namespace benign::plots

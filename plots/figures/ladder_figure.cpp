#include "plots/figures/ladder_figure.hpp"

#include "plots/records/sweep.hpp"
#include "theory/model/model.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/rates.hpp"

#include <cmath>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

double n_snr2(const Json& config) { return theory::n_snr2(parameters_of(config)); }

Table block(const Series& run) {
  const double x = n_snr2(run.config);
  Table table({"n SNR^2", "log s", "n SNR^2 log s", "test loss", "train loss", "attention"}, run.name);
  for (const Json& record : run.observations) {
    const double log_s = number(record["log_s"]);
    if (!std::isfinite(log_s)) continue;
    table.add({x, log_s, x * log_s, number(record["test_loss"]), number(record["train_loss"]),
               number(record["attention"]["test"])});
  }
  return table;
}

}  // namespace

bool is_ladder(const std::vector<Series>& runs) {
  if (runs.size() < 2) return false;
  Json first;
  for (const Series& run : runs) {
    for (const char* of_other_data : {"layout", "plus-share", "flips"})  // of which there is no law of delay
      if (run.config.contains(of_other_data)) return false;
    if (!run.config.contains("log-s-max") || !run.observations.back().contains("attention")) return false;
    Json rest = run.config;
    for (const char* key : {"d", "mu", "log-s-max", "steps", "seed"}) rest.erase(key);
    if (first.is_null()) first = rest;
    if (rest != first || (&run != &runs.front() && n_snr2(run.config) <= n_snr2((&run - 1)->config))) return false;
  }
  return true;
}

Figure ladder_figure(const std::vector<Series>& runs) {
  Figure figure;
  figure.name = "ladder";
  figure.width = 1180, figure.height = 760;
  double longest = 0, furthest = 0;
  for (const Series& run : runs) {
    figure.add(block(run));
    const double log_s = number(run.observations.back()["log_s"]);
    longest = std::max(longest, log_s), furthest = std::max(furthest, n_snr2(run.config) * log_s);
  }
  const theory::Parameters p = parameters_of(runs.front().config);
  const double delay = theory::delay_slope(p), until = std::min(furthest, 3 * delay);
  const std::string least = format("%.3g", n_snr2(runs.front().config)),
                    most = format("%.3g", n_snr2(runs.back().config));
  figure.script =
      std::string("set multiplot layout 2,2 margins char 10,char 24,char 4,char 4 spacing char 12,char 6 title ") +
      quoted(format("n = %g", static_cast<double>(p.n)) + format(", T = %g", static_cast<double>(p.T)) +
             format(", ρ = %g", p.rho.as<double>()) + format(", η = %g", p.eta.as<double>()) +
             ": generalisation is delayed like 1/(n SNR²)") +
      "\nset datafile missing 'nan'\nset grid lc '#dddddd'\nset border lc '#555555'\n"
      "set tics textcolor '#000000'\n" +
      viridis + "set logscale cb\nset cbrange [" + least + ":" + format("%.3g", 1.3 * n_snr2(runs.back().config)) +
      "]\nunset colorbox\n";
  const auto panel = [&](const char* y, bool collapsed, bool loss) {
    figure.script += std::string("set xlabel '") + (collapsed ? "n SNR² log(τ/τ₀)" : "log(τ/τ₀)") + "'\nset ylabel '" +
                     y + "'\n" + (collapsed ? "unset" : "set") + " logscale x\nset xrange [" +
                     (collapsed ? "0:" : "1:") + format("%.4g", collapsed ? until : longest) + "]\nset yrange " +
                     (loss ? "[0.38:*]" : "[-0.03:1.03]") + "\nunset arrow\nunset label\n";
    if (collapsed && std::isfinite(delay))
      figure.script += format("set arrow 1 from first %.6g", delay) + ",graph 0 to " + format("first %.6g", delay) +
                       ",graph 1 nohead lw 2 dt 2 lc rgb '#555555'\nset label 1 'log T/c*' at " +
                       format("first %.6g", delay) + (loss ? ",graph 0.92" : ",graph 0.08") + " offset char 0.7,0\n";
    const bool keyed = !collapsed ? false : loss;
    figure.script +=
        keyed ? "set key at graph 1.04,graph 1 left top Left reverse samplen 2 title 'n SNR²'\n" : "unset key\n";
    figure.script += "plot ";
    for (std::size_t k = 0; k < runs.size(); ++k) {
      const std::string time = collapsed ? "n SNR^2 log s" : "log s";
      figure.script += (k ? ", \\\n     " : "") + figure.plot(k, {time, loss ? "test loss" : "attention", "n SNR^2"}) +
                       " with lines lw 2.5 lc palette title '" + format("%.3g", n_snr2(runs[k].config)) + "'";
      if (loss && !collapsed)
        figure.script += ", \\\n     " + figure.plot(k, {"log s", "train loss", "n SNR^2"}) +
                         " with lines lw 1.5 dt 3 lc palette notitle";
    }
    if (loss)
      figure.script += ", \\\n     " + format("%.6f", theory::loss_floor<double>()) +
                       " with lines lc rgb '#555555' dt 2 title 'floor'";
    figure.script += "\n";
  };
  panel("loss: test, and train (dotted)", false, true);
  panel("test loss", true, true);
  panel("test: attention on the relevant token", false, false);
  panel("test: attention on the relevant token", true, false);
  figure.script += "unset multiplot\n";
  return figure;
}

}  // namespace benign::plots

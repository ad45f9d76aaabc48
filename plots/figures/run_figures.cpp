#include "plots/figures/run_figures.hpp"

#include "theory/model/model.hpp"

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// Time as a descent or a short flow counts it, or as its logarithm.
struct TimeAxis {
  const char* label;
  double (*of)(const Json& record);
};

TimeAxis time_axis(const Series& run) {
  if (run.config.contains("log-s-max"))
    return {"log(τ/τ₀)", [](const Json& record) { return number(record["log_s"]); }};
  if (run.flow()) return {"time τ", [](const Json& record) { return number(record["tau"]); }};
  return {"step of gradient descent", [](const Json& record) { return number(record["part"]); }};
}

/// Two lines, in gnuplot's own words: what is drawn of which run, and its d and ‖μ‖.
std::string title(const Series& run, const std::string& what = "") {
  std::string name = run.name;
  std::replace(name.begin(), name.end(), '_', ' ');
  const auto text = [&](const char* key) {
    const auto& value = run.config.at(key);
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  return quoted(what + name) + ".\"\\n\"." + quoted("d = " + text("d") + ", ‖μ‖ = " + text("mu"));
}

/// Columns 2 to 5: attention on x₁, x₂, x₃ and on all others together.
std::string attention_block(const Series& run, const char* sample) {
  const TimeAxis axis = time_axis(run);
  std::ostringstream block;
  block.precision(10);
  block << "# " << run.name << ", " << sample << " sample: time, relevant, weak own, weak other, irrelevant (sum)\n";
  bool any = false;
  for (const Json& record : run.observations) {
    if (!record.contains("sample") || !record["sample"].contains(sample)) continue;
    any = true;
    const Json& attention = record["sample"][sample]["attention"];
    double irrelevant = 0;
    for (std::size_t t = 3; t < attention.size(); ++t) irrelevant += number(attention[t]);
    block << axis.of(record) << '\t' << number(attention[0]) << '\t' << number(attention[1]) << '\t'
          << number(attention[2]) << '\t' << irrelevant << '\n';
  }
  // gnuplot does not count a block without a row.
  return block.str() + (any ? "" : "nan\tnan\tnan\tnan\tnan\n");
}

std::string learning_block(const Series& run) {
  const TimeAxis axis = time_axis(run);
  std::ostringstream block;
  block.precision(10);
  block << "# " << run.name << ": time, train loss, test loss, its stderr, train accuracy, test accuracy, its stderr\n";
  for (const Json& record : run.observations) {
    block << axis.of(record);
    for (const char* key :
         {"train_loss", "test_loss", "test_loss_stderr", "train_accuracy", "test_accuracy", "test_accuracy_stderr"})
      block << '\t' << number(record[key]);
    block << '\n';
  }
  return block.str();
}

/// The common frame of a grid of panels: rows under each other, one column for each run.
std::string layout(std::size_t rows, std::size_t columns) {
  return "set multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) +
         " margins char 9,char 4,char 4,char 4 spacing char 11,char 9\n"
         "set datafile missing 'nan'\nset grid lc '#dddddd'\nset border lc '#555555'\nset tics textcolor '#000000'\n"
         "set style line 1 lw 2.5\n";
}

std::string panel(const std::string& title, const std::string& x, const std::string& y, const std::string& range) {
  return "set title " + title + "\nset xlabel '" + x + "'\nset ylabel '" + y + "'\nset yrange " + range + "\n";
}

std::string curve(int block, int column, const char* colour, const char* legend, const char* dash = "solid") {
  return "'@DATA' index " + std::to_string(block) + " using 1:" + std::to_string(column) +
         " with lines lw 2.5 lc rgb '" + colour + "' dt " + dash + " title '" + legend + "'";
}

}  // namespace

Figure attention_figure(const std::vector<Series>& runs) {
  constexpr const char* tokens[] = {"relevant", "weak, own class", "weak, other class", "irrelevant (sum)"};
  Figure figure;
  figure.name = "attention";
  figure.width = std::max(640, 430 * static_cast<int>(runs.size()));
  figure.height = 700;
  figure.script = layout(2, runs.size());
  for (const char* sample : {"clean", "noisy"})
    for (const Series& run : runs) {
      const int block = static_cast<int>(figure.blocks.size());
      figure.blocks.push_back(attention_block(run, sample));
      figure.script +=
          panel(title(run, std::string(sample) + " sample, "), time_axis(run).label, "attention", "[-0.03:1.03]");
      figure.script += block == 0 ? "set key right center\n" : "unset key\n";  // one legend for all
      figure.script += "plot ";
      for (int t = 0; t < 4; ++t)
        figure.script += (t ? ", \\\n     " : "") + curve(block, t + 2, token_colours[t], tokens[t]);
      figure.script += "\n";
    }
  figure.script += "unset multiplot\n";
  return figure;
}

Figure learning_figure(const std::vector<Series>& runs) {
  // The encoder of the appendix has a head of its own to train: its loss has no floor, and its test set is drawn.
  const bool other_model =
      std::any_of(runs.begin(), runs.end(), [](const Series& run) { return run.config.contains("model"); });
  char floor[32];
  std::snprintf(floor, sizeof floor, "%.6f", theory::loss_floor<double>());
  Figure figure;
  figure.name = "learning";
  figure.width = std::max(640, 430 * static_cast<int>(runs.size()));
  figure.height = 700;
  figure.script = layout(2, runs.size());
  for (const Series& run : runs) figure.blocks.push_back(learning_block(run));
  for (const bool loss : {true, false})
    for (std::size_t k = 0; k < runs.size(); ++k) {
      const int block = static_cast<int>(k);
      figure.script += panel(title(runs[k]), time_axis(runs[k]).label, loss ? "loss" : "accuracy",
                             !loss         ? "[*<0.78:1.02]"
                             : other_model ? "[0:*]"
                                           : "[0.38:*]");
      figure.script += k > 0 ? "unset key\n" : loss ? "set key right center\n" : "set key right bottom\n";
      const int first = loss ? 2 : 5;
      figure.script += "plot " + curve(block, first, train_colour, "train") + ", \\\n     " +
                       curve(block, first + 1, test_colour, other_model ? "test" : "test (population)");
      if (loss)
        figure.script +=
            std::string(", \\\n     ") + floor + " with lines lc rgb '#555555' dt 2 title 'floor log(1 + e^{−γ})'";
      figure.script += "\n";
    }
  figure.script += "unset multiplot\n";
  return figure;
}

}  // namespace benign::plots

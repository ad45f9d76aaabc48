#include "plots/figures/run_figures.hpp"

#include "plots/figures/run_axis.hpp"
#include "sim/models/model.hpp"
#include "theory/model/layout.hpp"
#include "theory/model/layout_text.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <limits>
#include <utility>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// Two lines, in gnuplot's own words: what is drawn of which run, and its d and ‖μ‖; of given tokens where they are
/// from, and their sizes.
std::string title(const Series& run, const std::string& what = "") {
  const auto text = [&](const char* key) {
    const auto found = run.config.find(key);
    if (found == run.config.end()) return std::string("?");
    return found->is_string() ? found->get<std::string>() : found->dump();
  };
  const std::string setting =
      run.given_tokens() ? "n = " + text("n") + ", T = " + text("T") + ", d = " + text("d") + " of " + run.data_file()
                         : "d = " + text("d") + ", ‖μ‖ = " + text("mu");
  return quoted(what + run.name) + ".\"\\n\"." + quoted(setting);
}

/// A curve of attention: the sum over so many of a sample's tokens, from the one before's last on.
struct TokenCurve {
  std::string legend;
  std::size_t tokens;
  const char* colour;
};
constexpr std::size_t the_rest = std::numeric_limits<std::size_t>::max();

theory::TokenLayout layout_of(const Series& run, const Json& line) {
  if (!line.is_string() || !run.config.contains("T"))
    throw BadRecord(run.name + ": a run without its layout of tokens");
  try {
    return theory::layout_from_line(line.get<std::string>());
  } catch (const theory::BadLayout& bad) {
    throw BadRecord(run.name + ": its layout of tokens is none: " + bad.what());
  }
}

/// The layout of a run's tokens, which it names, or which is its model's.
theory::TokenLayout layout_of(const Series& run) {
  if (const auto named = run.config.find("layout"); named != run.config.end()) return layout_of(run, *named);
  const auto name = run.config.find("model");
  const sim::Model* model =
      name != run.config.end() && name->is_string() ? sim::find_model(name->get<std::string>()) : nullptr;
  return model ? model->tokens : theory::paper_layout();
}

/// The kinds of a run's layout; of given tokens nobody knows which are weak.
std::vector<TokenCurve> token_curves(const Series& run) {
  if (run.given_tokens())
    return {{"answers best for its label", 1, token_colours[0]}, {"all others (sum)", the_rest, token_colours[3]}};
  const theory::TokenLayout layout = layout_of(run);
  if (layout == theory::paper_layout())
    return {{"relevant", 1, token_colours[0]},
            {"weak, own class", 1, token_colours[1]},
            {"weak, other class", 1, token_colours[2]},
            {"irrelevant (sum)", the_rest, token_colours[3]}};
  std::vector<TokenCurve> curves;
  const auto kinds = theory::kinds_of_tokens(layout, static_cast<long>(number(run.config["T"])));
  for (std::size_t kind = 0; kind < layout.kinds.size(); ++kind) {
    const auto count = static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), kind));
    std::string legend = layout.kinds[kind].name + (count > 1 ? " (sum)" : "");
    std::replace(legend.begin(), legend.end(), '_', ' ');
    curves.push_back({std::move(legend), count, token_colours[kind % std::size(token_colours)]});
  }
  return curves;
}

/// Time, and the attention of a sample on each kind of its tokens.
Table attention_block(const Series& run, const char* sample) {
  const TimeAxis axis = time_axis(run);
  const auto kinds = token_curves(run);
  std::vector<std::string> names{"time"};
  for (const TokenCurve& kind : kinds) names.push_back(kind.legend);
  Table table(names, run.name + ", " + sample + " sample");
  for (const Json& record : run.observations) {
    if (!record.contains("sample") || !record["sample"].contains(sample)) continue;
    const Json& attention = record["sample"][sample]["attention"];
    std::vector<double> row{axis.of(record)};
    std::size_t t = 0;
    for (const TokenCurve& kind : kinds) {
      double sum = 0;
      for (std::size_t k = 0; k < kind.tokens && t < attention.size(); ++k, ++t) sum += number(attention[t]);
      row.push_back(sum);
    }
    table.add(row);
  }
  return table;
}

bool has_sample(const Series& run, const char* sample) {
  return std::any_of(run.observations.begin(), run.observations.end(), [&](const Json& record) {
    return record.contains("sample") && record["sample"].contains(sample);
  });
}

Table learning_block(const Series& run) {
  const TimeAxis axis = time_axis(run);
  constexpr const char* keys[] = {"train_loss",     "test_loss",     "test_loss_stderr",
                                  "train_accuracy", "test_accuracy", "test_accuracy_stderr"};
  std::vector<std::string> names{"time"};
  names.insert(names.end(), std::begin(keys), std::end(keys));
  Table table(names, run.name);
  for (const Json& record : run.observations) {
    std::vector<double> row{axis.of(record)};
    for (const char* key : keys) row.push_back(number(record[key]));
    table.add(row);
  }
  return table;
}

/// A grid of panels, of each run so many under each other. Up to three runs stand side by side; more of them, whose
/// letters would be too small on a page, in pairs with the next pair below.
class Panels {
 public:
  Panels(std::size_t runs, std::size_t of_each)
      : runs_(runs), of_each_(of_each), columns_(runs <= 3 ? std::max<std::size_t>(runs, 1) : 2) {}

  int width() const { return std::max(640, 350 * static_cast<int>(columns_)); }
  int height() const { return 320 * static_cast<int>(rows()) + 70; }

  /// One legend for all panels, at the foot of the figure; of another kind of runs in their first panel.
  std::string key(bool of_these, bool of_others, const std::string& in_panel) const {
    if (of_these) return "unset key\n";
    if (of_others) return "set key " + in_panel + "\n";
    return "set key at screen 0.5,screen 0.006 center bottom horizontal maxcols 2 Left reverse samplen 3\n";
  }

  std::string frame() const {
    return "set multiplot layout " + std::to_string(rows()) + "," + std::to_string(columns_) +
           " margins char 9,char 3,char 9,char 4 spacing char 10,char 8\n"
           "set datafile missing 'nan'\nset grid lc '#dddddd'\nset border lc '#555555'\nset tics textcolor '#000000'\n"
           "set style line 1 lw 2.5\n";
  }

  /// The script of all panels, in the order in which gnuplot fills the grid.
  std::string draw(const std::function<std::string(std::size_t which, std::size_t run)>& panel) const {
    std::string script;
    for (std::size_t first = 0; first < runs_; first += columns_)
      for (std::size_t which = 0; which < of_each_; ++which)
        for (std::size_t run = first; run < first + columns_; ++run)
          script += run < runs_ ? panel(which, run) : "set multiplot next\n";
    return script + "unset multiplot\n";
  }

 private:
  std::size_t rows() const { return of_each_ * ((runs_ + columns_ - 1) / columns_); }

  std::size_t runs_, of_each_, columns_;
};

std::string panel(const std::string& title, const std::string& x, const std::string& y, const std::string& range) {
  return "set title " + title + " noenhanced\nset xlabel '" + x + "'\nset ylabel '" + y + "'\nset yrange " + range +
         "\n";
}

std::string curve(const Figure& figure, std::size_t block, const std::string& column, const char* colour,
                  const std::string& legend) {
  return figure.plot(block, {"time", column}) + " with lines lw 2.5 lc rgb '" + colour + "' dt solid title '" + legend +
         "'";
}

}  // namespace

Figure attention_figure(const std::vector<Series>& runs) {
  Figure figure;
  figure.name = "attention";
  std::vector<const char*> samples = {"clean"};  // and the noisy one, unless given tokens have none
  if (std::any_of(runs.begin(), runs.end(),
                  [](const Series& run) { return !run.given_tokens() || has_sample(run, "noisy"); }))
    samples.push_back("noisy");
  const Panels panels(runs.size(), samples.size());
  figure.width = panels.width(), figure.height = panels.height();
  bool explained[2] = {false, false};  // one legend for all of a kind
  figure.script = panels.frame() + panels.draw([&](std::size_t which, std::size_t k) {
    const Series& run = runs[k];
    const char* sample = samples[which];
    const std::size_t block = figure.add(attention_block(run, sample));
    const bool none = run.given_tokens() && !has_sample(run, sample);
    std::string script = panel(title(run, std::string(sample) + (none ? " sample: there is none, " : " sample, ")),
                               time_axis(run).label, "attention", "[-0.03:1.03]");
    const bool given = run.given_tokens();
    script += panels.key(std::exchange(explained[given], true), explained[!given], "inside right center");
    script += "plot ";
    std::string curves;
    for (const TokenCurve& kind : token_curves(run))
      curves += (curves.empty() ? "" : ", \\\n     ") + curve(figure, block, kind.legend, kind.colour, kind.legend);
    return script + curves + "\n";
  });
  return figure;
}

namespace {

/// What the panels of a run can show: of given tokens and of the encoder, which trains a head of its own, the loss has
/// no floor that is known, and the test set is one of samples; some runs have none.
struct Shown {
  bool floor = true, population = true, test = true;
  bool fixed_heads_floor = true;  ///< for comparison, where the head was the paper's at first

  explicit Shown(const Series& run) {
    floor = population = !run.given_tokens() && !run.config.contains("model");
    const std::string model = run.config.value("model", "");
    fixed_heads_floor = floor || model.starts_with("trained-head") || model.starts_with("encoder");
    test = !run.given_tokens() || std::any_of(run.observations.begin(), run.observations.end(),
                                              [](const Json& record) { return !record["test_accuracy"].is_null(); });
  }
};

std::string learning_panel(const Figure& figure, const Series& run, std::size_t block, bool loss,
                           const std::string& floor, const std::string& key) {
  const Shown shown(run);
  std::string script = panel(title(run), time_axis(run).label, loss ? "loss" : "accuracy",
                             !loss          ? run.given_tokens() ? "[*<0.5:1.02]" : "[*<0.78:1.02]"
                             : !shown.floor ? "[0:*]"
                                            : "[0.38:*]");
  if (run.given_tokens()) script += "set ylabel offset 1\n";  // their losses may be small, with long numbers
  std::string curves = "plot " + curve(figure, block, loss ? "train_loss" : "train_accuracy", train_colour, "train");
  if (shown.test)
    curves += ", \\\n     " + curve(figure, block, loss ? "test_loss" : "test_accuracy", test_colour,
                                    shown.population ? "test (population)" : "test");
  if (loss && shown.fixed_heads_floor)
    curves += ", \\\n     " + floor + " with lines lc rgb '#555555' dt 2 title 'floor log(1 + e^{−γ})'";
  return script + key + curves + (run.given_tokens() ? "\nset ylabel offset 0\n" : "\n");
}

}  // namespace

Figure learning_figure(const std::vector<Series>& runs) {
  char floor[32];
  std::snprintf(floor, sizeof floor, "%.6f", theory::loss_floor<double>());
  Figure figure;
  figure.name = "learning";
  const Panels panels(runs.size(), 2);
  figure.width = panels.width(), figure.height = panels.height();
  for (const Series& run : runs) figure.add(learning_block(run));
  bool explained[2] = {false, false};  // of drawn and of given tokens
  figure.script = panels.frame() + panels.draw([&](std::size_t which, std::size_t k) {
    const bool loss = which == 0, given = runs[k].given_tokens();
    const bool again = !loss || std::exchange(explained[given], true);  // the losses' legend has the accuracies'
    return learning_panel(figure, runs[k], k, loss, floor, panels.key(again, explained[!given], "inside right top"));
  });
  return figure;
}

}  // namespace benign::plots

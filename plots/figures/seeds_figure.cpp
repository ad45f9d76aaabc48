#include "plots/figures/seeds_figure.hpp"

#include "plots/figures/run_axis.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// Runs that differ in their seed alone.
struct Setting {
  Json config;  // without the seed
  std::vector<const Series*> runs;
};

std::vector<Setting> settings_of(const std::vector<Series>& runs) {
  std::vector<Setting> settings;
  for (const Series& run : runs) {
    Json config = run.config;
    config.erase("seed");
    const auto found =
        std::find_if(settings.begin(), settings.end(), [&](const Setting& one) { return one.config == config; });
    if (found == settings.end())
      settings.push_back({config, {&run}});
    else
      found->runs.push_back(&run);
  }
  return settings;
}

constexpr const char* quantities[] = {"train_loss", "test_loss", "train_accuracy", "test_accuracy"};
constexpr const char* labels[] = {"training loss", "test loss", "training accuracy", "test accuracy"};

/// Time, then mean, smallest and largest of each quantity.
Table block(const Setting& setting) {
  const TimeAxis axis = time_axis(*setting.runs.front());
  std::size_t moments = setting.runs.front()->observations.size();
  for (const Series* run : setting.runs) moments = std::min(moments, run->observations.size());
  std::vector<std::string> names{"time"};
  for (const char* label : labels)
    for (const char* of : {"mean ", "smallest ", "largest "}) names.push_back(std::string(of) + label);
  Table table(names);
  for (std::size_t k = 0; k < moments; ++k) {
    std::vector<double> row{axis.of(setting.runs.front()->observations[k])};
    for (const char* quantity : quantities) {
      double sum = 0, low = HUGE_VAL, high = -HUGE_VAL;
      for (const Series* run : setting.runs) {
        const double value = number(run->observations[k][quantity]);
        sum += value, low = std::min(low, value), high = std::max(high, value);
      }
      const double mean = sum / static_cast<double>(setting.runs.size());
      for (const double number : {mean, low, high}) row.push_back(std::isnan(mean) ? mean : number);
    }
    table.add(row);
  }
  return table;
}

/// What tells the settings apart: the keys in which their configurations differ.
std::vector<std::string> different_keys(const std::vector<Setting>& settings) {
  std::set<std::string> keys;
  for (const Setting& one : settings)
    for (const auto& [key, value] : one.config.items())
      for (const Setting& other : settings)
        if (other.config.value(key, Json()) != value) keys.insert(key);
  return {keys.begin(), keys.end()};
}

std::string legend(const Setting& setting, const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) {
    const Json value = setting.config.value(key, Json());
    text += (text.empty() ? "" : ", ") + (key == "mu" ? std::string("‖μ‖") : key) + " = " +
            (value.is_string() ? value.get<std::string>() : value.dump());
  }
  const std::size_t seeds = setting.runs.size();
  return text + (text.empty() ? "" : ", ") + (seeds == 1 ? "one seed" : "mean of " + std::to_string(seeds) + " seeds");
}

}  // namespace

bool has_seeds(const std::vector<Series>& runs) {
  const auto seed = [](const Series* run) { return run->config.value("seed", Json()); };
  for (const Setting& setting : settings_of(runs))
    for (const Series* run : setting.runs)
      if (seed(run) != seed(setting.runs.front())) return true;
  return false;
}

Figure seeds_figure(const std::vector<Series>& runs) {
  constexpr const char* colours[] = {blue, vermillion, green, orange, sky, grey};
  const std::vector<Setting> settings = settings_of(runs);
  const auto keys = different_keys(settings);
  Figure figure;
  figure.name = "means";
  figure.width = 860, figure.height = 640 + 24 * static_cast<int>(settings.size());
  for (const Setting& setting : settings) figure.add(block(setting));
  figure.script =
      "set multiplot layout 2,2 margins char 9,char 4,char " +
      std::to_string(5 + 1.3 * static_cast<double>(settings.size())) +
      ",char 3 spacing char 10,char 7\nset datafile missing 'nan'\nset grid lc '#dddddd'\nset border lc '#555555'\n"
      "set tics textcolor '#000000'\nset offsets 0,0,graph 0.04,graph 0.04\nset style fill transparent solid 0.2 "
      "noborder\nset xlabel " +
      quoted(time_axis(runs.front()).label) + "\n";
  for (std::size_t quantity = 0; quantity < std::size(quantities); ++quantity) {
    const bool last = quantity + 1 == std::size(quantities);
    figure.script += "set title " + quoted(labels[quantity]) + " noenhanced\n" +
                     (last ? "set key at screen 0.5,screen 0.005 center bottom vertical maxrows " +
                                 std::to_string(settings.size()) + " Left reverse samplen 3 noenhanced\n"
                           : std::string("unset key\n"));
    std::string curves;
    for (std::size_t k = 0; k < settings.size(); ++k) {
      const std::string colour = std::string(" lc rgb '") + colours[k % std::size(colours)] + "'";
      const std::string label = labels[quantity];
      curves += (curves.empty() ? "plot " : ", \\\n     ") +
                figure.plot(k, {"time", "smallest " + label, "largest " + label}) + " with filledcurves" + colour +
                " notitle, \\\n     " + figure.plot(k, {"time", "mean " + label}) + " with lines lw 2.5" + colour +
                " dt " + std::to_string(1 + k / std::size(colours)) + " title " + quoted(legend(settings[k], keys));
    }
    figure.script += curves + "\n";
  }
  figure.script += "unset multiplot\n";
  return figure;
}

}  // namespace benign::plots

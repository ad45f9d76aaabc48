#include "proofs_check/page/story.hpp"

#include "proofs_check/page/summary.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/parameter_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace benign::proofs::page {
namespace {

using sim::Json;

constexpr std::size_t columns = 150;  // of a line; what is longer is cut at a word

std::string text(const Json& object, const char* key) {
  return object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
}

std::string in_short(const Json& number) { return number.is_number() ? format("%.3g", number.get<double>()) : "?"; }

std::string cut(std::string line) {
  if (line.size() <= columns) return line;
  line.resize(line.rfind(' ', columns - 4));
  return line + " ...";
}

bool hypotheses_met(const Json& check) {
  const Json hypotheses = check.value("hypotheses", Json::array());
  return std::all_of(hypotheses.begin(), hypotheses.end(), [](const Json& one) { return one.value("met", true); });
}

/// The checks below `family` whose hypotheses are met, as a figure's or a theorem's claims are in its own setting.
std::vector<const Json*> met_below(const Json& report, const std::string& family) {
  std::vector<const Json*> met;
  for (const Json& check : report["checks"])
    if (text(check, "id").starts_with(family) && hypotheses_met(check)) met.push_back(&check);
  return met;
}

/// "not overfitting" of fig3.not_overfitting.train.
std::string regime_in(const std::string& id) {
  std::string name = id.substr(id.find('.') + 1);
  name = name.substr(0, name.find('.'));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name == "not overfitting" ? name : name + " overfitting";
}

/// "benign", "harmful" or "not_overfitting", as ids have it; of Figure 3 what the paper calls it, else by the borders.
std::string regime_of(const Json& report) {
  if (const auto shown = met_below(report, "fig3."); !shown.empty()) {
    const std::string id = text(*shown.front(), "id").substr(5);
    return id.substr(0, id.find('.'));
  }
  const std::string name = text(report.value("regime", Json::object()), "name");
  return name == "not overfitting" ? "not_overfitting" : name.substr(0, name.find(' '));
}

std::string expected(const Json& report) {
  if (const auto shown = met_below(report, "fig3."); !shown.empty())
    return regime_in(text(*shown.front(), "id")) + " (the paper's Figure 3)";
  if (const auto shown = met_below(report, "fig1."); !shown.empty())
    return "benign, harmful and not overfitting, for three q (the paper's Figure 1)";
  if (!met_below(report, "theorem.benign").empty()) return "benign overfitting, fitted first (the theorem)";
  const Json& regime = report.value("regime", Json::object());
  const std::string name = text(regime, "name");
  return name.empty() ? "nothing: the regime is not known" : name + ", with constants 1 at both borders";
}

/// "train accuracy 0.9988 +- 0.0025" of a study's "mean 0.9988 +- 0.0025 (sd …)".
std::string mean_in(const Json& check) {
  static const std::map<std::string, std::string> names{
      {"train", "train accuracy"},
      {"test", "test accuracy"},
      {"attention", "noisy samples' attention on the relevant token"}};
  const std::string id = text(check, "id"), observed = text(check, "observed");
  const auto name = names.find(id.substr(id.rfind('.') + 1));
  const std::string number = observed.substr(0, observed.find(" ("));
  return (name == names.end() ? id : name->second) + " " + (number.starts_with("mean ") ? number.substr(5) : number);
}

std::string seen(const Json& report) {
  std::string line;
  for (const Json* check : met_below(report, "fig3.")) line += (line.empty() ? "" : ", ") + mean_in(*check);
  if (!line.empty()) return line;
  for (const char* family : {"fig1.", "theorem."})
    for (const Json* check : met_below(report, family))
      if (line.empty() || std::string(family) == "fig1.") line += (line.empty() ? "" : "; ") + text(*check, "observed");
  const Json& run = report.value("seen", Json());
  if (line.empty() && run.is_object())
    line = "at the end of its run train accuracy " + in_short(run["train_accuracy"]) + ", test accuracy " +
           in_short(run["test_accuracy"]) + ", test loss " + in_short(run["test_loss"]) + ": " + text(run, "outcome");
  return line.empty() ? "no claim of the theorem or of a figure has its hypotheses met here" : line;
}

std::string assumptions(const Json& report) {
  std::string unmet, met;
  for (const char* name : {"A1", "A2"}) {
    const Json* check = find(report, std::string("assumption.") + name);
    if (!check) continue;
    std::string& list = text(*check, "verdict") == "holds" ? met : unmet;
    list += (list.empty() ? "" : ", ") + std::string(name) + " (up to C = " + in_short((*check)["constant"]) + ")";
  }
  if (unmet.empty() && met.empty()) return "not asked for";
  return (met.empty() ? "" : "hold: " + met + (unmet.empty() ? "" : "; ")) +
         (unmet.empty() ? "" : "unmet: " + unmet + "; nothing seen here follows from the theorem");
}

std::string counts(const Json& report) {
  const auto count = verdicts(report);
  std::string line;
  for (const char* verdict : {"proved", "holds", "violated", "undecided", "vacuous"})
    line += format("%s%ld %s", line.empty() ? "" : ", ", count.at(verdict), verdict);
  return line;
}

/// "balanced: theorem.benign.stage1, gap.noisy_below; low signal: …" of the checks of that kind.
template <class Kind>
std::string list_of(const std::vector<Setting>& settings, const Kind& kind) {
  std::string list;
  for (const Setting& setting : settings) {
    std::string ids;
    for (const Json& check : setting.report["checks"])
      if (kind(setting.report, check)) ids += (ids.empty() ? "" : ", ") + text(check, "id");
    if (!ids.empty()) list += (list.empty() ? "" : "; ") + one_line(title_of(setting)) + ": " + ids;
  }
  return list;
}

}  // namespace

bool fails_outside(const Json& report, const Json& check) {
  const std::string id = text(check, "id");
  if (id.starts_with("theorem.") && !id.starts_with("theorem." + regime_of(report))) return false;
  const Json &margin = check.value("margin", Json()), &error = check.value("error", Json());
  return text(check, "verdict") == "vacuous" && margin.is_number() && error.is_number() &&
         margin.get<double>() < -error.get<double>() &&
         (id.starts_with("theorem.") || id.starts_with("gap.") || id.starts_with("update.") || id.starts_with("law."));
}

std::string story_text(const std::vector<Setting>& settings) {
  std::string story;
  for (const Setting& setting : settings) {
    const Json& report = setting.report;
    const Json config = report.value("config", Json::object());
    story += one_line(title_of(setting)) + " (d = " + sim::text_of(config.value("d", Json())) +
             ", |mu| = " + sim::text_of(config.value("mu", Json())) +
             ", n = " + sim::text_of(config.value("n", Json())) + "): expected " + expected(report) + "\n";
    story += cut("  seen         " + seen(report)) + "\n";
    story += cut("  assumptions  " + assumptions(report)) + "\n";
    story += cut("  checks       " + counts(report)) + "\n";
  }
  const std::string surprising = list_of(settings, [](const Json&, const Json&check) { return surprises(check); }),
                    outside = list_of(settings, fails_outside);
  story += cut("Surprises: " + (surprising.empty() ? "none, every verdict is as expected" : surprising)) + "\n";
  if (!outside.empty()) story += cut("Fails where its hypotheses are unmet: " + outside) + "\n";
  return story;
}

}  // namespace benign::proofs::page

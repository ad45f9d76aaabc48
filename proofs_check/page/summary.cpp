#include "proofs_check/page/summary.hpp"

#include "proofs_check/framework/check.hpp"
#include "proofs_check/page/html.hpp"
#include "proofs_check/page/story.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/runs/build_info.hpp"

#include <algorithm>
#include <array>

namespace benign::proofs::page {
namespace {

using sim::Json;

constexpr std::array verdict_names{"proved", "holds", "violated", "undecided", "vacuous"};
constexpr const char* letters = "PHXUN";

std::string badge(const std::string& verdict) {
  for (std::size_t k = 0; k < verdict_names.size(); ++k)
    if (verdict == verdict_names[k])
      return std::string("<span class=\"badge v-") + verdict + "\" aria-hidden=\"true\">" + letters[k] + "</span>";
  return "";
}

std::string text_of(const Json& object, const char* key) {
  const Json value = object.value(key, Json());
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

/// As the report has it, or, of one that has none, as the registry does.
std::string statement_of(const Json& check) {
  if (const std::string told = text_of(check, "statement"); !told.empty()) return told;
  for (const Check& known : registry())
    if (check["id"] == known.id) return known.statement;
  return "no statement";
}

std::string link(const std::string& id) {
  return "<a class=\"check\" href=\"#check=" + escaped(id) + "\" data-check=\"" + escaped(id) + "\">" + escaped(id) +
         "</a>";
}

/// "A1 is not met: it holds up to C = 0.0534, and C = 1 is asked."
std::string assumption_html(const Json& check, const std::string& name) {
  const bool met = check["verdict"] == "holds";
  return "<li>" + badge(check["verdict"]) + " " + link(check["id"]) + ": <strong>" + name +
         (met ? " is met</strong>" : " is not met</strong>") +
         ". It holds up to C = " + number_html(check.value("constant", Json())) + (met ? "; C = " : ", and C = ") +
         number_html(check.value("scale", Json(1))) + " is asked.</li>\n";
}

std::string regime_html(const Json& report) {
  const Json regime = report.value("regime", Json::object());
  const auto number = [&](const char* key) { return regime.value(key, Json()); };
  for (const char* key : {"snr", "border_harmful", "border_not_overfitting"})
    if (!number(key).is_number()) return "";
  const double snr = number("snr"), harmful = number("border_harmful"), upper = number("border_not_overfitting");
  return "<p>SNR = " + number_html(snr) + " is " + number_html(snr / harmful) +
         " times d<sup>−1/4</sup>, the order of the border of harmful overfitting, and " + number_html(snr / upper) +
         " times n<sup>−1/2</sup>, that of the border of not overfitting. The paper gives neither border a "
         "constant.</p>\n";
}

std::string unmet_text(const Json& check) {
  std::string unmet;
  for (const Json& hypothesis : check.value("hypotheses", Json::array()))
    if (!hypothesis["met"].get<bool>()) unmet += (unmet.empty() ? "" : "; ") + text_of(hypothesis, "statement");
  return unmet;
}

std::string claim_html(const Json& check) {
  const std::string verdict = check["verdict"];
  std::string html = "<li>" + badge(verdict) + " " + link(check["id"]) + ": " + escaped(statement_of(check)) + ". ";
  if (verdict == "vacuous")
    return html + "<strong>Says nothing here</strong>; not met: " + escaped(unmet_text(check)) + ".</li>\n";
  html += verdict == "holds" ? "<strong>Holds" : "<strong>Is " + verdict;
  if (surprises(check) && check.value("expected", Json()).is_string())
    html += " (expected: " + escaped(text_of(check, "expected")) + ")";
  html += "</strong>, margin " + number_html(check.value("margin", Json())) + " ± " +
          number_html(check.value("error", Json()));
  if (check.value("constant", Json()).is_number()) html += ", C = " + number_html(check["constant"]) + " needed";
  return html + ". <span class=\"seen\">" + escaped(text_of(check, "observed")) + "</span></li>\n";
}

/// The claims of these kinds, a list with a heading; nothing where there are none.
std::string claims_html(const Json& report, const char* heading, const std::vector<CheckKind>& kinds) {
  std::string items;
  for (const Json& check : report["checks"])
    if (std::find(kinds.begin(), kinds.end(), kind_of(check["id"])) != kinds.end()) items += claim_html(check);
  return items.empty() ? "" : std::string("<h4>") + heading + "</h4>\n<ul class=\"claims\">\n" + items + "</ul>\n";
}

/// "Of 23 checks 20 hold and 3 are vacuous (a hypothesis is not met)."
std::string counts_text(const Json& report) {
  const auto count = verdicts(report);
  std::vector<std::string> parts;
  for (const std::string verdict : verdict_names) {
    const long k = count.at(verdict);
    if (k == 0) continue;
    const char* verb = verdict == "holds" ? (k == 1 ? " holds" : " hold") : k == 1 ? " is " : " are ";
    parts.push_back(std::to_string(k) + verb + (verdict == "holds" ? "" : verdict));
  }
  std::string text;
  for (std::size_t k = 0; k < parts.size(); ++k)
    text += (k == 0 ? "" : k + 1 == parts.size() ? " and " : ", ") + parts[k];
  return format("Of %zu checks ", report["checks"].size()) + text +
         (count.at("vacuous") > 0 ? " (a hypothesis is not met)." : ".");
}

std::string surprises_html(const Json& report) {
  std::string items;
  for (const Json& check : report["checks"])
    if (surprises(check)) items += claim_html(check);
  return items.empty() ? "<p>Nothing is otherwise than expected, and nothing undecided.</p>\n"
                       : "<h4>Otherwise than expected, or undecided</h4>\n<ul class=\"claims\">\n" + items + "</ul>\n";
}

/// What hypotheses are there for: claims of its regime that fail where they are unmet.
std::string outside_html(const Json& report) {
  std::string items;
  for (const Json& check : report["checks"])
    if (fails_outside(report, check)) items += claim_html(check);
  return items.empty() ? ""
                       : "<h4>Fails where its hypotheses are unmet</h4>\n<ul class=\"claims\">\n" + items + "</ul>\n";
}

/// Where the verdicts were decided by other sources than those of the program that writes the page.
std::string build_html(const Json& report) {
  const std::string source = report.contains("source") && report["source"].is_string() ? report["source"] : Json("");
  if (source.empty() || source == sim::build_info().source) return "";
  return "<p><strong>Decided by another build</strong> than the one that wrote this page: sources " +
         escaped(source.substr(0, 8)) + ", not " + escaped(sim::build_info().source.substr(0, 8)) + ".</p>\n";
}

/// What came of the setting's own run, whatever follows from it.
std::string seen_html(const Json& report) {
  const Json seen = report.value("seen", Json());
  if (!seen.is_object()) return "";
  std::string outcome = seen.value("outcome", "");
  std::replace(outcome.begin(), outcome.end(), '_', ' ');
  return "<p><strong>Seen</strong> at the end of its run: train accuracy " +
         number_html(seen.value("train_accuracy", Json())) + ", test accuracy " +
         number_html(seen.value("test_accuracy", Json())) + ", test loss " +
         number_html(seen.value("test_loss", Json())) + "; outcome: " + escaped(outcome) + ".</p>\n";
}

std::string article_html(const Setting& setting) {
  const Json& report = setting.report;
  std::string html = "<article class=\"setting\">\n<h3>" + escaped(title_of(setting)) +
                     "</h3>\n<p class=\"parameters\">" + escaped(parameters_text(report)) + "</p>\n";
  html += build_html(report);
  std::string assumed;
  for (const auto& [id, name] : {std::pair{"assumption.A1", "A1"}, std::pair{"assumption.A2", "A2"},
                                 std::pair{"assumption.not_harmful", "SNR above C d<sup>−1/4</sup>"},
                                 std::pair{"assumption.overfits", "SNR below n<sup>−1/2</sup>/C"}})
    if (const Json* check = find(report, id)) assumed += assumption_html(*check, name);
  if (!assumed.empty()) {
    html += "<h4>Assumptions</h4>\n<ul class=\"claims\">\n" + assumed + "</ul>\n";
    if (find(report, "assumption.A1") && find(report, "assumption.A2"))
      html +=
          assumptions_hold(report)
              ? "<p>A1 and A2 are met with these constants: what the paper's theorem concludes from them is claimed of "
                "this "
                "setting.</p>\n"
              : "<p>So what the paper's theorem concludes from A1 and A2 says nothing about this setting: what follows "
                "was observed, and is not implied by it.</p>\n";
  }
  html += seen_html(report) + regime_html(report) + "<p>" + counts_text(report) + "</p>\n" + surprises_html(report) +
          outside_html(report);
  html += claims_html(report, "Theorems", {CheckKind::theorem}) + claims_html(report, "Figures", {CheckKind::figure});
  return html + "</article>\n";
}

}  // namespace

const Json* find(const Json& report, const std::string& id) {
  for (const Json& check : report["checks"])
    if (check["id"] == id) return &check;
  return nullptr;
}

std::map<std::string, long> verdicts(const Json& report) {
  std::map<std::string, long> count;
  for (const char* verdict : verdict_names) count[verdict] = 0;
  for (const Json& check : report["checks"]) ++count[check["verdict"]];
  return count;
}

bool assumptions_hold(const Json& report) {
  const auto holds = [&](const char* id) {
    const Json* check = find(report, id);
    return check && (*check)["verdict"] == "holds";
  };
  return holds("assumption.A1") && holds("assumption.A2");
}

bool surprises(const Json& check) {
  const Json verdict = check["verdict"];
  if (verdict == "vacuous") return false;
  return verdict == "undecided" || (verdict == "violated") != (check.value("expected", Json()) == "violated");
}

std::string title_of(const Setting& setting) {
  std::string title = setting.name;
  std::replace(title.begin(), title.end(), '_', ' ');
  return title;
}

std::string parameters_text(const Json& report) {
  const Json config = report.value("config", Json::object());
  std::string text;
  const auto add = [&](const char* name, const char* key) {
    if (config.contains(key)) text += (text.empty() ? "" : ", ") + std::string(name) + " = " + text_of(config, key);
  };
  for (const auto& [name, key] : {std::pair{"d", "d"}, std::pair{"‖μ‖", "mu"}, std::pair{"n", "n"}, std::pair{"T", "T"},
                                  std::pair{"ρ", "rho"}, std::pair{"η", "eta"}, std::pair{"σ", "sigma"}})
    add(name, key);
  add("seed", "seed"), add("W₀", "init"), add("data", "data"), add("steps", "steps"), add("step", "lr");
  add("trained", "train"), add("precision", "precision");
  return text;
}

std::string overview_html(const std::vector<Setting>& settings) {
  std::string rows;
  for (const Setting& setting : settings) {
    const auto count = verdicts(setting.report);
    rows += "<tr><th scope=\"row\"><button type=\"button\" class=\"pick\" data-setting=\"" + escaped(setting.name) +
            "\">" + escaped(title_of(setting)) + "</button></th>";
    for (const auto& [id, name] : {std::pair{"assumption.A1", "A1"}, std::pair{"assumption.A2", "A2"}}) {
      const Json* check = find(setting.report, id);
      rows += std::string("<td class=\"assumed\" data-name=\"") + name + "\">" +
              (!check ? "not asked</td>"
                      : std::string("") + ((*check)["verdict"] == "holds" ? "met" : "not met") +
                            ", up to C = " + number_html(check->value("constant", Json())) + "</td>");
    }
    for (const char* verdict : verdict_names)
      rows += std::string("<td class=\"count\" data-name=\"") + verdict + "\">" +
              (count.at(verdict) > 0 ? badge(verdict) + " " : "") + std::to_string(count.at(verdict)) + "</td>";
    rows += "</tr>\n";
  }
  return rows;
}

std::string sentences_html(const std::vector<Setting>& settings) {
  std::string html;
  for (const Setting& setting : settings) html += article_html(setting);
  return html;
}

}  // namespace benign::proofs::page

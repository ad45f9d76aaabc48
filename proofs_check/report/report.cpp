#include "proofs_check/report/report.hpp"

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/text/configuration.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/models/model.hpp"
#include "sim/runs/outcome.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs {
namespace {

using sim::Json;
using theory::Verdict;

bool decided(Verdict verdict) { return verdict != Verdict::undecided && verdict != Verdict::vacuous; }

bool as_it_should(const Judgement& judgement) {
  if (!decided(judgement.verdict)) return true;
  return (judgement.verdict == Verdict::violated) == (judgement.check->expected == Verdict::violated);
}

/// How far the setting is from each of the paper's borders, whose constants the theorem leaves open.
std::string regime_line(const theory::Parameters& p) {
  const double snr = theory::snr(p);
  const auto [harmful, not_overfitting] = theory::borders(p);
  const auto regime = theory::regime(p);
  std::string text = format("SNR = %.4g is %.3g times the border d^(-1/4) = %.4g and %.3g times n^(-1/2) = %.4g;\n",
                            snr, snr / harmful, harmful, snr / not_overfitting, not_overfitting);
  text += format("with constants 1 at both borders that is %s", theory::name(regime));
  if (regime == theory::Regime::not_overfitting)
    text += format(" (benign overfitting, if the constant of n^(-1/2) is above %.3g)", snr / not_overfitting);
  if (regime == theory::Regime::harmful)
    text += format(" (benign overfitting, if the constant of d^(-1/4) is below %.3g)", snr / harmful);
  return text + ". The theorem names no constants.\n";
}

/// Which working assumptions are unmet, or nothing.
std::string assumptions_line(const Laboratory& laboratory) {
  std::vector<std::string> names, constants, largest;
  const auto see = [&](const char* name, const char* id, double slack) {
    const double C = laboratory.constant(id, 1);
    if (slack > C) return;
    names.push_back(name), constants.push_back(format("%.3g", C)), largest.push_back(format("%.3g", slack));
  };
  see("A1", "assumption.A1", slack_A1(laboratory));
  see("A2", "assumption.A2", slack_A2(laboratory));
  if (names.empty()) return "";
  const bool both = names.size() == 2;
  if (both && constants[0] == constants[1]) constants.pop_back();
  const auto joined = [](const std::vector<std::string>& parts) {
    return parts.size() == 2 ? parts[0] + " and " + parts[1] : parts[0];
  };
  return joined(names) + (both ? " are" : " is") + " unmet with C = " + joined(constants) +
         (both ? " (they hold" : " (it holds") + " up to C = " + joined(largest) + "): claims that assume " +
         (both ? "them" : "it") + " say nothing here.\n";
}

Json regime_json(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  const auto [harmful, not_overfitting] = theory::borders(p);
  return {{"name", theory::name(theory::regime(p))},
          {"snr", theory::snr(p)},
          {"border_harmful", harmful},
          {"border_not_overfitting", not_overfitting},
          {"slack_A1", slack_A1(laboratory)},
          {"slack_A2", slack_A2(laboratory)}};
}

/// What came of the setting's own run, at its end.
Json seen_json(const sim::Trajectory& run) {
  const auto& last = run.moments.back();
  const sim::TestError test = run.test(last);
  std::vector<bool> noisy;
  for (Index i = 0; i < run.samples.n; ++i) noisy.push_back(run.noisy(i));
  const sim::Fitted shares = sim::fitted<double>(run.samples, noisy, last);
  const auto outcome =
      theory::outcome(shares.clean == 1, shares.flipped.value_or(1) == 1, sim::model_of(run.config).generalises(test));
  return {{"train_accuracy", sim::finite(last.train_accuracy)},
          {"test_accuracy", sim::finite(test.accuracy)},
          {"test_loss", sim::finite(test.loss)},
          {"outcome", theory::key(outcome)}};
}

std::string coloured_name(Verdict verdict, bool coloured) {
  const std::string padded = format("%-10s", theory::name(verdict));
  if (!coloured) return padded;
  const int colour = verdict == Verdict::violated    ? 31
                     : verdict == Verdict::undecided ? 33
                     : verdict == Verdict::vacuous   ? 90
                                                     : 32;
  return "\033[" + std::to_string(colour) + "m" + padded + "\033[0m";
}

/// "5 proved, 28 hold, 0 violated, 0 undecided, 17 vacuous."
std::string counts_text(const std::vector<Judgement>& judgements) {
  const auto count = [&](Verdict verdict) {
    return std::count_if(judgements.begin(), judgements.end(),
                         [&](const Judgement& one) { return one.verdict == verdict; });
  };
  const auto proved = count(Verdict::proved);
  return (proved > 0 ? format("%ld proved, ", proved) : std::string()) +
         format("%ld hold, %ld violated, %ld undecided, %ld vacuous.", count(Verdict::holds), count(Verdict::violated),
                count(Verdict::undecided), count(Verdict::vacuous));
}

}  // namespace

Json constant_json(const theory::Decimal& C) {
  const Json number = C.as<double>();
  return theory::Decimal::parse(number.dump()) == C ? number : Json(C.text());
}

namespace {

/// As one word of a shell's.
std::string shell_word(const std::string& text) {
  if (text.find_first_of(" \t;&|<>()$`\\\"'*?[]#~") == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace

std::string arguments(const sim::RunConfig& config) {
  const Json given = sim::config_json(config);
  Json files = Json::object();  // which have defaults of their own
  if (config.brought)
    for (const char* name : {"data", "labels", "head", "test-data", "test-labels", "surrogate", "mask", "test-mask"})
      if (given.contains(name)) files[name] = given[name];
  const Json defaults = sim::config_json(config.brought ? config_from_json("--data", files.dump()) : sim::RunConfig{});
  std::string text;
  const auto settled = sim::settled_by_model(config);
  for (const auto& item : given.items()) {
    const std::string& name = item.key();
    const Json& value = item.value();
    if (std::any_of(settled.begin(), settled.end(), [&](const auto& one) { return one.first == name; })) continue;
    if (!files.contains(name) && defaults.contains(name) && defaults[name] == value) continue;
    text += " --" + name;
    if (!value.is_boolean()) text += " " + shell_word(value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

std::string command_of(const Judgement& judgement, const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  config.precision = judgement.precision;
  if (const sim::Model* own = config.model.empty() ? sim::find_model(judgement.check->model) : nullptr)
    config.model = own->name, own->settle(config.parameters);
  std::string text = "benign check" + arguments(config) + " --only " + judgement.check->id;
  if (is_study(*judgement.check)) text += " --seeds " + std::to_string(judgement.seeds);
  if (laboratory.delta != Laboratory().delta) text += format(" --delta %.17g", laboratory.delta);
  for (const auto& [id, C] : laboratory.constants)  // hypotheses use those of other checks
  {
    const Json constant = constant_json(C);
    text += " --C " + id + "=" + (constant.is_string() ? C.text() : constant.dump());
  }
  return text;
}

std::string without_numbers(const std::string& statement) {
  return statement.substr(0, std::min(statement.find(" = "), statement.find(" (")));
}

std::string report_head(const Laboratory& laboratory) {
  const auto& config = laboratory.config;
  std::string text = setting_line(config) + "\n";
  text += config.brought ? "What the theory expects of these tokens: benign diagnose.\n"
          : !config.model.empty() || !theory::papers_data(config.parameters)
              ? format("n SNR^2 = %.4g\n", theory::n_snr2(config.parameters))
              : regime_line(config.parameters) + assumptions_line(laboratory);
  return text +
         format("\n%-10s%-31s%11s%9s  %-13s%-9s%s\n", "verdict", "check", "margin", "error", "kind", "C", "observed");
}

std::string report_line(const Judgement& judgement, const Laboratory& laboratory, bool coloured) {
  const Finding& finding = judgement.finding;
  std::string line = coloured_name(judgement.verdict, coloured);
  line += format("%-31s%11.3g%9.2g  %-13s", judgement.check->id.c_str(), finding.margin.value, finding.margin.error,
                 theory::name(judgement.check->error_kind));
  line += finding.constant ? format("%-9.3g", *finding.constant) : format("%-9s", "-");
  std::string separator;
  for (const auto& hypothesis : finding.hypotheses)
    if (!hypothesis.met) line += separator + "unmet: " + hypothesis.statement, separator = "; ";
  if (!finding.observed.empty()) line += separator + finding.observed;
  if (is_study(*judgement.check) && finding.hypotheses_met()) line += format("; %ld seeds", judgement.seeds);
  if (judgement.precision != laboratory.config.precision)
    line += "; decided in " + sim::text_of(sim::precision_choices, judgement.precision);
  if (!as_it_should(judgement)) line += "  <- expected: " + std::string(theory::name(judgement.check->expected));
  return line + "\n";
}

std::string report_foot(const std::vector<Judgement>& judgements, const Laboratory& laboratory) {
  std::string text = "\n" + counts_text(judgements);
  if (std::none_of(judgements.begin(), judgements.end(),
                   [](const Judgement& one) { return decided(one.verdict) || one.verdict == Verdict::undecided; }))
    text += " Nothing is decided (status 3): each has a hypothesis that is unmet here.";
  return text +
         (judgements.empty() ? "\n" : " One of them again: " + command_of(judgements.front(), laboratory) + "\n");
}

Json report_json(const std::vector<Judgement>& judgements, const Laboratory& laboratory) {
  Json json = {{"config", sim::config_json(laboratory.config)}};
  json.update(sim::provenance_json(laboratory.config));
  json.update(sim::build_info_json());
  json["snr"] = theory::snr(laboratory.config.parameters);
  if (laboratory.config.model.empty()) json["regime"] = regime_json(laboratory);
  if (const sim::Trajectory* run = laboratory.own_run(); run && !laboratory.config.brought)
    json["seen"] = seen_json(*run);
  json["checks"] = Json::array();
  for (const Judgement& judgement : judgements) {
    const Finding& finding = judgement.finding;
    Json hypotheses = Json::array();
    for (const auto& h : finding.hypotheses)
      hypotheses.push_back({{"statement", h.statement}, {"met", h.met}, {"source", h.source}});
    json["checks"].push_back({{"id", judgement.check->id},
                              {"verdict", theory::name(judgement.verdict)},
                              {"expected", theory::name(judgement.check->expected)},
                              {"margin", sim::finite(finding.margin.value)},
                              {"error", sim::finite(finding.margin.error)},
                              {"error_kind", theory::name(judgement.check->error_kind)},
                              {"scale", sim::finite(finding.scale)},
                              {"constant", finding.constant ? sim::finite(*finding.constant) : Json(nullptr)},
                              {"hypotheses", hypotheses},
                              {"statement", judgement.check->statement},
                              {"source", judgement.check->source},
                              {"observed", finding.observed},
                              {"precision", sim::text_of(sim::precision_choices, judgement.precision)},
                              {"seeds", is_study(*judgement.check) ? judgement.seeds : 1},
                              {"command", command_of(judgement, laboratory)}});
  }
  return json;
}

int exit_status(const std::vector<Judgement>& judgements) {
  bool any_decided = false, any_undecided = false;
  for (const Judgement& judgement : judgements) {
    if (!as_it_should(judgement)) return unexpected;
    any_decided = any_decided || decided(judgement.verdict);
    any_undecided = any_undecided || judgement.verdict == Verdict::undecided;
  }
  return any_undecided || !any_decided ? not_decided : as_expected;
}

}  // namespace benign::proofs

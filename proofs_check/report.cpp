#include "proofs_check/report.hpp"

#include "proofs_check/format.hpp"
#include "proofs_check/usage_error.hpp"
#include "theory/regime.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs {
namespace {

using sim::Json;
using theory::Verdict;

bool decided(Verdict verdict) { return verdict != Verdict::undecided && verdict != Verdict::vacuous; }

bool as_it_should(const Outcome& outcome) {
  if (!decided(outcome.verdict)) return true;
  return (outcome.verdict == Verdict::violated) == (outcome.check->expected == Verdict::violated);
}

/// The options of `config` that are not at their defaults, as they stand on a command line.
std::string arguments(const sim::RunConfig& config) {
  const Json given = sim::config_json(config), defaults = sim::config_json(sim::RunConfig{});
  std::string text;
  for (const auto& [name, value] : given.items()) {
    if (defaults.contains(name) && defaults[name] == value) continue;
    text += " --" + name;
    if (!value.is_boolean()) text += " " + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

std::string regime_line(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  const auto borders = theory::borders(p);
  const char* names[] = {"harmful overfitting", "benign overfitting", "no overfitting"};
  return format("SNR = %.4g; with constants 1 the paper's borders are d^(-1/4) = %.4g and n^(-1/2) = %.4g: %s\n",
                theory::snr(p), borders.harmful, borders.not_overfitting, names[static_cast<int>(theory::regime(p))]);
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

Json finite(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }

}  // namespace

std::string command_of(const Outcome& outcome, const Laboratory& laboratory) {
  sim::RunConfig config = laboratory.config;
  config.precision = outcome.precision;
  std::string text = "benign check" + arguments(config) + " --only " + outcome.check->id;
  if (outcome.check->remedy == Remedy::seeds) text += " --seeds " + std::to_string(outcome.seeds);
  if (laboratory.delta != Laboratory().delta) text += format(" --delta %.17g", laboratory.delta);
  if (const auto C = laboratory.constants.find(outcome.check->id); C != laboratory.constants.end())
    text += format(" --C %s=%.17g", C->first.c_str(), C->second);
  return text;
}

std::string report_text(const std::vector<Outcome>& outcomes, const Laboratory& laboratory, bool coloured) {
  const auto& config = laboratory.config;
  const auto& p = config.parameters;
  std::string text = format("d = %ld, |mu| = %s, n = %ld, T = %ld, rho = %s, eta = %s, sigma = %s, seed %llu, %s\n",
                            p.d, p.mu.text().c_str(), p.n, p.T, p.rho.text().c_str(), p.eta.text().c_str(),
                            p.sigma.text().c_str(), static_cast<unsigned long long>(config.seed),
                            sim::text_of(sim::precision_choices, config.precision).c_str());
  text += regime_line(laboratory) + "\n";
  text += format("%-10s%-31s%11s%9s  %-9s%s\n", "verdict", "check", "margin", "error", "C", "observed");
  for (const Outcome& outcome : outcomes) {
    const Finding& finding = outcome.finding;
    std::string line = coloured_name(outcome.verdict, coloured);
    line += format("%-31s%11.3g%9.1g  ", outcome.check->id.c_str(), finding.margin.value, finding.margin.error);
    line += finding.constant ? format("%-9.3g", *finding.constant) : format("%-9s", "-");
    for (const auto& hypothesis : finding.hypotheses)
      if (!hypothesis.met) line += "unmet: " + hypothesis.statement + (finding.observed.empty() ? "" : "; ");
    line += finding.observed;
    if (outcome.check->remedy == Remedy::seeds && finding.hypotheses_met())
      line += format("; %ld seeds", outcome.seeds);
    if (outcome.precision != config.precision)
      line += "; decided in " + sim::text_of(sim::precision_choices, outcome.precision);
    if (!as_it_should(outcome)) line += "  <- expected: " + std::string(theory::name(outcome.check->expected));
    text += line + "\n";
  }
  const auto count = [&](Verdict verdict) {
    return std::count_if(outcomes.begin(), outcomes.end(), [&](const Outcome& o) { return o.verdict == verdict; });
  };
  text +=
      format("\n%ld hold, %ld violated, %ld undecided, %ld vacuous.", count(Verdict::holds) + count(Verdict::proved),
             count(Verdict::violated), count(Verdict::undecided), count(Verdict::vacuous));
  if (!outcomes.empty()) text += " One of them again: " + command_of(outcomes.front(), laboratory) + "\n";
  return text;
}

Json report_json(const std::vector<Outcome>& outcomes, const Laboratory& laboratory) {
  Json json = {{"config", sim::config_json(laboratory.config)}};
  json.update(sim::provenance_json(laboratory.config));
  json["snr"] = theory::snr(laboratory.config.parameters);
  json["checks"] = Json::array();
  for (const Outcome& outcome : outcomes) {
    const Finding& finding = outcome.finding;
    Json hypotheses = Json::array();
    for (const auto& h : finding.hypotheses) hypotheses.push_back({{"statement", h.statement}, {"met", h.met}});
    json["checks"].push_back({{"id", outcome.check->id},
                              {"verdict", theory::name(outcome.verdict)},
                              {"expected", theory::name(outcome.check->expected)},
                              {"margin", finite(finding.margin.value)},
                              {"error", finite(finding.margin.error)},
                              {"constant", finding.constant ? finite(*finding.constant) : Json(nullptr)},
                              {"hypotheses", hypotheses},
                              {"statement", outcome.check->statement},
                              {"source", outcome.check->source},
                              {"observed", finding.observed},
                              {"precision", sim::text_of(sim::precision_choices, outcome.precision)},
                              {"seeds", outcome.check->remedy == Remedy::seeds ? outcome.seeds : 1},
                              {"command", command_of(outcome, laboratory)}});
  }
  return json;
}

int exit_status(const std::vector<Outcome>& outcomes) {
  bool any_decided = false, any_undecided = false;
  for (const Outcome& outcome : outcomes) {
    if (!as_it_should(outcome)) return unexpected;
    any_decided = any_decided || decided(outcome.verdict);
    any_undecided = any_undecided || outcome.verdict == Verdict::undecided;
  }
  return any_undecided || !any_decided ? not_decided : as_expected;
}

}  // namespace benign::proofs

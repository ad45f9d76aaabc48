#include "proofs_check/framework/check.hpp"

#include "proofs_check/framework/cost.hpp"
#include "sim/models/model.hpp"
#include "sim/runs/records.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>

namespace benign::proofs {
namespace {

std::vector<Check>& checks() {
  static std::vector<Check> all;
  return all;
}

Finding without_a_number(Hypothesis unmet) {
  Finding finding;
  finding.hypotheses = {std::move(unmet)};
  finding.margin = {std::numeric_limits<double>::quiet_NaN(), 0};
  return finding;
}

/// The hypothesis that other data than the paper's do not meet.
Hypothesis of_papers_data(const theory::Parameters& p) {
  if (p.layout) return {"tokens are laid out as the paper's (no --layout)", false};
  if (p.flips != theory::Flips::exact) return {"an exact count of labels is flipped (no --flips independent)", false};
  return {"both classes have as many samples (no --plus-share " + p.plus_share.text() + ")", false};
}

/// A claim about another model than the paper's, which looks at its own model wherever it is asked.
std::function<Finding(const Laboratory&, double)> of_model(std::function<Finding(const Laboratory&, double)> claim,
                                                           const std::string& model) {
  if (!claim) return claim;
  return [claim, model](Laboratory laboratory, double C) {
    laboratory.config.model = model;
    if (const sim::Model* found = sim::find_model(model)) found->settle(laboratory.config.parameters);
    return claim(laboratory, C);
  };
}

/// Raises what `remedy` names by one notch; false at the limit.
bool raise(Remedy remedy, Laboratory& laboratory, long most_seeds) {
  switch (remedy) {
    case Remedy::none: return false;
    case Remedy::precision:
      if (laboratory.config.precision == Precision::digits100) return false;
      laboratory.config.precision = static_cast<Precision>(static_cast<int>(laboratory.config.precision) + 1);
      return true;
    case Remedy::seeds: break;
  }
  if (laboratory.seeds >= most_seeds) return false;
  laboratory.seeds = std::min(2 * laboratory.seeds, most_seeds);
  return true;
}

}  // namespace

Finding evaluate(const Check& check, const Laboratory& laboratory) {
  if (const std::string& asked = laboratory.config.model; check.model != asked) {
    if (!asked.empty() || laboratory.config.data == sim::DataKind::brought)
      return without_a_number(
          {"the model is " + (check.model.empty() ? sim::models().front().name : check.model), false});
  }
  const bool brought = laboratory.config.data == sim::DataKind::brought;
  if (check.needs_tokens && laboratory.config.data == sim::DataKind::gram)
    return without_a_number({"tokens are drawn (no --data gram)", false});
  if (check.needs_signals && brought)
    return without_a_number({"tokens are drawn from the model, with its signals (no --data FILE)", false});
  if (check.needs_signals && !check.any_layout && !theory::papers_data(laboratory.config.parameters))
    return without_a_number(of_papers_data(laboratory.config.parameters));
  if (!check.any_method && !laboratory.config.method.plain())
    return without_a_number(
        {"training is plain gradient descent or its flow (no " + options_of(laboratory.config.method) + ")", false});
  if (check.needs_curvature && brought && laboratory.config.parameters.tokens() > most_given_tokens)
    return without_a_number({"n T <= " + std::to_string(most_given_tokens) + ", where curvatures are enclosed", false});
  try {
    return check.evaluate(laboratory, laboratory.constant(check.id, check.C.value_or(1)));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {  // also what a library says of numbers that it cannot take
    Finding unfinished;
    unfinished.finished = false;
    unfinished.margin = {0, std::numeric_limits<double>::infinity()};
    unfinished.observed = error.what();
    return unfinished;
  }
}

bool Finding::hypotheses_met() const {
  return std::all_of(hypotheses.begin(), hypotheses.end(), [](const Hypothesis& h) { return h.met; });
}

theory::Verdict verdict_of(const Finding& finding) {
  const auto verdict = theory::decide(finding.hypotheses_met(), finding.margin);
  return finding.enclosed && verdict == theory::Verdict::holds ? theory::Verdict::proved : verdict;
}

Check argued(Check check, std::string derivation, std::vector<std::string> uses, std::string tex) {
  check.derivation = std::move(derivation);
  check.uses = std::move(uses);
  check.tex = std::move(tex);
  return check;
}

const char* name(CheckKind kind) {
  switch (kind) {
    case CheckKind::assumption: return "assumption";
    case CheckKind::lemma: return "lemma";
    case CheckKind::law: return "law";
    case CheckKind::theorem: return "theorem";
    case CheckKind::figure: return "figure";
    case CheckKind::numerics: break;
  }
  return "numerics";
}

CheckKind kind_of(const std::string& id) {
  static const std::map<std::string, CheckKind> kinds = {{"assumption", CheckKind::assumption},
                                                         {"event", CheckKind::lemma},
                                                         {"probability", CheckKind::lemma},
                                                         {"lemma", CheckKind::lemma},
                                                         {"gap", CheckKind::lemma},
                                                         {"v1", CheckKind::lemma},
                                                         {"law", CheckKind::law},
                                                         {"update", CheckKind::law},
                                                         {"fig1", CheckKind::figure},
                                                         {"fig3", CheckKind::figure},
                                                         {"invariant", CheckKind::numerics},
                                                         {"descent", CheckKind::numerics},
                                                         {"route", CheckKind::numerics},
                                                         {"precision", CheckKind::numerics},
                                                         {"test", CheckKind::numerics}};
  std::istringstream words(id);
  for (std::string word; std::getline(words, word, '.');)
    if (const auto found = kinds.find(word); found != kinds.end()) return found->second;
  return CheckKind::theorem;
}

bool register_check(Check check) {
  if (!check.model.empty())
    for (auto* claim : {&check.evaluate, &check.fault}) *claim = of_model(std::move(*claim), check.model);
  auto& all = checks();
  const auto before = [](int order, const Check& other) { return order < other.order; };
  all.insert(std::upper_bound(all.begin(), all.end(), check.order, before), std::move(check));
  return true;
}

const std::vector<Check>& registry() { return checks(); }

double expected_seconds(const std::vector<const Check*>& checks, const Laboratory& laboratory) {
  std::map<std::string, double> each;
  for (const Check* check : checks) {
    if (!check->expenses) continue;
    const double times = is_study(*check) ? static_cast<double>(std::max(laboratory.seeds, check->least_seeds)) : 1;
    for (const Expense& expense : check->expenses(laboratory)) {
      const bool asks_q = expense.trained && expense.config.precision == Precision::binary64;
      double seconds = expected_frame_seconds(expense.config, asks_q ? sim::QNorm::needed : sim::QNorm::not_needed);
      if (expense.trained) seconds += expected_training_seconds(expense.config);
      auto& known = each[sim::config_hash(expense.config) + (expense.trained ? " trained" : "")];
      known = std::max(known, times * seconds);
    }
  }
  double sum = 0;
  for (const auto& [key, seconds] : each) sum += seconds;
  return sum;
}

double expected_seconds(const Check& check, const Laboratory& laboratory) {
  const double beyond = expected_seconds({&check}, laboratory);
  if (is_study(check)) return beyond;
  if (!check.any_method) return beyond + expected_seconds(laboratory.config);
  sim::RunConfig drawn = laboratory.config;
  if (check.needs_tokens) drawn.parameters.init = theory::Init::identity;  // no inner product through W₀ is asked for
  return beyond + expected_frame_seconds(drawn, sim::QNorm::not_needed);
}

std::vector<std::string> users_of(const std::string& id) {
  std::vector<std::string> users;
  for (const Check& check : registry())
    if (std::find(check.uses.begin(), check.uses.end(), id) != check.uses.end()) users.push_back(check.id);
  return users;
}

Judgement judge(const Check& check, const Laboratory& laboratory) {
  std::optional<Laboratory> raised;  // a copy, which shares what was computed, once something must be raised
  if (laboratory.seeds < check.least_seeds) raised.emplace(laboratory).seeds = check.least_seeds;
  const long most_seeds = 16 * (raised ? raised->seeds : laboratory.seeds);
  while (true) {
    const Laboratory& used = raised ? *raised : laboratory;
    Judgement judgement{&check, evaluate(check, used), theory::Verdict::undecided, used.config.precision, used.seeds};
    judgement.verdict = verdict_of(judgement.finding);
    if (judgement.verdict != theory::Verdict::undecided || !judgement.finding.finished) return judgement;
    if (!raised) raised = laboratory;
    if (!raise(check.remedy, *raised, most_seeds)) return judgement;
  }
}

std::vector<Judgement> judge_all(const std::vector<const Check*>& checks, const Laboratory& laboratory,
                                 const Onlooker& onlooker) {
  std::vector<Judgement> judgements(checks.size());
  const auto decide = [&](std::size_t k) {
    if (onlooker.begins) onlooker.begins(k);
    judgements[k] = judge(*checks[k], laboratory);
    if (onlooker.falls) onlooker.falls(k, judgements[k]);
  };
  std::vector<std::size_t> quick, studies;
  for (std::size_t k = 0; k < checks.size(); ++k) (is_study(*checks[k]) ? studies : quick).push_back(k);
  std::size_t alone = 0;
  while (alone < quick.size() && !laboratory.has_drawn()) decide(quick[alone++]);
  for_each_in_order(static_cast<long>(quick.size() - alone),
                    [&](long place) { decide(quick[alone + static_cast<std::size_t>(place)]); });
  for (const std::size_t k : studies) decide(k);
  return judgements;
}

}  // namespace benign::proofs

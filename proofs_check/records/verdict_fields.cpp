// Fields of what the checks say: list, check, baselines.

#include "proofs_check/records/record_fields.hpp"

namespace benign::proofs {
namespace {

const Field check_id = {"id", "text", "", "of the check, as 'benign list' prints it"};
const Field expected_verdict = {"expected", "text", "", "holds, or violated of a claim that is known to be false"};

const Fields finding = {
    check_id,
    {"verdict", "text", "", "proved, holds, violated, undecided or vacuous"},
    expected_verdict,
    {"margin", "number?", "the claim's", "how far inside the claim the numbers lie; negative: outside"},
    {"error", "number?", "the claim's", "of the margin"},
    {"error_kind", "text", "", "what stands behind the error: enclosed, bounded, estimated or statistical"},
    {"scale", "number?", "the claim's", "size of the bound; figures show margin/scale"},
    {"constant", "number?", "",
     "largest C for which an assumption holds, smallest for which a bound does; null without a C"},
    {"hypotheses", "list", "", "of the claim"},
    {"hypotheses[]", "object", "", ""},
    {"hypotheses[].statement", "text", "", "what is assumed"},
    {"hypotheses[].source", "text", "", "who assumes it: [P] the paper, [A] the authors' code, [D] this project"},
    {"hypotheses[].met", "boolean", "", "false for one of them: the verdict is vacuous"},
    {"statement", "text", "", "the claim"},
    {"source", "text", "", "[P] the paper, [A] the authors' code, [S] a summary, [D] derived here"},
    {"observed", "text", "", "the numbers behind the margin, for a person"},
    {"precision", "text", "", "that decided"},
    {"seeds", "integer", "", "runs that decided; 1 unless it is a study"},
    {"command", "text", "", "that reproduces the verdict"}};

RecordForm list_record() {
  return {
      "list",
      "`list --json`",
      "The registry of checks, in the order of the argument.",
      {},
      joined({{"checks", "list", "", ""}, {"checks[]", "object", "", ""}},
             below("checks[]", {check_id,
                                {"model", "text", "", "of list --models, whose runs it judges"},
                                {"statement", "text", "", "the claim"},
                                {"source", "text", "", "as in check"},
                                expected_verdict,
                                {"C", "number?", "", "the constant that the claim is tested with; null without one"},
                                {"why_C", "text", "", "why it is that number"},
                                {"kind", "text", "", "assumption, lemma, theorem, law, figure, ..."},
                                {"derivation", "text", "", "section of theory/THEORY.md"},
                                {"uses", "list", "", "ids that its argument builds on"},
                                {"uses[]", "text", "", ""},
                                {"used_by", "list", "", "ids whose argument builds on it"},
                                {"used_by[]", "text", "", ""},
                                {"tex", "text", "", "the statement as KaTeX reads it"}}))};
}

RecordForm check_record() {
  Fields fields = {{"config", "config", "", "the setting"},
                   {"snr", "number", "", "|mu|/(sigma sqrt(d))"},
                   {"seen", "object", "", "the end of the setting's own run, where a check has asked for it"},
                   {"seen.train_accuracy", "number", "", ""},
                   {"seen.test_accuracy", "number", "", "over the population"},
                   {"seen.test_loss", "number", "nats", "likewise"},
                   {"seen.outcome", "text", "", "harmful, benign, not_overfitting or neither"},
                   {"regime", "object", "", "where the setting lies, with constants 1"},
                   {"regime.name", "text", "", "harmful overfitting, benign overfitting or not overfitting"},
                   {"regime.snr", "number", "", "as above"},
                   {"regime.border_harmful", "number", "", "d^(-1/4)"},
                   {"regime.border_not_overfitting", "number", "", "n^(-1/2)"},
                   {"regime.slack_A1", "number", "", "largest C for which A1 holds"},
                   {"regime.slack_A2", "number", "", "largest C for which A2 holds"},
                   {"checks", "list", "", "a verdict for each check"},
                   {"checks[]", "object", "", ""}};
  fields = joined(std::move(fields), below("checks[]", finding));
  fields = joined(std::move(fields),
                  {{"left_out", "list", "", "ids of checks that --studies adds; only where there are any"},
                   {"left_out[]", "text", "", ""},
                   {"regressions", "list", "", "what is worse than in the baseline; only with --baseline"},
                   {"regressions[]", "object", "", ""},
                   {"regressions[].id", "text", "", "of the check"},
                   {"regressions[].what", "text", "", "verdict, margin, or gone"},
                   {"regressions[].before", "number or text", "", "margin or verdict in the baseline"},
                   {"regressions[].now", "number or text", "", "the same now; absent if the check is gone"},
                   {"regressions[].error", "number", "", "both margins' errors together; only of margins"},
                   {"not_in_baseline", "list", "", "ids that the baseline does not have; only with --baseline"},
                   {"not_in_baseline[]", "text", "", ""}});
  return {"check",
          "`check --json`, `check.json` of `check --out`",
          "Verdicts on a setting.",
          {&provenance_fields(), &build_fields()},
          fields};
}

RecordForm baseline_record() {
  return {"baseline",
          "FILE of `check --write-baseline`",
          "Verdicts and margins that a later build is held to.",
          {},
          {{"config", "config", "", "the setting"},
           {"seeds", "integer", "", "of a study"},
           {"delta", "number", "", "failure probability of probabilistic statements"},
           {"constants", "object", "", "C by id, where --C gave one"},
           {"constants.*", "number or text", "", "a text where no double is the decimal"},
           {"checks", "list", "", ""},
           {"checks[]", "object", "", ""},
           {"checks[].id", "text", "", "of the check"},
           {"checks[].verdict", "text", "", "as in check"},
           {"checks[].expected", "text", "", "as in check"},
           {"checks[].margin", "number?", "", "as in check"},
           {"checks[].error", "number?", "", "as in check"}}};
}

}  // namespace

std::vector<RecordForm> verdict_records() { return {list_record(), check_record(), baseline_record()}; }

}  // namespace benign::proofs

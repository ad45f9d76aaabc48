// Fields of runs: simulate, its series, and what other records have of it.

#include "proofs_check/records/record_fields.hpp"

namespace benign::proofs {
namespace {

constexpr const char* steps_note = "steps of descent done, or parts of a flow's horizon";

/// Of a group of training samples, clean or noisy.
Fields of_group(const std::string& group, const std::string& samples) {
  const std::string by_token = "attention_by_token." + group, sample = "sample." + group;
  Fields fields = {
      {by_token, "object", "", "mean attention of " + samples + " by kind of token; there if there is one"}};
  for (const auto& [kind, meaning] : {std::pair{"relevant", "the token with the class signal"},
                                      {"weak_own", "the weakly relevant token of the own class"},
                                      {"weak_other", "the weakly relevant token of the other class"},
                                      {"irrelevant", "all other tokens together"}})
    fields.push_back({by_token + "." + kind, "real", "", meaning});
  return joined(fields, {{"gap." + group, "real", "", "mean over " + samples + " of min over t of (x_1 - x_t).q"},
                         {sample, "object", "", "the first of " + samples + ", token by token"},
                         {sample + ".index", "integer", "", "which sample, from 0"},
                         {sample + ".attention", "list", "", "its attention, the relevant token first"},
                         {sample + ".attention[]", "real", "", ""}});
}

Fields moment_fields() {
  Fields fields = {{"part", "integer", "", steps_note},
                   {"tau", "real", "1", "time: step size times steps"},
                   {"log_s", "real?", "", "log(tau/tau0); null at the start"},
                   {"attention_by_token", "object", "", ""},
                   {"gap", "object", "", ""},
                   {"sample", "object", "", ""}};
  fields = joined(std::move(fields), of_group("clean", "clean samples"));
  return joined(std::move(fields), of_group("noisy", "flipped samples"));
}

/// With another layout of tokens than the paper's.
const Fields other_kinds = {{"attention_by_token.clean.*", "real", "",
                             "with --layout, or of a model with other tokens: of each kind, under its name"},
                            {"attention_by_token.noisy.*", "real", "", "likewise"}};

const Fields times = {{"setup_s", "number", "s", "drawing and inner products"},
                      {"run_s", "number", "s", "training"},
                      {"test_s", "number", "s", "the test error"}};

const Fields events = {
    {"events", "object", "",
     "first crossings, in log s; only of a flow. Null: not within the horizon, or from the start"},
    {"events.log_s_fit", "real?", "log s", "all training labels are predicted right"},
    {"events.log_s_gap", "real?", "log s", "mu+.q and mu-.q have both reached log T"},
    {"events.log_s_half_loss", "real?", "log s", "the test loss is half way from its start to its floor"},
    {"events.log_s_memorised", "real?", "log s", "all flipped labels are predicted right"},
    {"events.from_the_start", "list", "", "names of events that were true from the start; only if there are any"},
    {"events.from_the_start[]", "text", "", ""}};

const Fields escalation = {
    {"escalation", "object", "", "only with --precision auto"},
    {"escalation.precision", "text", "", "the one that was enough, or the highest"},
    {"escalation.confirmed", "boolean", "", "whether the next higher one changed nothing beyond the error"},
    {"escalation.difference", "number?", "", "largest difference between the two, in units of max(1, |x|)"},
    {"escalation.integrator_error", "number?", "", "the integrator's own, in the same units"}};

}  // namespace

const Group& provenance_fields() {
  static const Group group = {
      "provenance",
      "What made the record, in all but a few.",
      {{"format", "integer", "", "of records: 2; 1 and absent in those of 0.1.0"},
       {"seed", "integer", "", "of data and initial weights"},
       {"version", "text", "", "of the program"},
       {"build", "text", "", "the kind of build"},
       {"compiler", "text", "", "its name and version"},
       {"hash", "text", "", "16 hexadecimal digits that change with any character of config (FNV-1a)"},
       {"route", "text", "", "how the run is computed: direct, coefficients, statistics, limit"},
       {"precision", "text", "", "double, dd, mp50 or mp100"}}};
  return group;
}

const Group& build_fields() {
  static const Group group = {"build",
                              "The program that made it.",
                              {{"version", "text", "", "of the program"},
                               {"source", "text", "", "SHA-256 over all its sources"},
                               {"flags", "text", "", "of the compiler"},
                               {"compiler", "text", "", "its name and version"}}};
  return group;
}

const Group& observation_fields() {
  static const Group group = {
      "observation",
      "What is seen of a run at a moment.",
      {{"train_accuracy", "number", "", "share of training labels, flipped as they are, predicted right"},
       {"train_loss", "real", "", "mean logistic loss"},
       {"test_accuracy", "number?", "", "of the population, or of --test sample:M; null by --route statistics"},
       {"test_loss", "number?", "", "likewise"},
       {"test_accuracy_stderr", "number?", "",
        "error of its computation; of a drawn or brought test set, standard error"},
       {"test_loss_stderr", "number?", "", "likewise"},
       {"attention", "object", "", "mean attention on the relevant token"},
       {"attention.clean", "real?", "", "of clean training samples; null if there are none"},
       {"attention.noisy", "real?", "", "of flipped ones; null if there are none"},
       {"attention.test", "number?", "", "of test inputs"},
       {"mu_plus_q", "real?", "", "mu+.q with q = W p; of keys-queries with q = W_K W_Q^T mu+; null of the encoder"},
       {"mu_minus_q", "real?", "", "mu-.q"},
       {"q_norm2", "real?", "", "|q|^2; null where the route does not know it"}}};
  return group;
}

std::vector<RecordForm> run_records() {
  const Group &provenance = provenance_fields(), &observation = observation_fields();
  const Field config = {"config", "config", "", "what decides the run; --config reads the record back"};
  RecordForm simulate = {"simulate",
                         "`simulate --json`, `simulate.json` of `simulate --out`",
                         "A run at its end.",
                         {&provenance, &observation}};
  simulate.fields = joined({config}, times);
  simulate.fields.push_back({"wall_s", "number", "s", "the three together"});
  simulate.fields = joined(joined(simulate.fields, events), escalation);
  const RecordForm series = {"series",
                             "`series.jsonl` of `simulate --out`",
                             "A line for each moment of a run.",
                             {&provenance, &observation},
                             joined(joined({config}, moment_fields()), other_kinds)};
  Fields of_encoder = {config,
                       {"config.model", "text", "", "encoder or encoder-no-skip"},
                       {"config.number", "text", "", "float32 or double"},
                       {"attention.class_token", "number", "", "mean attention on the class token"}};
  of_encoder = joined(std::move(of_encoder), moment_fields());
  const char* no_route = "Of provenance, route and precision are missing.";
  const RecordForm encoder = {"encoder",
                              "`benign_encoder encoder --json`, `encoder.json` of its `--out`",
                              std::string("The encoder at its end. ") + no_route,
                              {&provenance, &observation},
                              joined(of_encoder, times)};
  const RecordForm encoder_series = {"encoder series",
                                     "`series.jsonl` of `benign_encoder encoder --out`",
                                     std::string("A line for each moment. ") + no_route,
                                     {&provenance, &observation},
                                     of_encoder};
  return {simulate, series, encoder, encoder_series};
}

}  // namespace benign::proofs

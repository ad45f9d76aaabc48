// Fields of construct, diagnose and table.

#include "proofs_check/records/record_fields.hpp"

namespace benign::proofs {
namespace {

const Fields construction = {{"b", "number", "", "weight of the noise in q"},
                             {"train_accuracy", "number", "", ""},
                             {"train_loss", "number", "", ""},
                             {"test_accuracy", "number", "", "of the population, or of drawn inputs"},
                             {"test_accuracy_stderr", "number", "", "error of its computation"},
                             {"test_loss", "number", "", ""},
                             {"test_loss_stderr", "number", "", ""}};

Fields estimate(const std::string& name, const std::string& unit, const std::string& meaning) {
  return {{name, "object", "", meaning},
          {name + ".value", "number?", unit, ""},
          {name + ".stderr", "number?", unit, "from the jackknife"}};
}

Fields estimates() {
  Fields fields = {
      {"signal2", "list", "", "|mu_t|^2 by token position"},
      {"signal2[]", "object", "", ""},
      {"signal2[].value", "number?", "", ""},
      {"signal2[].stderr", "number?", "", "from the jackknife"},
      {"position", "integer", "", "of the strongest, from 0"},
      {"spectrum", "list", "", "largest eigenvalues of Sigma as shares of its trace"},
      {"spectrum[]", "number", "", ""},
      {"head_gain", "number", "", "the head's answer to the signal over gamma = 1/sqrt(2)"},
      {"tokens", "number", "", "of a sample, without its padding, on the mean"},
      {"no_signal", "object", "", "a permutation test of labels that say nothing"},
      {"no_signal.p_value", "number", "", ""},
      {"no_signal.permutations", "integer", "", ""},
      {"head_gradient_norm", "number", "", "where the head's training ended; 0 of a head that was brought"}};
  for (const auto& [name, meaning] : {std::pair{"mu", "|mu| at the strongest position"},
                                      {"rho", "strength of the other positions over it"},
                                      {"place", "what its tokens share whatever the class, over |mu|"},
                                      {"noise2", "tr Sigma"},
                                      {"effective_dimension", "(tr Sigma)^2 / tr Sigma^2"},
                                      {"snr", "|mu|/sqrt(tr Sigma)"},
                                      {"n_snr2", "n SNR^2"}})
    fields = joined(std::move(fields), estimate(name, "", meaning));
  return fields;
}

RecordForm diagnose_record() {
  Fields fields =
      joined({{"config", "config", "", "the run"}, {"estimates", "object", "", ""}}, below("estimates", estimates()));
  fields = joined(std::move(fields),
                  {{"predicted", "object", "", "by the theory, from the estimates"},
                   {"predicted.regime", "text", "", "harmful, benign or not overfitting"},
                   {"predicted.regime_below", "text", "", "at SNR less two errors"},
                   {"predicted.regime_above", "text", "", "at SNR and two errors"},
                   {"predicted.borders", "object", "", ""},
                   {"predicted.borders.harmful", "number", "", "d_eff^(-1/4)"},
                   {"predicted.borders.not_overfitting", "number", "", "n^(-1/2)"},
                   {"predicted.borders.crossed", "boolean", "", "then nothing can be benign"},
                   {"predicted.log_s_attention", "number?", "log s", "clean attention is one half; null: never"},
                   {"predicted.log_s_gap", "number?", "log s", "the test gap is log T; null: never"},
                   {"predicted.log_s_gap_stderr", "number?", "log s", ""},
                   {"start_sharpness", "number?", "", "step times lambda_max at the start, stable below 2"},
                   {"stable_lr", "number?", "--lr-unit", "a step that is stable; null where the given one is"},
                   {"notes", "list", "", "the lines that begin with !"},
                   {"notes[]", "text", "", ""},
                   {"observed", "object", "", "of the run; absent with --no-run"},
                   {"observed.regime", "text", "",
                    "harmful, benign, not overfitting, neither, fits, does not fit, or why not known"},
                   {"observed.log_s_attention", "number?", "log s", "as predicted"},
                   {"observed.log_s_fit", "number?", "log s", "all labels are fitted"},
                   {"observed.from_the_start", "list", "", "names of times that are so; only if there are any"},
                   {"observed.from_the_start[]", "text", "", ""},
                   {"observed.train_loss", "number", "", ""},
                   {"observed.train_accuracy", "number", "", ""},
                   {"observed.clean_right", "number", "", "share of clean labels predicted right"},
                   {"observed.flipped_right", "number?", "", "likewise of flipped ones"},
                   {"observed.test_accuracy", "number?", "", "null without a test set"},
                   {"observed.baseline_accuracy", "number?", "", "of the frozen head at uniform attention"},
                   {"observed.loss_rose_at", "integer?", "", "first step at which the training loss rose"}});
  return {"diagnose", "`diagnose --json`", "Given tokens: estimates, prediction, observation.", {}, fields};
}

RecordForm table_record() {
  Fields cell = {{"config", "config", "", "of the first seed"},
                 {"seeds", "integer", "", ""},
                 {"n_snr2", "number", "", "n SNR^2 by the estimates"},
                 {"predicted", "text", "", "regime"},
                 {"borders_crossed", "boolean", "", ""},
                 {"start_sharpness", "number?", "", "step times lambda_max at the start"},
                 {"loss_rose", "integer", "", "runs whose training loss rose"},
                 {"observed", "text", "", "outcome, or that the seeds differ"}};
  for (const auto& [name, meaning] : {std::pair{"train_loss", ""},
                                      {"train_accuracy", ""},
                                      {"flipped_right", "share of flipped labels predicted right; nulls without any"},
                                      {"test_accuracy", ""},
                                      {"test_loss", ""},
                                      {"clean_attention", "of clean samples on the strongest position"}})
    cell = joined(
        std::move(cell),
        {{name, "list", "", std::string("mean and standard deviation over seeds") + (*meaning ? ": " : "") + meaning},
         {std::string(name) + "[]", "number?", "", ""}});
  return {"table",
          "`table --json`, `table.json` of `table --out`",
          "n by eta, over seeds.",
          {},
          joined({{"baseline", "object", "", "the frozen head at uniform attention"},
                  {"baseline.test_accuracy", "number", "", ""},
                  {"baseline.stderr", "number", "", ""},
                  {"baseline.loss", "number", "", ""},
                  {"cells", "list", "", ""},
                  {"cells[]", "object", "", ""}},
                 below("cells[]", cell))};
}

}  // namespace

std::vector<RecordForm> token_records() {
  const Field config = {"config", "config", "", "the setting"};
  const RecordForm construct = {
      "construct",
      "`construct --json`",
      "The existence theorem's q for each b.",
      {&provenance_fields()},
      joined({config, {"constructions", "list", "", ""}, {"constructions[]", "object", "", ""}},
             below("constructions[]", construction))};
  const RecordForm selection = {
      "selection",
      "`selection.jsonl` of `construct --out`",
      "A line for each b.",
      {&provenance_fields()},
      joined(joined({config}, construction),
             {{"selections", "list", "", "of every training sample and of 200 test inputs"},
              {"selections[]", "object", "", ""},
              {"selections[].set", "text", "", "clean, noisy or test"},
              {"selections[].true_label", "integer", "", "1 or -1"},
              {"selections[].along_plus", "number", "|mu|'s",
               "component along mu+ of the mean of the tokens, weighted by attention"},
              {"selections[].along_minus", "number", "|mu|'s", "likewise along mu-"},
              {"selections[].right", "boolean", "", "whether the label is predicted right"}})};
  return {construct, selection, diagnose_record(), table_record()};
}

}  // namespace benign::proofs

// Fields of phase: cells, borders, and the sweep that they are of.

#include "proofs_check/records/record_fields.hpp"

#include "sim/sweeps/proof_cells.hpp"

#include "theory/model/outcome.hpp"
#include "theory/model/verdict.hpp"

#include <algorithm>

namespace benign::proofs {
namespace {

Fields axis(const std::string& name) {
  return {{name, "object", "", "the axis"},
          {name + ".name", "text", "",
           "d, mu, snr, nsnr2, n, eta, rho, T, kappa, sigma, plus-share, log-s-max, steps, or of keys-queries d-h, "
           "sigma-h or w-o"},
          {name + ".log", "boolean", "", "whether its values are in equal ratios"},
          {name + ".values", "list", "", ""},
          {name + ".values[]", "number", "the axis's", ""}};
}

Fields mean(const std::string& name, const std::string& meaning) {
  return {{name, "object", "", meaning},
          {name + ".mean", "number?", "", "over the seeds that know it; null where none does"},
          {name + ".stderr", "number?", "", "standard error; null with one seed"}};
}

Fields cell_fields() {
  Fields fields = {{"index", "integer", "", "row times columns plus column"},
                   {"x", "number", "the axis's", ""},
                   {"y", "number", "the axis's", ""},
                   {"config", "config", "", "of the cell's first seed"},
                   {"model", "text", "", "only with --model other than exact"},
                   {"seeds", "integer", "", "runs of the cell"},
                   {"snr", "number", "", ""},
                   {"n_snr2", "number", "", "n SNR^2"}};
  for (const auto& [name, meaning] :
       {std::pair{"train_accuracy", "of the training labels"},
        {"train_loss", "mean logistic loss"},
        {"test_accuracy", "of the population, or of drawn inputs"},
        {"test_loss", "likewise"},
        {"attention_clean", "on the relevant token, of clean samples"},
        {"attention_noisy", "likewise of flipped ones"},
        {"attention_test", "likewise of test inputs"},
        {"mu_q", "the smaller of mu+.q and mu-.q"},
        {"hard_selection_error", "test error of hard selection by q at the end; only with --infinite-time"},
        {"infinite_time_error", "test error at s = infinity; only with --infinite-time"}})
    fields = joined(std::move(fields), mean(name, meaning));
  fields.push_back({"infinite_time_law", "number?", "", "what the law predicts for it; only with --infinite-time"});
  fields.push_back({"regimes", "object", "", "how many runs came to which outcome (theory/GLOSSARY.md)"});
  for (std::size_t k = 0; k < std::size(theory::given_outcome_names); ++k) {
    const auto outcome = static_cast<theory::Outcome>(k);
    const std::string at = std::string("regimes.") + theory::key(outcome);
    const bool of_given = k >= std::size(theory::outcome_names);
    fields = joined(std::move(fields),
                    {{at, "object", "", theory::name(outcome) + (of_given ? "; only of given tokens" : "")},
                     {at + ".count", "integer", "", "runs"},
                     {at + ".low", "number", "", "of the share, Clopper-Pearson at 95%"},
                     {at + ".high", "number", "", "likewise"}});
  }
  return fields;
}

Fields verdict_fields() {
  Fields fields = {{"index", "integer", "", "row times columns plus column"},
                   {"x", "number", "the axis's", ""},
                   {"y", "number", "the axis's", ""},
                   {"config", "config", "", "of the run that decided the cell, in the precision that did"},
                   {"seeds", "integer", "", "runs of the cell"},
                   {"worst", "integer", "", "the run that decided, counted from 0: the smallest margin"},
                   {"verdict", "text?", "", "violated if one run is, else undecided if one is; null: not known yet"},
                   {"margin", "number?", "the claim's", "as in check"},
                   {"error", "number?", "the claim's", "of the margin"},
                   {"scale", "number", "the claim's", "as in check"},
                   {"constant", "number?", "", "the C at which the claim begins to hold"},
                   {"precision", "text", "", "in which it was decided"},
                   {"judged_seeds", "integer", "", "seeds that a study looked at; 1 of other checks"},
                   {"unmet", "list", "", "hypotheses, of a vacuous cell"},
                   {"unmet[]", "text", "", ""},
                   {"verdicts", "object", "", "how many runs came to each"}};
  using theory::Verdict;
  for (const Verdict one : {Verdict::proved, Verdict::holds, Verdict::violated, Verdict::undecided, Verdict::vacuous})
    fields.push_back({std::string("verdicts.") + theory::name(one), "integer", "", "runs"});
  return fields;
}

Fields proof_fields() {
  Fields fields = {{"index", "integer", "", "row times columns plus column"},
                   {"x", "number", "the axis's", ""},
                   {"y", "number", "the axis's", ""},
                   {"config", "config", "", "of the cell's first seed"},
                   {"seeds", "integer", "", "runs of the cell"},
                   {"claims", "list", "", "of the sweep, in its order; of the worst run: undecided, else violated"},
                   {"claims[]", "object", "", ""},
                   {"claims[].claim", "text", "", "as it was given"},
                   {"claims[].verdict", "text?", "", "proved, violated or undecided; null: not known yet"},
                   {"claims[].lower", "text", "the quantity's", "as in prove"},
                   {"claims[].upper", "text", "the quantity's", "likewise"},
                   {"claims[].limit", "text", "", "why more digits would not decide; only then"},
                   {"claims[].computed", "number?", "the quantity's", "of the run in double"},
                   {"claims[].computed_holds", "boolean?", "", "whether that meets the claim; null: within its error"},
                   {"claims[].contradicted", "integer", "", "runs in which the double says the opposite of a proof"},
                   {"claims[].verdicts", "object", "", "how many runs came to each"},
                   {"claims[].verdicts.proved", "integer", "", "runs"},
                   {"claims[].verdicts.violated", "integer", "", "runs"},
                   {"claims[].verdicts.undecided", "integer", "", "runs"},
                   {"proved_regimes", "object", "", "how many runs the claims prove to be of which regime"},
                   {"computed_regimes", "object", "", "and of which they are in double"}};
  for (const char* kind : {"proved_regimes", "computed_regimes"})
    for (const char* regime : sim::regime_names)
      fields.push_back({std::string(kind) + "." + regime, "integer", "", "runs"});
  return fields;
}

const Fields border_fields = {
    {"column", "integer", "", "of the grid, from 0"},
    {"x", "number", "the axis's", ""},
    {"border", "text", "", "gap, memorised, memorised_half, memorised_all, fit, test_loss or test_error"},
    {"y", "number?", "the axis's", "median over seeds of where the property begins or ends; null beyond the grid"},
    {"low", "number?", "the axis's", "end of the bootstrap interval at 95%"},
    {"high", "number?", "the axis's", "likewise"},
    {"snr", "number?", "", "at the border"},
    {"n_snr2", "number?", "", "likewise"},
    {"log_s", "number", "", "horizon of the runs at the border"},
    {"predicted", "number?", "the axis's", "by the law of that border; null where there is none"},
    {"seeds", "integer", "", "runs of the column"},
    {"crossed", "integer", "", "seeds whose border lies on the grid"},
    {"crossed_again", "integer", "", "seeds with more than one change along y"},
    {"config", "config", "", "at the border"}};

Fields slope(const std::string& name, const std::string& meaning) {
  return {{name, "object", "", meaning},
          {name + ".value", "number?", "", "least squares through all columns"},
          {name + ".low", "number?", "", "bootstrap interval at 95%"},
          {name + ".high", "number?", "", "likewise"},
          {name + ".predicted", "number?", "", "by theory; null where it says nothing"}};
}

Fields fit_fields() {
  Fields fields = {{"law", "text", "", "the power law that is fitted, as in \"y against x\""},
                   {"columns", "integer", "", "that the fit goes through"}};
  fields = joined(std::move(fields), slope("exponent", "of the law"));
  fields =
      joined(std::move(fields), slope("motion", "how the border moves with the horizon; only where x is log-s-max"));
  fields.push_back({"motion.slope_of", "text", "", "as in \"log s against 1/(n SNR^2)\""});
  return fields;
}

Fields description() {
  Fields fields = {{"config", "config", "", "with both axes at their first values"},
                   {"seeds", "integer", "", "runs of a cell or column"},
                   {"model", "text", "", "only with --model other than exact"},
                   {"infinite_time", "boolean", "", "only with --infinite-time"},
                   {"border", "object", "", "only with --border"},
                   {"border.name", "text", "", "the property"},
                   {"border.level", "number?", "", "of test_loss and test_error"},
                   {"check", "text", "", "only with --check: its id"},
                   {"C", "number?", "", "with --check: the constant that the claim is tested with; null without one"},
                   {"delta", "number", "", "with --check: failure probability of probabilistic statements"},
                   {"constants", "object", "", "with --check: C by id, where --C gave one"},
                   {"constants.*", "number or text", "", "a text where no double is the decimal"},
                   {"prove", "list", "", "only with --prove: the claims"},
                   {"prove[]", "text", "", ""},
                   {"digits_max", "integer", "", "with --prove: digits beyond which a claim stays undecided"},
                   {"study", "boolean", "", "with --check, of a study, which judges all seeds at once"}};
  return joined(joined(std::move(fields), axis("x")), axis("y"));
}

/// Those of `fields` that `others` have not.
Fields only_new(const Fields& fields, const Fields& others) {
  Fields found;
  for (const Field& field : fields)
    if (std::none_of(others.begin(), others.end(), [&](const Field& one) { return one.path == field.path; }))
      found.push_back(field);
  return found;
}

Fields with_provenance(const std::string& at, const Fields& fields) {
  return joined(below(at, fields), below(at, provenance_fields().fields));
}

}  // namespace

std::vector<RecordForm> sweep_records() {
  const std::vector<const Group*> made = {&provenance_fields(), &build_fields()};
  Fields whole = joined(description(),
                        {{"threads", "integer", "", "of this machine"},
                         {"ranks", "integer", "", "of Open MPI"},
                         {"units", "integer", "", "runs, or columns times seeds"},
                         {"done_before", "integer", "", "that --resume found"},
                         {"wall_s", "number", "s", ""},
                         {"unit_s", "number", "s", "sum over the units"},
                         {"units_per_second", "number", "1/s", ""},
                         {"start_sharpness", "number", "",
                          "largest step times lambda_max at the start, "
                          "stable below 2; only of given tokens"},
                         {"cells", "list", "", "without --border"},
                         {"cells[]", "object", "", "as in cell; with --check as in verdict, with --prove as in proof"},
                         {"borders", "list", "", "between the regions of the cells; without --border"},
                         {"borders[]", "object", "", ""},
                         {"borders[].name", "text", "", "in words"},
                         {"borders[].border", "text", "", "the --border that refines it, or empty"},
                         {"borders[].y", "list", "", "of each column the first crossing"},
                         {"borders[].y[]", "number?", "as y", "linear between cells; null: none"},
                         {"borders[].again", "integer", "", "columns that cross it more than once"},
                         {"contradictions", "integer", "", "with --prove: claims that the run in double contradicts"},
                         {"worst", "object?", "", "with --check: the worst cell that speaks"},
                         {"worst.command", "text", "", "that reproduces it"},
                         {"columns", "list", "", "with --border"},
                         {"columns[]", "object", "", "as in border"},
                         {"fit", "object?", "", "as in fit; with --border"}});
  whole = joined(std::move(whole), with_provenance("cells[]", cell_fields()));
  whole = joined(std::move(whole), below("cells[]", only_new(verdict_fields(), cell_fields())));
  Fields known = joined(cell_fields(), verdict_fields());
  whole = joined(std::move(whole), below("cells[]", only_new(proof_fields(), known)));
  whole = joined(std::move(whole), with_provenance("worst", only_new(verdict_fields(), {{"unmet[]", "", "", ""}})));
  whole = joined(std::move(whole), with_provenance("columns[]", border_fields));
  whole = joined(std::move(whole), below("fit", fit_fields()));
  return {{"phase", "`phase --json`", "A whole sweep.", made, whole},
          {"phase.json", "`phase.json` of `phase --out`", "What a sweep's folder holds.", made, description()},
          {"cell", "`cells.jsonl` of `phase --out`", "A line for each cell.", {&provenance_fields()}, cell_fields()},
          {"verdict",
           "`cells.jsonl` of `phase --check --out`",
           "A line for each cell.",
           {&provenance_fields()},
           verdict_fields()},
          {"proof",
           "`cells.jsonl` of `phase --prove --out`",
           "A line for each cell.",
           {&provenance_fields()},
           proof_fields()},
          {"border",
           "`border.jsonl` of `phase --border --out`",
           "A line for each column.",
           {&provenance_fields()},
           border_fields},
          {"fit", "`fit.json` of `phase --border --out`", "A power law through the columns.", {}, fit_fields()},
          {"timing",
           "`timings.jsonl` of `phase --out`",
           "A line for each unit.",
           {},
           {{"unit", "integer", "", "from 0"}, {"seconds", "number", "s", "that it took"}}}};
}

}  // namespace benign::proofs

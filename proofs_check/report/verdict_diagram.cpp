#include "proofs_check/report/verdict_diagram.hpp"

#include "proofs_check/report/asked_checks.hpp"
#include "proofs_check/report/letter_map.hpp"
#include "proofs_check/text/format.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace benign::proofs {
namespace {

using sim::Json;
using sim::VerdictCell;
using theory::Verdict;

/// A letter for each verdict, in the order of theory::Verdict, and for a cell that is not known.
constexpr char letters[] = {'P', 'h', 'V', '?', '.'};

const Check& check_of(const sim::VerdictSweep& sweep) { return *find_checks("--check", sweep.claim().check).front(); }

/// What decides a cell's verdict beside the configuration, from what the sweep is asked.
Laboratory laboratory_of(const sim::VerdictSweep& sweep) {
  Laboratory laboratory;
  const Json& terms = sweep.claim().terms;
  laboratory.delta = terms.at("delta");
  for (const auto& [id, C] : terms.at("constants").items()) laboratory.set_constant(id, sim::text_of(C).c_str());
  return laboratory;
}

sim::Judged judged(const Check& check, Laboratory laboratory, const sim::RunConfig& config, long seeds) {
  laboratory.config = config;
  laboratory.seeds = std::max(seeds, check.least_seeds);
  const Judgement judgement = judge(check, laboratory);
  const Finding& finding = judgement.finding;
  sim::Judged found{.verdict = judgement.verdict,
                    .margin = sim::known(finding.margin.value),
                    .error = sim::known(finding.margin.error),
                    .scale = finding.scale,
                    .constant = finding.constant ? sim::known(*finding.constant) : std::nullopt,
                    .precision = sim::text_of(sim::precision_choices, judgement.precision),
                    .seeds = is_study(check) ? judgement.seeds : 1,
                    .unmet = {}};
  for (const Hypothesis& hypothesis : finding.hypotheses)
    if (!hypothesis.met) found.unmet.push_back(hypothesis.statement);
  return found;
}

bool speaks(const VerdictCell& cell) { return cell.verdict && *cell.verdict != Verdict::vacuous; }

/// Null where no cell speaks.
const VerdictCell* worst_of(const std::vector<VerdictCell>& cells) {
  const VerdictCell* worst = nullptr;
  const auto relative = [](const VerdictCell& cell) { return cell.found.margin.value_or(0) / cell.found.scale; };
  for (const VerdictCell& cell : cells)
    if (speaks(cell) && cell.found.margin && (!worst || relative(cell) < relative(*worst))) worst = &cell;
  return worst;
}

std::string command_of_cell(const sim::VerdictSweep& sweep, const VerdictCell& cell) {
  Laboratory laboratory = laboratory_of(sweep);
  laboratory.config = sweep.decided_by(cell);
  const Judgement judgement{&check_of(sweep), {}, *cell.verdict, laboratory.config.precision, cell.found.seeds};
  return command_of(judgement, laboratory);
}

std::string letters_of(const sim::VerdictSweep& sweep, const std::vector<VerdictCell>& cells) {
  return letter_map("Each cell (P proved, h holds, V violated, ? undecided, . vacuous)", sweep.grid(), [&](long k) {
    const auto& verdict = element(cells, k).verdict;
    return verdict ? letters[static_cast<std::size_t>(*verdict)] : ' ';
  });
}

/// Which hypotheses keep most cells out.
std::string unmet_table(const std::vector<VerdictCell>& cells) {
  std::map<std::string, long> count;
  for (const VerdictCell& cell : cells)
    if (!speaks(cell))
      for (const std::string& statement : cell.found.unmet) ++count[without_numbers(statement)];
  std::vector<std::pair<long, std::string>> reasons;
  for (const auto& [statement, cells_out] : count) reasons.emplace_back(-cells_out, statement);
  std::sort(reasons.begin(), reasons.end());
  std::string text;
  for (std::size_t k = 0; k < std::min<std::size_t>(reasons.size(), 4); ++k)
    text += format("  unmet in %ld: %s\n", -reasons[k].first, reasons[k].second.c_str());
  return text;
}

/// "; C needed from 0.5 to 3.1 of 4": over the cells that speak.
std::string constants_text(const sim::VerdictSweep& sweep, const std::vector<VerdictCell>& cells) {
  const Json& C = sweep.claim().terms.at("C");
  std::vector<double> constants;
  for (const VerdictCell& cell : cells)
    if (speaks(cell) && cell.found.constant) constants.push_back(*cell.found.constant);
  if (constants.empty()) return "";
  const auto [low, high] = std::minmax_element(constants.begin(), constants.end());
  const bool largest = check_of(sweep).assumption;
  return format("%s from %.4g to %.4g", largest ? "Holds up to C =" : "C needed:", *low, *high) +
         (C.is_null() ? "\n" : format(", asked is %.4g\n", C.get<double>()));
}

}  // namespace

sim::VerdictSweep verdict_sweep(const Check& check, sim::Grid grid, long seeds, const Laboratory& terms) {
  Json constants = Json::object();
  for (const auto& [id, C] : terms.constants) constants[id] = constant_json(C);
  const Json C = check.C ? Json(terms.constant(check.id, *check.C)) : Json(nullptr);
  Laboratory given;
  given.delta = terms.delta, given.constants = terms.constants;
  const auto judge_one = [&check, given, seeds](const sim::RunConfig& config) {
    Laboratory own;  // what one unit has computed goes with it
    own.delta = given.delta, own.constants = given.constants;
    return judged(check, own, config, seeds);
  };
  return {std::move(grid), seeds,
          sim::AskedClaim{.check = check.id,
                          .terms = {{"C", C}, {"delta", terms.delta}, {"constants", constants}},
                          .study = is_study(check),
                          .judge = judge_one}};
}

double seconds_of_unit(const sim::VerdictSweep& sweep, const sim::RunConfig& config) {
  const Check& check = check_of(sweep);
  Laboratory laboratory = laboratory_of(sweep);
  laboratory.config = config, laboratory.seeds = std::max(sweep.seeds(), check.least_seeds);
  return expected_seconds(check, laboratory);
}

std::string verdict_table(const sim::VerdictSweep& sweep, const std::vector<VerdictCell>& cells) {
  const sim::Grid& grid = sweep.grid();
  std::string text = sweep.claim().check + ": " + check_of(sweep).statement + "\n";
  text += format("%ld x %ld cells over %s and %s, %ld seed%s each:", grid.columns(), grid.rows(), grid.x.name.c_str(),
                 grid.y.name.c_str(), sweep.seeds(), sweep.seeds() == 1 ? "" : "s");
  for (const Verdict verdict : sim::all_verdicts) {
    const auto count =
        std::count_if(cells.begin(), cells.end(), [&](const VerdictCell& cell) { return cell.verdict == verdict; });
    if (count > 0 || verdict != Verdict::proved) text += format(" %ld %s,", count, theory::name(verdict));
  }
  text.back() = '\n';
  text += unmet_table(cells) + letters_of(sweep, cells) + constants_text(sweep, cells);
  const VerdictCell* worst = worst_of(cells);
  if (!worst) return text + "Nothing is decided here (status 3): no cell meets all hypotheses, or none has a margin.\n";
  const sim::Judged& found = worst->found;
  text += "Worst: " + grid.place(worst->column, worst->row) +
          format(", seed %llu: %s, margin %.3g +- %.2g", static_cast<unsigned long long>(sweep.decided_by(*worst).seed),
                 theory::name(*worst->verdict), *found.margin, found.error.value_or(HUGE_VAL));
  if (found.constant) text += format(", C = %.4g", *found.constant);
  return text + "\n  " + command_of_cell(sweep, *worst) + "\n";
}

Json worst_cell_json(const sim::VerdictSweep& sweep, const std::vector<VerdictCell>& cells) {
  const VerdictCell* worst = worst_of(cells);
  if (!worst) return nullptr;
  Json json = sweep.line_json(*worst);
  json["command"] = command_of_cell(sweep, *worst);
  return json;
}

int exit_status(const sim::VerdictSweep& sweep, const std::vector<VerdictCell>& cells) {
  std::vector<Judgement> judgements;
  for (const VerdictCell& cell : cells)
    judgements.push_back({&check_of(sweep), {}, cell.verdict.value_or(Verdict::undecided)});
  return exit_status(judgements);
}

}  // namespace benign::proofs

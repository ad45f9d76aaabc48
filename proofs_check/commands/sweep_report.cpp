#include "proofs_check/commands/sweep_report.hpp"

#include "proofs_check/report/proof_diagram.hpp"
#include "proofs_check/report/verdict_diagram.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/models/model.hpp"
#include "sim/sweeps/cell_borders.hpp"
#include "sim/tokens/stable_step.hpp"
#include "theory/laws/rates.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs {
namespace {

std::string interval(const sim::BorderSlope& of) {
  return shown(sim::number_json(of.value)) + " [" + shown(sim::number_json(of.low)) + ", " +
         shown(sim::number_json(of.high)) + "], predicted " + shown(sim::number_json(of.predicted));
}

/// The smallest and the largest of the numbers that are there.
struct Range {
  double low = HUGE_VAL, high = -HUGE_VAL;
  void include(const std::optional<double>& x) {
    if (x) low = std::min(low, *x), high = std::max(high, *x);
  }
  bool empty() const { return !(low <= high); }
};

/// How far seeds and law stand apart at infinite time, if that was asked for.
std::string infinite_time_table(const sim::CellSweep& sweep, const std::vector<sim::Cell>& cells) {
  Range errors;
  double apart = 0;
  for (const sim::Cell& cell : cells) {
    const auto& error = cell.over_seeds[sim::Quantity::infinite_time_error].mean;
    errors.include(error);
    if (const auto law = error ? sweep.infinite_time_law(cell) : std::nullopt)
      apart = std::max(apart, std::abs(*error - *law));
  }
  if (errors.empty()) return "";
  return format("%-18s %12.6g %12.6g, from the law's by at most %.3g\n", "error at s = inf", errors.low, errors.high,
                apart);
}

/// " = 4.551" of x_c, where neither axis moves it.
std::string value_of(const sim::CellBorder& border, const sim::Grid& grid) {
  if (!border.name.ends_with("x_c")) return "";
  const double first = theory::turning_point(grid.config(0L, 0L).parameters);
  const double last = theory::turning_point(grid.config(grid.columns() - 1, grid.rows() - 1).parameters);
  return first == last ? format(" = %.4g", first) : "";
}

/// Whose regimes are the paper's: its model, and the encoder, which is trained elsewhere.
bool of_papers_data(const sim::RunConfig& config) {
  const sim::Model* model = config.model.empty() ? nullptr : sim::find_model(config.model);
  return !model || !model->draw;
}

/// Where in y the regions of the diagram end, in five columns and fewer.
std::string borders_table(const sim::CellSweep& sweep, const std::vector<sim::Cell>& cells) {
  const auto borders = sim::cell_borders(sweep, cells);
  if (borders.empty()) return "";
  const auto& grid = sweep.grid();
  std::vector<std::size_t> shown_columns;
  for (long k = 0; k < 5; ++k)
    if (const auto column = static_cast<std::size_t>(k * (grid.columns() - 1) / 4);
        shown_columns.empty() || column > shown_columns.back())
      shown_columns.push_back(column);
  std::string text =
      "Borders: " + grid.y.name + format("%-*s", static_cast<int>(29 - grid.y.name.size()), " at") + grid.x.name + " =";
  for (const std::size_t column : shown_columns) text += format(" %11s", grid.x.values[column].text().c_str());
  text += "\n";
  bool refinable = false;
  std::string warnings;
  for (const sim::CellBorder& border : borders) {
    text += format("  %-*s", static_cast<int>(38 + grid.x.name.size()),
                   (border.name + value_of(border, grid) + (border.option.empty() ? ", predicted" : "")).c_str());
    for (const std::size_t column : shown_columns)
      text += format(" %11s", shown(sim::number_json(border.y[column])).c_str());
    text += "\n";
    refinable = refinable || !border.option.empty();
    if (border.again > 0 && !border.option.empty())
      warnings += format(
          "! %s: crossed more than once in %ld of %ld columns, so it is not monotone in %s there; this is the "
          "first crossing\n",
          border.name.c_str(), border.again, grid.columns(), grid.y.name.c_str());
  }
  if (!refinable) return text + warnings;
  text += sweep.seeds() == 1 ? "  (one seed, " : "  (means of " + std::to_string(sweep.seeds()) + " seeds, ";
  text += "between neighbouring cells; -: not crossed in this column. To 1e-3, with an interval over --seeds S:";
  const char* separator = " ";
  for (const sim::CellBorder& border : borders)
    if (!border.option.empty()) text += separator + ("--border " + border.option), separator = " or ";
  return text + ")\n" + warnings;
}

sim::Json borders_json(const sim::CellSweep& sweep, const std::vector<sim::Cell>& cells) {
  sim::Json list = sim::Json::array();
  for (const sim::CellBorder& border : sim::cell_borders(sweep, cells)) {
    sim::Json y = sim::Json::array();
    for (const auto& one : border.y) y.push_back(sim::number_json(one));
    list.push_back({{"name", border.name}, {"border", border.option}, {"y", y}, {"again", border.again}});
  }
  return list;
}

std::string sweep_table(const sim::CellSweep& sweep, const sim::Merged<sim::CellSweep>& merged) {
  using sim::Quantity;
  const auto& grid = sweep.grid();
  std::string text = format("%ld x %ld cells over %s and %s\n", grid.columns(), grid.rows(), grid.x.name.c_str(),
                            grid.y.name.c_str()) +
                     format("%-18s %12s %12s\n", "", "smallest", "largest");
  for (const Quantity quantity : {Quantity::train_accuracy, Quantity::train_loss, Quantity::test_accuracy,
                                  Quantity::test_loss, Quantity::attention_noisy}) {
    Range means;
    for (const sim::Cell& cell : merged.lines) means.include(cell.over_seeds[quantity].mean);
    if (!means.empty())
      text += format("%-18s %12.6g %12.6g\n", sim::quantity_names[static_cast<int>(quantity)], means.low, means.high);
  }
  text += infinite_time_table(sweep, merged.lines);
  text += "Runs by outcome:";
  for (std::size_t outcome = 0; outcome < sweep.outcomes().size(); ++outcome) {
    long count = 0;
    for (const sim::Cell& cell : merged.lines) count += cell.outcomes[outcome];
    text += format(" %s %ld,", sweep.outcomes()[outcome], count);
  }
  text.back() = '\n';
  if (!grid.base.brought)
    text +=
        "  (harmful and benign: all training labels fitted; not_overfitting: all clean and not all flipped ones; "
        "benign\n"
        "  and not_overfitting: a test " +
        std::string(of_papers_data(grid.base) ? "loss below 0.547, half way to its floor" : "error below 1/4") +
        "; neither: the rest)\n";
  return text + (of_papers_data(grid.base) ? borders_table(sweep, merged.lines) : "");
}

std::string sweep_table(const sim::BorderSweep& sweep, const sim::Merged<sim::BorderSweep>& merged) {
  const auto& grid = sweep.grid();
  std::string text = format("%14s %14s %14s %14s %14s %14s %10s\n", grid.x.name.c_str(), grid.y.name.c_str(), "low",
                            "high", "predicted", "n SNR^2", "crossed");
  // One seed is no sample: its ends, both at its border, are no interval.
  const auto end = [&](const std::optional<double>& y) {
    return shown(sim::number_json(sweep.seeds() > 1 ? y : std::nullopt));
  };
  for (const sim::BorderPoint& point : merged.lines) {
    const auto n_snr2 = point.y ? std::optional(theory::n_snr2(sweep.at_border(point).parameters)) : std::nullopt;
    const double x = element(grid.x.values, point.column).as<double>();
    text +=
        format("%14s %14s %14s %14s %14s %14s %6ld/%ld\n", shown(x).c_str(), shown(sim::number_json(point.y)).c_str(),
               end(point.low).c_str(), end(point.high).c_str(), shown(sim::number_json(sweep.predicted(point))).c_str(),
               shown(sim::number_json(n_snr2)).c_str(), point.crossed, sweep.seeds());
  }
  const auto missed = std::count_if(merged.lines.begin(), merged.lines.end(),
                                    [](const sim::BorderPoint& point) { return point.crossed == 0; });
  if (missed > 0)
    text +=
        format("! in %ld of %ld columns no seed crosses the border between %s = %s and %s: another --y may find it\n",
               static_cast<long>(missed), grid.columns(), grid.y.name.c_str(), grid.y.values.front().text().c_str(),
               grid.y.values.back().text().c_str());
  const auto again = std::count_if(merged.lines.begin(), merged.lines.end(),
                                   [](const sim::BorderPoint& point) { return point.crossed_again > 0; });
  if (again > 0)
    text += format(
        "! in %ld of %ld columns a seed crosses the border more than once: the property is not monotone in %s "
        "there, and the border is its first crossing\n",
        static_cast<long>(again), grid.columns(), grid.y.name.c_str());
  if (sweep.seeds() == 1) text += "  (one seed: no interval; --seeds S gives one)\n";
  if (!merged.conclusion) return text;
  const sim::BorderFit& fit = *merged.conclusion;
  text += "exponent in " + fit.law + ": " + interval(fit.exponent) + "\n";
  if (fit.motion) text += "slope of " + fit.motion_of + ": " + interval(*fit.motion) + "\n";
  return text;
}

std::string sweep_table(const sim::VerdictSweep& sweep, const sim::Merged<sim::VerdictSweep>& merged) {
  return verdict_table(sweep, merged.lines);
}

std::string sweep_table(const sim::ProofSweep& sweep, const sim::Merged<sim::ProofSweep>& merged) {
  return proof_table(sweep, merged.lines);
}

// What JSON has of one kind of sweep alone.
void add_own(sim::Json& json, const sim::CellSweep& sweep, const sim::Merged<sim::CellSweep>& merged) {
  if (of_papers_data(sweep.grid().base)) json["borders"] = borders_json(sweep, merged.lines);
}
void add_own(sim::Json& json, const sim::BorderSweep& sweep, const sim::Merged<sim::BorderSweep>& merged) {
  json["fit"] = merged.conclusion ? sweep.conclusion_json(*merged.conclusion) : sim::Json(nullptr);
}
void add_own(sim::Json& json, const sim::VerdictSweep& sweep, const sim::Merged<sim::VerdictSweep>& merged) {
  json["worst"] = worst_cell_json(sweep, merged.lines);
}

void add_own(sim::Json& json, const sim::ProofSweep&, const sim::Merged<sim::ProofSweep>& merged) {
  json["contradictions"] = contradictions(merged.lines);
}

/// αλ_max at the start, the largest of the runs at the corners of a grid of given tokens, whose regimes mean little where
/// the descent is unstable; nothing of any other runs. (Of the model `check` says it, at every step.)
std::optional<double> largest_start_sharpness(const sim::Grid& grid) {
  std::optional<double> largest;
  if (!grid.base.brought) return largest;
  for (const long column : {0L, grid.columns() - 1})
    for (const long row : {0L, grid.rows() - 1})
      if (const auto sharpness = sim::start_sharpness(grid.config(column, row)))
        largest = std::max(largest.value_or(0), *sharpness);
  return largest;
}

template <class S>
double rate_of(const S& sweep, const sim::SweepResult<S>& result) {
  return result.wall_s > 0 ? static_cast<double>(sweep.units() - result.done_before) / result.wall_s : 0;
}

}  // namespace

template <class S>
sim::Json sweep_json(const S& sweep, const sim::SweepResult<S>& result, const Workers& workers) {
  sim::Json json = sweep.description();
  json["threads"] = workers.threads, json["ranks"] = workers.ranks, json["units"] = sweep.units();
  json["done_before"] = result.done_before, json["wall_s"] = result.wall_s, json["unit_s"] = result.unit_s;
  json["units_per_second"] = rate_of(sweep, result);
  if (const auto sharpness = largest_start_sharpness(sweep.grid())) json["start_sharpness"] = *sharpness;
  sim::Json& lines = json[std::is_same_v<S, sim::BorderSweep> ? "columns" : "cells"] = sim::Json::array();
  for (const auto& line : result.merged.lines) lines.push_back(sweep.line_json(line));
  add_own(json, sweep, result.merged);
  return json;
}

template <class S>
std::string sweep_text(const S& sweep, const sim::SweepResult<S>& result, const Workers& workers) {
  std::string text = sweep_table(sweep, result.merged);
  text += format("%ld %s in %.3g s: %.3g a second", sweep.units() - result.done_before,
                 std::is_same_v<S, sim::BorderSweep>    ? "borders"
                 : std::is_same_v<S, sim::VerdictSweep> ? "judgements"
                 : std::is_same_v<S, sim::ProofSweep>   ? "proofs"
                                                        : "runs",
                 result.wall_s, rate_of(sweep, result));
  text += workers.ranks > 1 ? format(" on %d ranks\n", workers.ranks)
                            : format(" on %d thread%s\n", workers.threads, workers.threads == 1 ? "" : "s");
  if (result.done_before > 0) text += format("%ld were there already\n", result.done_before);
  if (const auto sharpness = largest_start_sharpness(sweep.grid()); sharpness && *sharpness >= 2)
    text += format(
        "! a step is beyond stability at the start: alpha lambda_max = %.3g, where 2 is the limit; regimes are "
        "those of an unstable descent ('benign diagnose' proposes a step)\n",
        *sharpness);
  return text;
}

#define BENIGN_INSTANTIATE(S)                                                             \
  template sim::Json sweep_json<S>(const S&, const sim::SweepResult<S>&, const Workers&); \
  template std::string sweep_text<S>(const S&, const sim::SweepResult<S>&, const Workers&);
BENIGN_INSTANTIATE(sim::CellSweep)
BENIGN_INSTANTIATE(sim::BorderSweep)
BENIGN_INSTANTIATE(sim::VerdictSweep)
BENIGN_INSTANTIATE(sim::ProofSweep)
#undef BENIGN_INSTANTIATE

}  // namespace benign::proofs

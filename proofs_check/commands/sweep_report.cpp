#include "proofs_check/commands/sweep_report.hpp"

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "theory/laws/rates.hpp"

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

}  // namespace

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
  return text;
}

std::string sweep_table(const sim::BorderSweep& sweep, const sim::Merged<sim::BorderSweep>& merged) {
  const auto& grid = sweep.grid();
  std::string text = format("%14s %14s %14s %14s %14s %14s %10s\n", grid.x.name.c_str(), grid.y.name.c_str(), "low",
                            "high", "predicted", "n SNR^2", "crossed");
  for (const sim::BorderPoint& point : merged.lines) {
    const auto n_snr2 = point.y ? std::optional(theory::n_snr2(sweep.at_border(point).parameters)) : std::nullopt;
    const double x = grid.x.values[static_cast<std::size_t>(point.column)].as<double>();
    text += format("%14s %14s %14s %14s %14s %14s %6ld/%ld\n", shown(x).c_str(),
                   shown(sim::number_json(point.y)).c_str(), shown(sim::number_json(point.low)).c_str(),
                   shown(sim::number_json(point.high)).c_str(), shown(sim::number_json(sweep.predicted(point))).c_str(),
                   shown(sim::number_json(n_snr2)).c_str(), point.crossed, sweep.seeds());
  }
  if (!merged.conclusion) return text;
  const sim::BorderFit& fit = *merged.conclusion;
  text += "exponent in " + fit.law + ": " + interval(fit.exponent) + "\n";
  if (fit.motion) text += "slope of " + fit.motion_of + ": " + interval(*fit.motion) + "\n";
  return text;
}

}  // namespace benign::proofs

#include "sim/sweeps/cells.hpp"

#include "sim/runs/method.hpp"
#include "sim/runs/outcome.hpp"
#include "sim/late/infinite_time.hpp"
#include "sim/random/mean.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/element.hpp"

#include <cmath>
#include <stdexcept>

namespace benign::sim {
namespace {

template <class Real>
CellRun found_at_end(const Run<Real>& run) {
  const auto [state, seen] = run_to_end(run);
  const std::optional<TestError> test = run.test(state);
  const auto share = [](const std::optional<GroupAttention<Real>>& group) {
    return group ? known(representative(group->share[theory::relevant])) : std::nullopt;
  };
  const auto of_test = [&](double TestError::*part) { return test ? known((*test).*part) : std::nullopt; };
  const double mu_plus_q = representative(seen.readout.mu_plus_q), mu_minus_q = representative(seen.readout.mu_minus_q);
  CellRun found;
  auto& at_end = found.at_end;
  at_end[Quantity::train_accuracy] = seen.train_accuracy;
  at_end[Quantity::train_loss] = known(representative(seen.train_loss));
  at_end[Quantity::test_accuracy] = of_test(&TestError::accuracy);
  at_end[Quantity::test_loss] = of_test(&TestError::loss);
  at_end[Quantity::attention_clean] = share(seen.clean);
  at_end[Quantity::attention_noisy] = share(seen.noisy);
  at_end[Quantity::attention_test] = of_test(&TestError::attention);
  at_end[Quantity::mu_q] = known(std::min(mu_plus_q, mu_minus_q));
  if (const auto& q_norm2 = seen.readout.q_norm2;
      q_norm2 && run.model().selects_tokens && theory::papers_data(run.config().parameters))
    at_end[Quantity::hard_selection_error] =
        known(theory::hard_selection_error(run.config().parameters, {mu_plus_q, mu_minus_q, representative(*q_norm2)}));
  found.outcome = outcome(run, seen, test);
  return found;
}

/// Nothing where no q selects the tokens.
template <class Real>
std::optional<double> error_at_infinite_time(const Run<Real>& run) {
  std::optional<InfiniteTime> found;
  if constexpr (std::is_same_v<Real, double>) {
    if (run.config().route != RouteKind::direct) {
      found = infinite_time(run.config().parameters, run.frame());
      return found ? known(found->error) : std::nullopt;
    }
  }
  found = infinite_time(run.config());
  return found ? known(found->error) : std::nullopt;
}

MeanOverSeeds mean_over(std::span<const CellRun> runs, std::size_t quantity) {
  std::vector<double> values;
  for (const CellRun& run : runs)
    if (const auto& value = run.at_end.values[quantity]) values.push_back(*value);
  if (values.empty()) return {};
  if (values.size() == 1) return {values[0], std::nullopt};
  const auto [mean, error] = mean_and_stderr(values);
  return {known(mean), known(error)};
}

}  // namespace

template <class Real>
End<Real> run_to_end(const Run<Real>& run) {
  const auto method = make_method(run);
  train(*method, run.config().parameters.steps, [](long) {});
  End<Real> end{std::move(method->state()), {}};
  end.seen = run.observe(end.state);
  if (!std::isfinite(representative(end.seen.train_loss)))
    throw std::runtime_error("the numbers overflow; a smaller --lr or other scales are needed");
  return end;
}

/// Runs that differ in neither d, n nor T share their inner products' factors.
bool CellSweep::down_columns() const { return grid_.x.name == "d" || grid_.x.name == "n" || grid_.x.name == "T"; }

CellSweep::Place CellSweep::place(long unit) const {
  const long columns = grid_.columns(), rows = grid_.rows(), cell = unit % (columns * rows);
  const long seed = unit / (columns * rows);
  return down_columns() ? Place{cell / rows, cell % rows, seed} : Place{cell % columns, cell / columns, seed};
}

long CellSweep::unit(const Place& at) const {
  const long columns = grid_.columns(), rows = grid_.rows();
  return at.seed * columns * rows + (down_columns() ? at.column * rows + at.row : at.row * columns + at.column);
}

RunConfig CellSweep::config(long unit) const {
  const Place at = place(unit);
  RunConfig cell = grid_.config(at.column, at.row);
  cell.seed += static_cast<std::uint64_t>(at.seed);
  return cell;
}

CellRun CellSweep::run(long unit, SharedDraws& shared) const {
  const RunConfig cell = config(unit);
  if (model_.run) return model_.run(cell);
  return with_precision(cell.precision, [&]<class Real>(std::type_identity<Real>) {
    try {
      const Run<Real> run(cell, QNorm::needed, shared);
      CellRun found = found_at_end(run);
      if (infinite_time_) found.at_end[Quantity::infinite_time_error] = error_at_infinite_time(run);
      return found;
    } catch (const std::runtime_error& error) {
      const Place at = place(unit);
      throw std::runtime_error("at " + grid_.place(at.column, at.row) + ", seed " + std::to_string(cell.seed) + ": " +
                               error.what());
    }
  });
}

std::vector<Cell> CellSweep::merge(std::span<const CellRun> found) const {
  std::vector<Cell> cells;
  for (long row = 0; row < grid_.rows(); ++row)
    for (long column = 0; column < grid_.columns(); ++column) {
      std::vector<CellRun> runs;
      for (long seed = 0; seed < seeds_; ++seed) runs.push_back(element(found, unit({column, row, seed})));
      Cell cell{column, row, {}, {}};
      for (std::size_t quantity = 0; quantity < recorded().size(); ++quantity)
        cell.over_seeds.values[quantity] = mean_over(runs, quantity);
      for (const CellRun& run : runs)
        if (run.outcome) ++cell.count(*run.outcome);
      cells.push_back(cell);
    }
  return cells;
}

std::optional<double> CellSweep::infinite_time_law(const Cell& cell) const {
  return known(theory::infinite_time_error(grid_.config(cell.column, cell.row).parameters));
}

std::span<const char* const> CellSweep::outcomes() const {
  if (grid_.base.brought) return theory::given_outcome_names;
  return theory::outcome_names;
}

std::span<const char* const> CellSweep::recorded() const {
  const std::span<const char* const> all = quantity_names;
  return infinite_time_ ? all : all.first(static_cast<std::size_t>(Quantity::hard_selection_error));
}

std::vector<OtherModel>& other_models() {
  static std::vector<OtherModel> models;
  return models;
}

#define BENIGN_INSTANTIATE(Real) template End<Real> run_to_end<Real>(const Run<Real>&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim

#include "sim/sweeps/cells.hpp"

#include "sim/runs/method.hpp"
#include "sim/late/infinite_time.hpp"
#include "sim/random/mean.hpp"
#include "theory/numbers/confidence.hpp"
#include "theory/model/outcome.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"

#include <cmath>
#include <stdexcept>

namespace benign::sim {
namespace {

/// The quantities of a cell, in the order in which its record has them.
constexpr const char* quantities[] = {"train_accuracy",  "train_loss",      "test_accuracy",  "test_loss",
                                      "attention_clean", "attention_noisy", "attention_test", "mu_q"};

/// Whether all labels of the clean, or of the noisy, samples are predicted right.
template <class Real>
bool all_right(const Run<Real>& run, const Observation<Real>& seen, bool noisy) {
  const auto smallest = smallest_margin(run.frame().samples, run.frame().noisy, seen.outputs,
                                        [noisy](bool flipped, int) { return flipped == noisy; });
  return !smallest || sign_of(*smallest) == Sign::positive;
}

template <class Real>
Json found_at_end(const Run<Real>& run) {
  const auto [state, seen] = run_to_end(run);
  const std::optional<TestError> test = run.test(state);
  const auto share = [](const std::optional<GroupAttention<Real>>& group) {
    return group ? Json(representative(group->share[relevant])) : Json(nullptr);
  };
  const auto of_test = [&](double TestError::*part) { return test ? Json((*test).*part) : Json(nullptr); };
  const auto& q = seen.readout;
  Json found;
  found["train_accuracy"] = seen.train_accuracy;
  found["train_loss"] = representative(seen.train_loss);
  found["test_accuracy"] = of_test(&TestError::accuracy);
  found["test_loss"] = of_test(&TestError::loss);
  found["attention_clean"] = share(seen.clean);
  found["attention_noisy"] = share(seen.noisy);
  found["attention_test"] = of_test(&TestError::attention);
  found["mu_q"] = std::min(representative(q.mu_plus_q), representative(q.mu_minus_q));
  found["hard_selection_error"] =
      q.q_norm2 ? Json(theory::hard_selection_error(
                      run.config().parameters,
                      {representative(q.mu_plus_q), representative(q.mu_minus_q), representative(*q.q_norm2)}))
                : Json(nullptr);
  found["outcome"] = test ? Json(theory::outcome_names[static_cast<int>(
                                theory::outcome(all_right(run, seen, false), all_right(run, seen, true), test->loss))])
                          : Json(nullptr);
  return found;
}

/// Null where no q selects the tokens.
template <class Real>
Json error_at_infinite_time(const Run<Real>& run) {
  std::optional<InfiniteTime> found;
  if constexpr (std::is_same_v<Real, double>) {
    if (run.config().route != RouteKind::direct) {
      found = infinite_time(run.config().parameters, run.frame());
      return found ? Json(found->error) : Json(nullptr);
    }
  }
  found = infinite_time(run.config());
  return found ? Json(found->error) : Json(nullptr);
}

/// {"mean", "stderr"} over the seeds that know the quantity.
Json mean_over(std::span<const Json> found, const char* quantity) {
  std::vector<double> values;
  for (const Json& one : found)
    if (one.at(quantity).is_number()) values.push_back(one.at(quantity));
  if (values.empty()) return {{"mean", nullptr}, {"stderr", nullptr}};
  if (values.size() == 1) return {{"mean", values[0]}, {"stderr", nullptr}};
  const auto [mean, error] = mean_and_stderr(values);
  return {{"mean", mean}, {"stderr", error}};
}

}  // namespace

template <class Real>
End<Real> run_to_end(const Run<Real>& run) {
  const auto method = make_method(run);
  train(*method, run.config().parameters.steps, [](long) {});
  End<Real> end{std::move(method->state()), {}};
  end.seen = run.observe(end.state);
  if (!std::isfinite(representative(end.seen.train_loss))) throw std::runtime_error("the numbers overflow");
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

Json CellSweep::run(long unit, SharedDraws& shared) const {
  const RunConfig cell = config(unit);
  if (model_) return model_->run(cell);
  return with_precision(cell.precision, [&]<class Real>(std::type_identity<Real>) {
    try {
      const Run<Real> run(cell, QNorm::needed, shared);
      Json found = found_at_end(run);
      if (infinite_time_) found["infinite_time_error"] = error_at_infinite_time(run);
      return found;
    } catch (const std::runtime_error& error) {
      const Place at = place(unit);
      const auto where = [](const Axis& axis, long k) {
        return axis.name + " = " + axis.values[static_cast<std::size_t>(k)].text();
      };
      throw std::runtime_error("at " + where(grid_.x, at.column) + ", " + where(grid_.y, at.row) + ", seed " +
                               std::to_string(cell.seed) + ": " + error.what());
    }
  });
}

std::vector<Json> CellSweep::merge(std::span<const Json> found) const {
  std::vector<Json> lines;
  for (long row = 0; row < grid_.rows(); ++row)
    for (long column = 0; column < grid_.columns(); ++column) {
      std::vector<Json> runs;
      for (long seed = 0; seed < seeds_; ++seed)
        runs.push_back(found[static_cast<std::size_t>(unit({column, row, seed}))]);
      const RunConfig cell = grid_.config(column, row);
      Json line = {{"index", row * grid_.columns() + column},
                   {"x", grid_.x.values[static_cast<std::size_t>(column)].as<double>()},
                   {"y", grid_.y.values[static_cast<std::size_t>(row)].as<double>()},
                   {"config", config_json(cell)}};
      if (model_) line["model"] = model_->name;
      line.update(provenance_json(cell));
      line["seeds"] = seeds_;
      line["snr"] = theory::snr(cell.parameters);
      line["n_snr2"] = theory::n_snr2(cell.parameters);
      for (const char* quantity : quantities) line[quantity] = mean_over(runs, quantity);
      if (infinite_time_) {
        line["hard_selection_error"] = mean_over(runs, "hard_selection_error");
        line["infinite_time_error"] = mean_over(runs, "infinite_time_error");
        line["infinite_time_law"] = theory::infinite_time_error(cell.parameters);
      }
      for (const char* outcome : theory::outcome_names) {
        long count = 0;
        for (const Json& one : runs) count += one.at("outcome") == outcome;
        const auto [low, high] = theory::clopper_pearson(count, seeds_, 0.05);
        line["regimes"][outcome] = {{"count", count}, {"low", low}, {"high", high}};
      }
      lines.push_back(std::move(line));
    }
  return lines;
}

Json CellSweep::description() const {
  Json json = grid_description(grid_, seeds_);
  if (model_) json["model"] = model_->name;
  if (infinite_time_) json["infinite_time"] = true;
  return json;
}

Json grid_description(const Grid& grid, long seeds) {
  const auto axis = [](const Axis& a) {
    Json values = Json::array();
    for (const auto& value : a.values) values.push_back(value.as<double>());
    return Json{{"name", a.name}, {"log", a.log}, {"values", values}};
  };
  Json json = {{"config", config_json(grid.base)}, {"x", axis(grid.x)}, {"y", axis(grid.y)}, {"seeds", seeds}};
  json.update(provenance_json(grid.base));
  json.update(build_info_json());
  return json;
}

std::vector<OtherModel>& other_models() {
  static std::vector<OtherModel> models;
  return models;
}

#define BENIGN_INSTANTIATE(Real) template End<Real> run_to_end<Real>(const Run<Real>&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim

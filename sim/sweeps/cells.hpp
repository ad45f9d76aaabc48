#pragma once
// The cells of a phase diagram: every run at its end, averaged over seeds.

#include "sim/sweeps/sweep.hpp"
#include "theory/model/outcome.hpp"

#include <array>
#include <functional>

namespace benign::sim {

/// What a cell tells of its runs, in the order of its record. The last two are those of a sweep with `infinite_time`.
enum class Quantity {
  train_accuracy,
  train_loss,
  test_accuracy,
  test_loss,
  attention_clean,
  attention_noisy,
  attention_test,
  mu_q,
  hard_selection_error,
  infinite_time_error
};
inline constexpr const char* quantity_names[] = {
    "train_accuracy", "train_loss", "test_accuracy",        "test_loss",          "attention_clean", "attention_noisy",
    "attention_test", "mu_q",       "hard_selection_error", "infinite_time_error"};
constexpr std::size_t quantities = std::size(quantity_names);

/// A value for each quantity.
template <class Value>
struct ByQuantity {
  std::array<Value, quantities> values{};
  Value& operator[](Quantity quantity) { return values[static_cast<std::size_t>(quantity)]; }
  const Value& operator[](Quantity quantity) const { return values[static_cast<std::size_t>(quantity)]; }
};

/// A run at its end. What a run does not know, and a number that is not finite, is missing.
struct CellRun {
  ByQuantity<std::optional<double>> at_end;
  std::optional<theory::Outcome> outcome;
};

/// Over the seeds that know the quantity; no standard error with fewer than two of them.
struct MeanOverSeeds {
  std::optional<double> mean, standard_error;
};

struct Cell {
  long column, row;
  ByQuantity<MeanOverSeeds> over_seeds;
  std::array<long, std::size(theory::given_outcome_names)> outcomes{};  ///< how many runs came to each

  long count(theory::Outcome outcome) const { return outcomes[static_cast<std::size_t>(outcome)]; }
  long& count(theory::Outcome outcome) { return outcomes[static_cast<std::size_t>(outcome)]; }
};

/// A model that is trained on the same data in place of the exact one.
struct OtherModel {
  std::string name;
  std::function<CellRun(const RunConfig&)> run;
};

/// Those that a program can sweep.
std::vector<OtherModel>& other_models();

/// One unit is one run: cell (column, row) with seed base.seed + k, k < seeds. Those that share their draws follow one
/// another.
class CellSweep final : public Sweep {
 public:
  using Found = CellRun;
  using Line = Cell;
  struct Conclusion {};  ///< cells say nothing together

  /// With `infinite_time` each run also tells its test error at infinite time, beside the law's, and at its end the one
  /// of hard selection along its q.
  CellSweep(Grid grid, long seeds, bool infinite_time = false)
      : grid_(std::move(grid)), seeds_(seeds), infinite_time_(infinite_time), model_() {}
  CellSweep(Grid grid, long seeds, OtherModel model)
      : grid_(std::move(grid)), seeds_(seeds), infinite_time_(false), model_(std::move(model)) {}

  const Grid& grid() const { return grid_; }
  long seeds() const { return seeds_; }
  long units() const override { return grid_.columns() * grid_.rows() * seeds_; }
  RunConfig config(long unit) const override;
  long lines() const override { return grid_.columns() * grid_.rows(); }
  std::string records() const override { return "cells.jsonl"; }
  Json description() const override;

  CellRun run(long unit, SharedDraws& shared) const;
  std::vector<Cell> merge(std::span<const CellRun> found) const;
  std::optional<Conclusion> conclusion(std::span<const CellRun>) const { return std::nullopt; }

  /// The outcomes that its runs can come to: the model's, or those of given tokens, in the order of theory::Outcome.
  std::span<const char* const> outcomes() const;

  /// The law's test error at infinite time in a cell of a sweep with `infinite_time`.
  std::optional<double> infinite_time_law(const Cell& cell) const;

  Json found_json(const CellRun& found) const;
  CellRun read_found(const Json& json) const;
  Json line_json(const Cell& cell) const;
  Cell read_line(const Json& json) const;
  Json conclusion_json(const Conclusion&) const { return nullptr; }
  Conclusion read_conclusion(const Json&) const { return {}; }

 private:
  struct Place {
    long column, row, seed;
  };
  bool down_columns() const;
  Place place(long unit) const;
  long unit(const Place& place) const;
  /// The quantities that this sweep's records have.
  std::span<const char* const> recorded() const;

  Grid grid_;
  long seeds_;
  bool infinite_time_;
  OtherModel model_;  ///< the exact one unless it can run
};

/// A run's end: descent after its steps, a flow at its horizon.
template <class Real>
struct End {
  Vector<Real> state;
  Observation<Real> seen;
};

/// Throws std::runtime_error where the numbers overflow.
template <class Real>
End<Real> run_to_end(const Run<Real>& run);

}  // namespace benign::sim

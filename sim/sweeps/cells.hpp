#pragma once
// The cells of a phase diagram: every run at its end, averaged over seeds.

#include "sim/sweeps/sweep.hpp"

#include <functional>
#include <optional>

namespace benign::sim {

/// A model that is trained on the same data in place of the exact one: its name, and what `found` of a run is.
struct OtherModel {
  std::string name;
  std::function<Json(const RunConfig&)> run;
};

/// Those that a program can sweep.
std::vector<OtherModel>& other_models();

/// One unit is one run: cell (column, row) with seed base.seed + k, k < seeds. Those that share their draws follow one
/// another.
class CellSweep final : public Sweep {
 public:
  /// With `infinite_time` each run also tells its test error at infinite time, beside the law's, and at its end the one
  /// of hard selection along its q.
  CellSweep(Grid grid, long seeds, bool infinite_time = false)
      : grid_(std::move(grid)), seeds_(seeds), infinite_time_(infinite_time) {}
  CellSweep(Grid grid, long seeds, OtherModel model)
      : grid_(std::move(grid)), seeds_(seeds), infinite_time_(false), model_(std::move(model)) {}

  long units() const override { return grid_.columns() * grid_.rows() * seeds_; }
  RunConfig config(long unit) const override;
  Json run(long unit, SharedDraws& shared) const override;
  long lines() const override { return grid_.columns() * grid_.rows(); }
  std::vector<Json> merge(std::span<const Json> found) const override;
  std::string records() const override { return "cells.jsonl"; }
  Json description() const override;

 private:
  struct Place {
    long column, row, seed;
  };
  bool down_columns() const;
  Place place(long unit) const;
  long unit(const Place& place) const;

  Grid grid_;
  long seeds_;
  bool infinite_time_;
  std::optional<OtherModel> model_;  ///< the exact one unless given
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

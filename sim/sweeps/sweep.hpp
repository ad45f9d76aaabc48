#pragma once
// A sweep: many independent units of work, each of which finds a record, and what all records together say.
//
// Who does the units, in which order and on how many machines, is the engine's business; what a unit finds depends on
// its number alone.

#include "sim/sweeps/grid.hpp"
#include "sim/runs/records.hpp"
#include "sim/frames/shared_draws.hpp"

#include <span>

namespace benign::sim {

class Sweep {
 public:
  virtual ~Sweep() = default;

  virtual long units() const = 0;

  /// The run that decides unit `unit`, or the first of them: its configuration, hash and seed stand in the record.
  virtual RunConfig config(long unit) const = 0;

  /// What the unit finds, an object.
  virtual Json run(long unit, SharedDraws& shared) const = 0;

  /// How many lines merge() makes.
  virtual long lines() const = 0;

  /// The lines of the sweep's records from what all units found, in the order of the units.
  virtual std::vector<Json> merge(std::span<const Json> found) const = 0;

  /// What all units together say beyond the lines, for fit.json; null where nothing.
  virtual Json conclusion(std::span<const Json>) const { return nullptr; }

  /// The name of the file that the merged lines are written to.
  virtual std::string records() const = 0;

  /// All that decides the sweep: what phase.json holds.
  virtual Json description() const = 0;
};

/// {"config", "x", "y", "seeds"} and provenance, as every sweep over a grid describes itself.
Json grid_description(const Grid& grid, long seeds);

}  // namespace benign::sim

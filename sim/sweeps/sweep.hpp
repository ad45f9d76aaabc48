#pragma once
// A sweep: many independent units of work, each of which finds something, and what all of them together say.
//
// Who does the units, in which order and on how many machines, is the engine's business; what a unit finds depends on
// its number alone. What a unit finds is a value of the sweep's own type `Found`, what is merged from all of them are
// `Line`s and perhaps a `Conclusion`; they become JSON where they are written to a file, and nowhere before.

#include "sim/sweeps/grid.hpp"
#include "sim/runs/records.hpp"
#include "sim/frames/shared_draws.hpp"

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace benign::sim {

/// What a folder needs to know of any sweep.
class Sweep {
 public:
  virtual ~Sweep() = default;

  virtual long units() const = 0;

  /// The run that decides unit `unit`, or the first of them: its configuration, hash and seed stand in the record.
  virtual RunConfig config(long unit) const = 0;

  /// How many lines merge() makes.
  virtual long lines() const = 0;

  /// The name of the file that the merged lines are written to.
  virtual std::string records() const = 0;

  /// All that decides the sweep: what phase.json holds.
  virtual Json description() const = 0;
};

/// What the engine needs to know of one: run() may be called from any thread, merge() gets what all units found in the
/// order of the units. Each read_…() undoes its …_json(), and throws Json::exception for what that cannot have written.
template <class S>
concept RunnableSweep = std::derived_from<S, Sweep> &&
    requires(const S& sweep, long unit, SharedDraws& shared, std::span<const typename S::Found> all,
             const typename S::Found& found, const typename S::Line& line, const typename S::Conclusion& conclusion,
             const Json& json) {
  { sweep.run(unit, shared) } -> std::same_as<typename S::Found>;
  { sweep.merge(all) } -> std::same_as<std::vector<typename S::Line>>;
  { sweep.conclusion(all) } -> std::same_as<std::optional<typename S::Conclusion>>;
  { sweep.found_json(found) } -> std::same_as<Json>;
  { sweep.read_found(json) } -> std::same_as<typename S::Found>;
  { sweep.line_json(line) } -> std::same_as<Json>;
  { sweep.read_line(json) } -> std::same_as<typename S::Line>;
  { sweep.conclusion_json(conclusion) } -> std::same_as<Json>;
  { sweep.read_conclusion(json) } -> std::same_as<typename S::Conclusion>;
};

/// {"config", "x", "y", "seeds"} and provenance, as every sweep over a grid describes itself.
Json grid_description(const Grid& grid, long seeds);

/// A finite number as it is; null, and nothing, for each other.
inline std::optional<double> known(double x) { return std::isfinite(x) ? std::optional(x) : std::nullopt; }
inline Json number_json(const std::optional<double>& x) { return x ? Json(*x) : Json(nullptr); }
inline std::optional<double> read_number(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

}  // namespace benign::sim

#include "sim/sweeps/unfinished.hpp"

#include "sim/sweeps/border.hpp"
#include "sim/sweeps/cells.hpp"
#include "sim/sweeps/proof_cells.hpp"
#include "sim/sweeps/shards.hpp"
#include "sim/sweeps/verdict_cells.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

Axis axis_of(const Json& json) {
  Axis axis{json.at("name"), json.at("log"), {}};
  for (const Json& value : json.at("values")) axis.values.push_back(decimal_of(value.get<double>()));
  return axis;
}

Grid grid_of(const Json& description) {
  Grid grid{{}, axis_of(description.at("x")), axis_of(description.at("y"))};
  for (const auto& parameter : parameter_table())
    if (const auto value = description.at("config").find(parameter.name); value != description.at("config").end())
      parameter.parse(grid.base, text_of(*value));
  return grid;
}

/// The kind of border of that name.
Border border_of(const Json& json) {
  for (const auto& choice : border_choices)
    if (json.at("name") == choice.text) return {choice.value, read_number(json.at("level")).value_or(0)};
  throw Json::other_error::create(501, "no border", &json);
}

template <class S>
UnfinishedSweep as_far_as_it_goes(const S& sweep, const std::filesystem::path& folder) {
  std::vector<typename S::Found> found(static_cast<std::size_t>(sweep.units()));
  std::vector<bool> there(found.size(), false);
  for_each_shard_line(folder, [&](const Json& line) {
    const long unit = line.at("unit");
    if (unit < 0 || unit >= sweep.units()) return;
    element(found, unit) = sweep.read_found(line.at("found"));
    element(there, unit) = true;
  });
  UnfinishedSweep unfinished{{}, std::count(there.begin(), there.end(), true), sweep.units()};
  for (const auto& line : sweep.merge(found)) unfinished.lines.push_back(sweep.line_json(line));
  return unfinished;
}

}  // namespace

std::optional<UnfinishedSweep> read_unfinished(const std::filesystem::path& folder) {
  const Json description = read_description(folder);
  if (!description.is_object() || !holds_shards(folder)) return std::nullopt;
  try {
    const long seeds = description.at("seeds");
    if (const auto border = description.find("border"); border != description.end())
      return as_far_as_it_goes(BorderSweep(grid_of(description), seeds, border_of(*border)), folder);
    if (const auto check = description.find("check"); check != description.end())
      return as_far_as_it_goes(
          VerdictSweep(grid_of(description), seeds, {*check, Json::object(), description.value("study", false), {}}),
          folder);
    if (const auto claims = description.find("prove"); claims != description.end())
      return as_far_as_it_goes(ProofSweep(grid_of(description), seeds, {*claims, description.at("digits_max"), {}}),
                               folder);
    const bool infinite_time = description.value("infinite_time", false);
    return as_far_as_it_goes(CellSweep(grid_of(description), seeds, infinite_time), folder);
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const NotAllowed&) {
    return std::nullopt;
  }
}

}  // namespace benign::sim

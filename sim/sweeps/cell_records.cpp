// The cells of a sweep as JSON: a unit's line in a shard, the merged record of a cell, and the sweep's description.

#include "sim/sweeps/cells.hpp"

#include "theory/numbers/confidence.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

Json mean_json(const MeanOverSeeds& of) {
  return {{"mean", number_json(of.mean)}, {"stderr", number_json(of.standard_error)}};
}

/// How many of `runs` came to an outcome, with an interval for their share at 95%.
Json count_json(long count, long runs) {
  const auto [low, high] = theory::clopper_pearson(count, runs, 0.05);
  return {{"count", count}, {"low", low}, {"high", high}};
}

}  // namespace

Json CellSweep::found_json(const CellRun& found) const {
  Json json;
  for (std::size_t k = 0; k < recorded().size(); ++k) json[recorded()[k]] = number_json(found.at_end.values[k]);
  json["outcome"] = found.outcome ? Json(theory::key(*found.outcome)) : Json(nullptr);
  return json;
}

CellRun CellSweep::read_found(const Json& json) const {
  CellRun found;
  for (std::size_t k = 0; k < recorded().size(); ++k) found.at_end.values[k] = read_number(json.at(recorded()[k]));
  if (const Json& outcome = json.at("outcome"); !outcome.is_null()) {
    const auto name = std::ranges::find(outcomes(), outcome.get<std::string>());
    if (name == outcomes().end()) throw Json::other_error::create(501, "no outcome", &json);
    found.outcome = static_cast<theory::Outcome>(name - outcomes().begin());
  }
  return found;
}

Json CellSweep::line_json(const Cell& cell) const {
  const RunConfig config = grid_.config(cell.column, cell.row);
  Json line = {{"index", cell.row * grid_.columns() + cell.column},
               {"x", element(grid_.x.values, cell.column).as<double>()},
               {"y", element(grid_.y.values, cell.row).as<double>()},
               {"config", config_json(config)}};
  if (model_.run) line["model"] = model_.name;
  line.update(provenance_json(config));
  line["seeds"] = seeds_;
  line["snr"] = theory::snr(config.parameters);
  line["n_snr2"] = theory::n_snr2(config.parameters);
  for (std::size_t k = 0; k < recorded().size(); ++k) line[recorded()[k]] = mean_json(cell.over_seeds.values[k]);
  if (infinite_time_) line["infinite_time_law"] = number_json(infinite_time_law(cell));
  for (std::size_t k = 0; k < outcomes().size(); ++k)
    line["regimes"][outcomes()[k]] = count_json(cell.outcomes[k], seeds_);
  return line;
}

Cell CellSweep::read_line(const Json& json) const {
  const long index = json.at("index");
  Cell cell{index % grid_.columns(), index / grid_.columns(), {}, {}};
  for (std::size_t k = 0; k < recorded().size(); ++k) {
    const Json& of = json.at(recorded()[k]);
    cell.over_seeds.values[k] = {read_number(of.at("mean")), read_number(of.at("stderr"))};
  }
  for (std::size_t k = 0; k < outcomes().size(); ++k)
    cell.outcomes[k] = json.at("regimes").at(outcomes()[k]).at("count");
  return cell;
}

Json CellSweep::description() const {
  Json json = grid_description(grid_, seeds_);
  if (model_.run) json["model"] = model_.name;
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

}  // namespace benign::sim

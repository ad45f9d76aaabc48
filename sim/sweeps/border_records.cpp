// Borders as JSON: a unit's line in a shard, the merged record of a column, the fit, and the sweep's description.

#include "sim/sweeps/border.hpp"

#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/element.hpp"

namespace benign::sim {
namespace {

Json slope_json(const BorderSlope& slope) {
  return {{"value", number_json(slope.value)},
          {"low", number_json(slope.low)},
          {"high", number_json(slope.high)},
          {"predicted", number_json(slope.predicted)}};
}

BorderSlope read_slope(const Json& json) {
  return {read_number(json.at("value")), read_number(json.at("low")), read_number(json.at("high")),
          read_number(json.at("predicted"))};
}

}  // namespace

Json BorderSweep::found_json(const BorderRun& found) const {
  Json json = {{"y", number_json(found.y)}};
  if (found.beyond) json["beyond"] = text_of(beyond_choices, *found.beyond);
  json["crossings"] = found.crossings;
  json["runs"] = found.runs;
  return json;
}

BorderRun BorderSweep::read_found(const Json& json) const {
  BorderRun found{read_number(json.at("y")), {}, json.at("crossings"), json.at("runs")};
  if (found.y) return found;
  const std::string side = json.at("beyond");
  for (const auto& choice : beyond_choices)
    if (side == choice.text) found.beyond = choice.value;
  if (!found.beyond) throw Json::other_error::create(501, "no side of the grid", &json);
  return found;
}

RunConfig BorderSweep::at_border(const BorderPoint& point) const {
  return point.y ? grid_.config(point.column, decimal_of(*point.y)) : grid_.config(point.column, 0L);
}

std::optional<double> BorderSweep::predicted(const BorderPoint& point) const {
  return predicted_border(border_, at_border(point), grid_.y.name);
}

Json BorderSweep::line_json(const BorderPoint& point) const {
  const RunConfig at = at_border(point);
  Json line = {{"column", point.column},
               {"x", element(grid_.x.values, point.column).as<double>()},
               {"border", text_of(border_choices, border_.kind)},
               {"y", number_json(point.y)},
               {"low", number_json(point.low)},
               {"high", number_json(point.high)},
               {"snr", point.y ? Json(theory::snr(at.parameters)) : Json(nullptr)},
               {"n_snr2", point.y ? Json(theory::n_snr2(at.parameters)) : Json(nullptr)},
               {"log_s", log_s_of_horizon(at)},
               {"predicted", number_json(predicted(point))},
               {"seeds", seeds_},
               {"crossed", point.crossed},
               {"crossed_again", point.crossed_again},
               {"config", config_json(at)}};
  line.update(provenance_json(at));
  return line;
}

BorderPoint BorderSweep::read_line(const Json& json) const {
  return {json.at("column"),  read_number(json.at("y")), read_number(json.at("low")), read_number(json.at("high")),
          json.at("crossed"), json.at("crossed_again")};
}

Json BorderSweep::conclusion_json(const BorderFit& fit) const {
  Json json = {{"exponent", slope_json(fit.exponent)}, {"law", fit.law}, {"columns", fit.columns}};
  if (fit.motion) {
    json["motion"] = slope_json(*fit.motion);
    json["motion"]["slope_of"] = fit.motion_of;
  }
  return json;
}

BorderFit BorderSweep::read_conclusion(const Json& json) const {
  BorderFit fit{json.at("law"), read_slope(json.at("exponent")), json.at("columns"), {}, {}};
  if (json.contains("motion")) {
    fit.motion = read_slope(json["motion"]);
    fit.motion_of = json["motion"].at("slope_of");
  }
  return fit;
}

Json BorderSweep::description() const {
  Json json = grid_description(grid_, seeds_);
  json["border"] = {{"name", text_of(border_choices, border_.kind)},
                    {"level", border_.of_test() ? Json(border_.level) : Json(nullptr)}};
  return json;
}

}  // namespace benign::sim

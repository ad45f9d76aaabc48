#include "sim/sweeps/verdict_cells.hpp"

#include "theory/numbers/element.hpp"

#include <cmath>

namespace benign::sim {
namespace {

using theory::Verdict;

std::size_t place_of(Verdict verdict) { return static_cast<std::size_t>(verdict); }

Json verdict_json(std::optional<Verdict> verdict) { return verdict ? Json(theory::name(*verdict)) : Json(nullptr); }
std::optional<Verdict> read_verdict(const Json& json) {
  if (json.is_null()) return std::nullopt;
  for (const Verdict one : all_verdicts)
    if (json == theory::name(one)) return one;
  throw Json::other_error::create(501, "no verdict", &json);
}

/// In units of the claim's size; below all others where it is not known.
double relative(const Judged& one) { return one.margin ? *one.margin / one.scale : -HUGE_VAL; }

/// What counts before what in a cell.
constexpr Verdict heaviest_first[] = {Verdict::violated, Verdict::undecided, Verdict::holds, Verdict::proved,
                                      Verdict::vacuous};

}  // namespace

RunConfig VerdictSweep::config(long unit) const {
  const long cell = unit % lines();
  RunConfig config = grid_.config(cell % grid_.columns(), cell / grid_.columns());
  config.seed += static_cast<std::uint64_t>(unit / lines());
  return config;
}

RunConfig VerdictSweep::decided_by(const VerdictCell& cell) const {
  RunConfig config = this->config(cell.worst * lines() + cell.row * grid_.columns() + cell.column);
  for (const auto& choice : precision_choices)
    if (cell.found.precision == choice.text) config.precision = choice.value;
  return config;
}

Judged VerdictSweep::run(long unit, SharedDraws&) const { return claim_.judge(config(unit)); }

std::vector<VerdictCell> VerdictSweep::merge(std::span<const Judged> found) const {
  std::vector<VerdictCell> cells;
  for (long k = 0; k < lines(); ++k) {
    VerdictCell cell{k % grid_.columns(), k / grid_.columns(), {}, {}, 0, {}};
    const auto of_seed = [&](long seed) -> const Judged& { return element(found, seed * lines() + k); };
    for (long seed = 0; seed < runs(); ++seed)
      if (const auto verdict = of_seed(seed).verdict) ++cell.runs[place_of(*verdict)];
    for (const Verdict one : heaviest_first)
      if (cell.runs[place_of(one)] > 0) {
        cell.verdict = one;
        break;
      }
    bool any = false;
    for (long seed = 0; seed < runs(); ++seed) {
      const Judged& here = of_seed(seed);
      if (here.verdict != cell.verdict || (any && relative(here) >= relative(cell.found))) continue;
      cell.worst = seed, cell.found = here, any = true;
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

Json VerdictSweep::found_json(const Judged& found) const {
  return {{"verdict", verdict_json(found.verdict)},
          {"margin", number_json(found.margin)},
          {"error", number_json(found.error)},
          {"scale", found.scale},
          {"constant", number_json(found.constant)},
          {"precision", found.precision},
          {"judged_seeds", found.seeds},
          {"unmet", found.unmet}};
}

Judged VerdictSweep::read_found(const Json& json) const {
  return {read_verdict(json.at("verdict")), read_number(json.at("margin")),
          read_number(json.at("error")),    json.at("scale"),
          read_number(json.at("constant")), json.at("precision"),
          json.at("judged_seeds"),          json.at("unmet").get<std::vector<std::string>>()};
}

Json VerdictSweep::line_json(const VerdictCell& cell) const {
  const RunConfig config = decided_by(cell);
  Json line = {{"index", cell.row * grid_.columns() + cell.column},
               {"x", element(grid_.x.values, cell.column).as<double>()},
               {"y", element(grid_.y.values, cell.row).as<double>()},
               {"config", config_json(config)}};
  line.update(provenance_json(config));
  line["seeds"] = seeds_, line["worst"] = cell.worst;
  line.update(found_json(cell.found));
  for (const Verdict one : all_verdicts) line["verdicts"][theory::name(one)] = cell.runs[place_of(one)];
  return line;
}

VerdictCell VerdictSweep::read_line(const Json& json) const {
  const long index = json.at("index");
  const Judged found = read_found(json);
  VerdictCell cell{index % grid_.columns(), index / grid_.columns(), found.verdict, {}, json.at("worst"), found};
  if (cell.worst < 0 || cell.worst >= runs()) throw Json::other_error::create(501, "no run of the cell", &json);
  for (const Verdict one : all_verdicts) cell.runs[place_of(one)] = json.at("verdicts").at(theory::name(one));
  return cell;
}

Json VerdictSweep::description() const {
  Json json = grid_description(grid_, seeds_);
  json["check"] = claim_.check;
  json.update(claim_.terms);
  if (claim_.study) json["study"] = true;
  return json;
}

}  // namespace benign::sim

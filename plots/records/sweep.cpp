#include "plots/records/sweep.hpp"

#include "sim/runs/parameter_table.hpp"
#include "sim/sweeps/shards.hpp"
#include "sim/sweeps/unfinished.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

constexpr const char* writer = "benign phase --out";
constexpr const char *sweep_file = "phase.json", *cell_file = "cells.jsonl", *border_file = "border.jsonl";

bool is_axis(const Json& axis) {
  if (!has_keys(axis, {"name", "log", "values"}) || !axis["name"].is_string() || !axis["log"].is_boolean() ||
      !axis["values"].is_array() || axis["values"].empty())
    return false;
  const Json& values = axis["values"];
  if (!std::all_of(values.begin(), values.end(), [](const Json& value) { return value.is_number(); })) return false;
  const auto numbers = values.get<std::vector<double>>();
  if (axis["log"].get<bool>() && numbers.front() <= 0) return false;
  return std::adjacent_find(numbers.begin(), numbers.end(), std::greater_equal<>()) == numbers.end();
}

bool is_sweep(const Json& sweep) {
  if (!has_keys(sweep, {"config", "x", "y", "seeds"}) || !is_axis(sweep["x"]) || !is_axis(sweep["y"]) ||
      !sweep["seeds"].is_number_integer() || sweep["seeds"].get<long>() < 1 || !sweep["config"].is_object())
    return false;
  const Json border = sweep.value("border", Json());
  return border.is_null() ||
         (has_keys(border, {"name", "level"}) && border["name"].is_string() && number_or_null(border["level"]));
}

/// The run of a record; nothing where a value is none of its parameter's. Keys that the table does not know are passed over.
std::optional<sim::RunConfig> run_of(const Json& config) {
  sim::RunConfig run;
  for (const auto& parameter : sim::parameter_table()) try {
      if (config.contains(parameter.name)) parameter.parse(run, sim::text_of(config[parameter.name]));
    } catch (const sim::NotAllowed&) {
      return std::nullopt;
    }
  return run;
}

bool has_parameters(const Json& record) {
  return has_keys(record, {"config"}) && has_keys(record["config"], {"n", "T", "d", "mu", "rho", "eta", "sigma"}) &&
         run_of(record["config"]);
}

bool is_cell(const Json& cell) {
  if (!has_keys(cell, {"index", "seeds"}) || !has_parameters(cell) || !cell["index"].is_number_integer() ||
      !cell["seeds"].is_number_integer() || cell["seeds"].get<long>() < 1)
    return false;
  for (const char* quantity : {"train_accuracy", "train_loss", "test_accuracy", "test_loss"})
    if (!cell.contains(quantity) || !has_keys(cell[quantity], {"mean"}) || !number_or_null(cell[quantity]["mean"]))
      return false;
  if (!cell.contains("regimes")) return true;
  const Json& regimes = cell["regimes"];
  return has_keys(regimes, {"harmful", "benign", "not_overfitting", "neither"}) &&
         std::all_of(regimes.begin(), regimes.end(),
                     [](const Json& regime) { return has_keys(regime, {"count"}) && regime["count"].is_number(); });
}

bool is_verdict(const Json& cell) {
  return has_keys(cell, {"index", "seeds", "verdict", "margin", "error", "scale", "constant"}) &&
         has_parameters(cell) && cell["index"].is_number_integer() &&
         (cell["verdict"].is_null() || cell["verdict"].is_string()) && number_or_null(cell["margin"]) &&
         number_or_null(cell["error"]) && cell["scale"].is_number() && number_or_null(cell["constant"]);
}

bool is_proof(const Json& cell) {
  if (!has_keys(cell, {"index", "seeds", "claims", "proved_regimes", "computed_regimes"}) || !has_parameters(cell) ||
      !cell["index"].is_number_integer() || !cell["claims"].is_array())
    return false;
  for (const char* kind : {"proved_regimes", "computed_regimes"})
    for (const Json& count : cell[kind])
      if (!count.is_number_integer()) return false;
  return std::all_of(cell["claims"].begin(), cell["claims"].end(), [](const Json& claim) {
    return has_keys(claim, {"claim", "verdict", "verdicts"}) &&
           has_keys(claim["verdicts"], {"proved", "violated", "undecided"});
  });
}

bool is_column(const Json& column) {
  if (!has_keys(column, {"column", "x", "seeds", "crossed", "y", "low", "high"}) || !has_parameters(column) ||
      !column["column"].is_number_integer() || !column["x"].is_number())
    return false;
  const Json predicted = column.value("predicted", Json());
  return number_or_null(column["y"]) && number_or_null(column["low"]) && number_or_null(column["high"]) &&
         number_or_null(predicted);
}

SweepAxis axis_of(const Json& axis) { return {axis["name"], axis["log"], axis["values"]}; }

Sweep read_sweep(const std::filesystem::path& folder) {
  const auto path = folder / sweep_file;
  std::ifstream file(path);
  if (!file) throw BadRecord(path.string() + " cannot be read");
  const Json sweep = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!is_sweep(sweep)) throw BadRecord(path.string() + ": not a sweep of '" + writer + "'");
  Json config = sweep["config"];
  if (sweep.contains("model")) config["model"] = sweep["model"];
  const std::string check = sweep.contains("check") ? sim::text_of(sweep["check"]) : "";
  std::vector<std::string> claims;
  for (const Json& claim : sweep.value("prove", Json::array())) claims.push_back(sim::text_of(claim));
  return {.x = axis_of(sweep["x"]),
          .y = axis_of(sweep["y"]),
          .config = config,
          .seeds = sweep["seeds"],
          .border = sweep.value("border", Json()),
          .records = {},
          .check = check,
          .claims = claims};
}

/// Reads the sweep's records, of which record k says that it is number k.
Sweep read(const std::filesystem::path& folder, const char* file, bool (*is_record)(const Json&), const char* place,
           std::size_t (*count)(const Sweep&)) {
  Sweep sweep = read_sweep(folder);
  const auto path = folder / file;
  if (std::filesystem::exists(path)) {
    sweep.records = read_records(path, is_record, writer);
  } else if (const auto unfinished = sim::read_unfinished(folder)) {
    for (const auto& line : unfinished->lines) sweep.records.push_back(Json::parse(line.dump()));
    sweep.done = unfinished->done, sweep.units = unfinished->units;
  }
  for (std::size_t k = 0; k < sweep.records.size(); ++k)
    if (sweep.records[k][place].get<long>() != static_cast<long>(k))
      throw BadRecord(path.string() + ":" + std::to_string(k + 1) + ": " + place + " " +
                      sweep.records[k][place].dump() + ", not " + std::to_string(k));
  if (sweep.records.size() != count(sweep))
    throw BadRecord(path.string() + " holds " + std::to_string(sweep.records.size()) + " records of " +
                    std::to_string(count(sweep)));
  return sweep;
}

}  // namespace

std::string SweepAxis::label() const {
  if (const auto* parameter = sim::find_parameter(name)) return parameter->axis_label;
  for (const auto& derived : sim::derived_axes())
    if (name == derived.name) return derived.axis_label;
  return name;
}

double SweepAxis::scaled(double value) const { return log ? std::log(value) : value; }

double SweepAxis::unscaled(double place) const { return log ? std::exp(place) : place; }

std::string Sweep::setting() const {
  const std::string progress =
      units > 0 ? "unfinished, " + std::to_string(done) + " of " + std::to_string(units) + "; " : "";
  return progress + setting_of_all();
}

namespace {

/// A round number with many noughts as a power of ten: 10^{10} of 10000000000, 2·10^{6} of 2000000.
std::string short_number(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return text;
  const std::size_t digits = text.find_last_not_of('0') + 1;
  if (digits != 1 || text.size() < 6) return text;
  return (text[0] == '1' ? "" : text.substr(0, 1) + "·") + "10^{" + std::to_string(text.size() - 1) + "}";
}

}  // namespace

std::string Sweep::setting_of_all() const {
  const auto swept = [&](const std::string& name) { return x.name == name || y.name == name; };
  const auto set_by_axis = [&](const std::string& key) {
    for (const auto& derived : sim::derived_axes())
      if (swept(derived.name) && derived.sets == key) return true;
    return swept(key);
  };
  std::string text = config.contains("model") ? sim::text_of(config["model"]) + ": " : "";
  for (const auto& parameter : sim::parameter_table())
    if (const std::string& key = parameter.name; !parameter.symbol.empty() && config.contains(key) && !set_by_axis(key))
      text += parameter.symbol + " = " + short_number(sim::text_of(config[key])) + ", ";
  if (config.contains("layout")) text += "tokens of another layout, ";
  if (config.contains("flow")) {
    text += "gradient flow";
    if (swept("log-s-max")) return text;
    if (config.contains("log-s-max"))
      text += " to log(τ/τ₀) = " + sim::text_of(config["log-s-max"]);
    else if (config.contains("tau-max"))
      text += " to τ = " + sim::text_of(config["tau-max"]);
  } else if (config.contains("steps") && !swept("steps")) {
    text += sim::text_of(config["steps"]) + " steps";
  } else {
    text += "gradient descent";
  }
  if (config.contains("method")) text += " of " + sim::text_of(config["method"]);
  if (config.contains("lr-schedule")) text += ", " + sim::text_of(config["lr-schedule"]);
  return text;
}

namespace {

/// Whether phase.json has this key, of which each kind of sweep but the plain one has its own.
bool describes(const std::filesystem::path& folder, const char* key) {
  return sim::read_description(folder).contains(key);
}

std::size_t count_cells(const Sweep& sweep) { return sweep.x.values.size() * sweep.y.values.size(); }

}  // namespace

bool holds_cells(const std::filesystem::path& folder) {
  for (const char* other : {"check", "border", "prove"})
    if (describes(folder, other)) return false;
  return std::filesystem::exists(folder / cell_file) || sim::holds_shards(folder);
}

bool holds_proofs(const std::filesystem::path& folder) {
  return describes(folder, "prove") && (std::filesystem::exists(folder / cell_file) || sim::holds_shards(folder));
}

bool holds_verdicts(const std::filesystem::path& folder) {
  return describes(folder, "check") && (std::filesystem::exists(folder / cell_file) || sim::holds_shards(folder));
}

bool holds_border(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / border_file) || (describes(folder, "border") && sim::holds_shards(folder));
}

Sweep read_cells(const std::filesystem::path& folder) { return read(folder, cell_file, is_cell, "index", count_cells); }

Sweep read_proofs(const std::filesystem::path& folder) {
  return read(folder, cell_file, is_proof, "index", count_cells);
}

Sweep read_verdicts(const std::filesystem::path& folder) {
  return read(folder, cell_file, is_verdict, "index", count_cells);
}

Sweep read_border(const std::filesystem::path& folder) {
  return read(folder, border_file, is_column, "column", [](const Sweep& sweep) { return sweep.x.values.size(); });
}

double mean(const Json& cell, const char* quantity) { return number(cell.at(quantity).at("mean")); }

theory::Parameters parameters_of(const Json& config) { return run_of(config).value().parameters; }

}  // namespace benign::plots

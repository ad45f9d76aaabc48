#include "proofs_check/commands/sweep_options.hpp"

#include "proofs_check/certificates/regime.hpp"
#include "proofs_check/report/asked_checks.hpp"
#include "proofs_check/report/proof_diagram.hpp"
#include "proofs_check/report/verdict_diagram.hpp"
#include "proofs_check/text/axis_number.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "theory/model/layout_text.hpp"
#include "theory/model/outcome.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

namespace benign::proofs {
namespace {

using theory::Decimal;

/// Merging takes some kilobyte a run.
constexpr long most_cells = 1'000'000, most_runs = 10'000'000;

/// NAME=LO:HI:COUNT[:log]
sim::Axis parse_axis(const std::string& option, const std::string& text) {
  constexpr const char* form = "NAME=LO:HI:COUNT or NAME=LO:HI:COUNT:log, or of one value as in d=2000:2000:1";
  const std::string name = axis_name(option, text, form);
  std::vector<std::string> parts;
  std::stringstream stream(text.substr(name.size() + 1) + ":");
  for (std::string part; std::getline(stream, part, ':');) parts.push_back(part);
  const bool log = parts.size() == 4 && parts[3] == "log";
  if (parts.size() != 3 && !log) throw UsageError(option, text, form);
  const auto number = [&](const std::string& part) { return axis_number(option, text, name, part); };
  const Decimal low = number(parts[0]), high = number(parts[1]);
  const auto counted = Decimal::parse(parts[2]);
  if (!counted || denominator(counted->exact()) != 1 || counted->exact() < 1 || counted->exact() > 100'000)
    throw UsageError(option, text, "a whole number COUNT from 1 to 100000");
  const auto count = static_cast<long>(numerator(counted->exact()));
  if (count == 1 ? low.exact() != high.exact() : low.exact() >= high.exact())
    throw UsageError(option, text, "LO below HI, or both equal and COUNT 1");
  if (log && low.exact() <= 0) throw UsageError(option, text, "LO above 0 with log");
  sim::Axis axis = sim::spaced_axis(name, low, high, count, log);
  for (std::size_t k = 1; k < axis.values.size(); ++k)
    if (axis.values[k] == axis.values[k - 1])
      throw UsageError(option, text, "fewer values: " + name + " takes " + axis.values[k].text() + " twice");
  return axis;
}

sim::Border parse_border(const std::string& text) {
  const auto colon = text.find(':');
  const std::string name = text.substr(0, colon);
  for (const auto& choice : sim::border_choices) {
    if (name != choice.text) continue;
    const bool loss = choice.value == sim::BorderKind::test_loss, error = choice.value == sim::BorderKind::test_error;
    if (colon == std::string::npos) return {choice.value, loss ? theory::generalisation_level() : 0.25};
    if (!loss && !error) break;
    const char* allowed = loss ? "test_loss:LEVEL with a level above 0" : "test_error:LEVEL with a level in (0, 1)";
    const auto level = Decimal::parse(text.substr(colon + 1));
    if (!level || level->exact() <= 0 || (error && level->exact() >= 1)) throw UsageError("--border", text, allowed);
    return {choice.value, level->as<double>()};
  }
  throw UsageError("--border", text,
                   "gap, memorised, memorised_half, memorised_all, fit, test_loss[:LEVEL] (0.547 unless given) or "
                   "test_error[:LEVEL] (0.25 unless given)");
}

/// One that is trained elsewhere; null for those of `benign list --models`.
const sim::OtherModel* other_model(const Phase& options) {
  for (const sim::OtherModel& model : sim::other_models())
    if (model.name == options.model) return &model;
  return nullptr;
}

/// Null without --check.
const Check* check_of(const Phase& options) {
  if (options.command.count("--check") == 0 && options.check.empty()) return nullptr;
  return &find_check("--check", options.check);
}

/// The configuration with both axes at their first values. Inner products alone wherever the other options allow it:
/// only they make a sweep fast.
sim::RunConfig base_config(const Phase& options, const sim::Axis& x, const sim::Axis& y) {
  AllGiven fixed;
  for (const auto* axis : {&x, &y}) {
    const std::string option = axis == &x ? "--x" : "--y", set = sim::set_by(axis->name);
    if (options.command.count("--" + set) > 0)
      throw UsageError("--" + set, options.shared.text(set),
                       "nothing beside " + option + " " + axis->name + ", which sets it");
    if (set == axis->name) fixed[set] = {axis->values.front().text(), option + " " + set};
  }
  const Check* check = check_of(options);
  sim::Json defaults = sim::Json::object();
  if (!options.shared.need_tokens() && !other_model(options) && options.prove.empty() &&
      !(check && check->needs_tokens))
    defaults["data"] = "gram";
  if (check && !check->model.empty()) defaults["model"] = check->model;
  auto config = options.resumed.empty() ? options.shared.config("default", defaults.dump(), fixed)
                                        : options.shared.config(options.resumed_from, options.resumed, fixed);
  if (!options.prove.empty() && options.resumed.empty()) options.shared.take_route_of_proofs(config);
  refuse_what_simulate_alone_takes(config);
  return config;
}

sim::Grid parse_grid(const Phase& options) {
  const sim::Axis x = parse_axis("--x", options.x), y = parse_axis("--y", options.y);
  if (sim::set_by(x.name) == sim::set_by(y.name))
    throw UsageError("--y", options.y, "another parameter than --x's, which sets " + x.name);
  const sim::Grid grid{base_config(options, x, y), x, y};
  for (const auto* axis : {&x, &y}) {
    const std::string option = axis == &x ? "--x" : "--y";
    if (axis->name == "steps" && grid.base.flow)
      throw UsageError(option, "steps", "only without --flow, whose end is that of --tau-max or --log-s-max");
    for (const char* own : {"mu", "rho", "d", "T"})
      if (grid.base.brought && sim::set_by(axis->name) == own)
        throw UsageError(option, axis->name, "with tokens from a file n, eta, sigma, kappa, steps or log-s-max");
    if (axis->name == "kappa" && grid.base.parameters.init == theory::Init::identity)
      throw UsageError(option, "kappa", "only with a random W0: the identity has kappa = 1");
  }
  if (grid.columns() > most_cells / grid.rows())
    throw UsageError("--y", options.y, "with --x " + options.x + " at most " + std::to_string(most_cells) + " cells");
  for (long column = 0; column < grid.columns(); ++column)
    for (long row = 0; row < grid.rows(); ++row)
      if (const auto wrong = sim::validate(grid.config(column, row)); !wrong.empty())
        throw UsageError("at " + grid.place(column, row) + ": --" + wrong.front().symbol, wrong.front().value,
                         wrong.front().allowed);
  return grid;
}

sim::CellSweep parse_other_model(const Phase& options, sim::Grid grid, long seeds, const sim::OtherModel& model) {
  if (options.command.count("--border") > 0)
    throw UsageError("--border", options.border, "nothing with --model " + model.name);
  if (options.infinite_time) throw UsageError("--infinite-time", "", "nothing with --model " + model.name);
  if (grid.base.flow) throw UsageError("--flow", "", "nothing with --model " + model.name);
  if (const auto& layout = grid.base.parameters.layout)
    throw UsageError("--layout", theory::line_of(*layout), "paper with --model " + model.name);
  return sim::CellSweep(std::move(grid), seeds, model);
}

sim::VerdictSweep parse_verdicts(const Phase& options, const Check& check, sim::Grid grid, long seeds) {
  if (other_model(options))
    throw UsageError("--model", options.model, "a model of 'benign list --models' with --check");
  if (options.command.count("--border") > 0) throw UsageError("--border", options.border, "only without --check");
  if (options.infinite_time) throw UsageError("--infinite-time", "", "only without --check");
  Laboratory terms;
  give_terms(terms, options.delta, options.constants);
  return verdict_sweep(check, std::move(grid), seeds, terms);
}

sim::ProofSweep parse_proofs(const Phase& options, sim::Grid grid, long seeds) {
  if (options.model != "exact") throw UsageError("--model", options.model, "only exact with --prove");
  for (const char* other : {"--border", "--check", "--infinite-time", "--precision", "--test"})
    if (options.command.count(other) > 0) throw UsageError(other, "", "only without --prove");
  std::vector<std::string> claims;
  for (const std::string& given : options.prove) {
    const auto named = given == "regime" ? regime_claims() : std::vector{given};
    claims.insert(claims.end(), named.begin(), named.end());
  }
  const long most_digits =
      options.digits_max.empty() ? 100 : parse_integer("--digits-max", options.digits_max, 2, 30'000);
  return proof_sweep(claims, std::move(grid), seeds, most_digits);
}

}  // namespace

void take_from_folder(Phase& options) {
  const std::string path = options.out + "/phase.json";
  const sim::Json there = sim::Json::parse(std::ifstream(path), nullptr, /*allow_exceptions=*/false);
  if (!there.is_object() || !there.value("config", sim::Json()).is_object()) return;  // and --resume says so
  const auto given = [&](const char* option) { return options.command.count(option) > 0; };
  const auto axis = [&](const char* option, const sim::Json& a, std::string& text) {
    if (given(option) || !a.is_object() || !a.value("values", sim::Json()).is_array() || a["values"].empty()) return;
    text = sim::text_of(a.value("name", sim::Json())) + "=" + a["values"].front().dump() + ":" +
           a["values"].back().dump() + ":" + std::to_string(a["values"].size()) +
           (a.value("log", sim::Json()) == true ? ":log" : "");
  };
  axis("--x", there.value("x", sim::Json()), options.x);
  axis("--y", there.value("y", sim::Json()), options.y);
  if (!given("--seeds") && there.contains("seeds")) options.seeds = there["seeds"].dump();
  if (!given("--model") && there.contains("model")) options.model = sim::text_of(there["model"]);
  if (!given("--infinite-time")) options.infinite_time = there.value("infinite_time", sim::Json()) == true;
  if (const auto border = there.value("border", sim::Json()); !given("--border") && border.is_object()) {
    const auto level = border.value("level", sim::Json());
    options.border = sim::text_of(border.value("name", sim::Json())) + (level.is_null() ? "" : ":" + level.dump());
  }
  if (!given("--check") && there.contains("check")) options.check = sim::text_of(there["check"]);
  if (const auto claims = there.value("prove", sim::Json()); !given("--prove") && claims.is_array())
    for (const sim::Json& claim : claims) options.prove.push_back(sim::text_of(claim));
  if (!given("--digits-max") && there.contains("digits_max")) options.digits_max = there["digits_max"].dump();
  if (!given("--delta") && there.contains("delta")) options.delta = sim::text_of(there["delta"]);
  if (const auto constants = there.value("constants", sim::Json()); !given("--C") && constants.is_object())
    for (const auto& [id, C] : constants.items()) options.constants.push_back(id + "=" + sim::text_of(C));
  options.resumed = there["config"].dump(), options.resumed_from = path;
}

AnySweep parse_sweep(const Phase& options) {
  sim::Grid grid = parse_grid(options);
  const long cells = grid.columns() * grid.rows();
  const long seeds = options.command.count("--seeds") == 0 && options.seeds.empty()
                         ? 1
                         : parse_integer("--seeds", options.seeds, 1, std::min(1'000'000L, most_runs / cells));
  if (grid.base.seed > static_cast<std::uint64_t>(std::numeric_limits<long>::max() - seeds))
    throw UsageError("--seed", std::to_string(grid.base.seed), "with --seeds less than 2^63 for the last of them");
  const bool tested = grid.base.route != sim::RouteKind::statistics;
  const Check* check = check_of(options);
  if (!options.prove.empty()) return parse_proofs(options, std::move(grid), seeds);
  if (options.command.count("--digits-max") > 0)
    throw UsageError("--digits-max", options.digits_max, "only together with --prove");
  if (check) return parse_verdicts(options, *check, std::move(grid), seeds);
  for (const char* own : {"--delta", "--C"})
    if (options.command.count(own) > 0) throw UsageError(own, "", "only together with --check");
  if (const auto* model = other_model(options)) return parse_other_model(options, std::move(grid), seeds, *model);
  if (options.infinite_time && !grid.base.model.empty())
    throw UsageError("--infinite-time", "", "nothing with --model " + grid.base.model);
  if (options.infinite_time && !theory::papers_data(grid.base.parameters))
    throw UsageError("--infinite-time", "",
                     "only the paper's data, whose law it is: no --layout, --plus-share or --flips");
  if (options.command.count("--border") == 0 && options.border.empty())
    return sim::CellSweep(std::move(grid), seeds, options.infinite_time);
  if (options.infinite_time) throw UsageError("--infinite-time", "", "only without --border");
  const sim::Border border = parse_border(options.border);
  if (sim::is_whole(grid.y.name))
    throw UsageError("--y", options.y,
                     "with --border a parameter that is no whole number, as " + grid.y.name +
                         " is: --x may be one, and --y mu, snr, nsnr2, ...");
  if (grid.y.values.size() < 2) throw UsageError("--y", options.y, "with --border at least two values");
  if (!tested && border.of_test())
    throw UsageError("--border", options.border, "no border of the test with --route statistics, which knows none");
  if (border.of_flipped() && grid.base.parameters.flips == theory::Flips::independent)
    throw UsageError("--border", options.border, "with --flips exact: independent flips may leave no flipped label");
  for (long column = 0; column < grid.columns(); ++column)
    if (border.of_flipped() && theory::noise_count(grid.config(column, 0L).parameters) == 0)
      throw UsageError("--border", options.border, "only with flipped labels: --eta is 0");
  return sim::BorderSweep(std::move(grid), seeds, border);
}

}  // namespace benign::proofs

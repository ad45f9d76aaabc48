// benign phase: a sweep over two parameters, as a diagram or as the border of a property.

#include "proofs_check/commands/commands.hpp"
#include "proofs_check/terminal/format.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/terminal/usage_error.hpp"
#include "sim/sweeps/border.hpp"
#include "sim/sweeps/cells.hpp"
#include "sim/sweeps/engine.hpp"
#include "sim/files/folder_lock.hpp"
#include "theory/model/outcome.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <mutex>
#include <sstream>
#include <tbb/info.h>

namespace benign::proofs {
namespace {

using sim::Json;
using theory::Decimal;

/// Merging takes some kilobyte a run.
constexpr long most_cells = 1'000'000, most_runs = 10'000'000;

struct Phase {
  explicit Phase(CLI::App& command) : command(command), shared(command) {}

  CLI::App& command;
  SharedOptions shared;
  std::string x = "d=250:5000:39", y = "mu=5:100:39", model = "exact", border, seeds, threads, out;
  bool infinite_time = false, resume = false, json = false;
};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

/// The option whose value an axis sets.
std::string set_by(const std::string& axis) {
  if (axis == "snr" || axis == "nsnr2") return "mu";
  return axis == "kappa" ? "sigma-w" : axis;
}

/// NAME=LO:HI:COUNT[:log]
sim::Axis parse_axis(const std::string& option, const std::string& text) {
  constexpr const char* form = "NAME=LO:HI:COUNT or NAME=LO:HI:COUNT:log";
  const auto equals = text.find('=');
  if (equals == std::string::npos) throw UsageError(option, text, form);
  const std::string name = text.substr(0, equals);
  const auto& names = sim::axis_names();
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw UsageError(option, text, "one of " + joined(names) + " before the equals sign");
  std::vector<std::string> parts;
  std::stringstream stream(text.substr(equals + 1) + ":");
  for (std::string part; std::getline(stream, part, ':');) parts.push_back(part);
  const bool log = parts.size() == 4 && parts[3] == "log";
  if (parts.size() != 3 && !log) throw UsageError(option, text, form);
  const bool whole = sim::is_whole(name), derived = set_by(name) != name;
  const auto number = [&](const std::string& part) {
    const auto value = Decimal::parse(part);
    const auto in_range = [&] { return abs(value->exact()) <= Decimal("1e18").exact(); };
    if (!value || (whole && (denominator(value->exact()) != 1 || !in_range())))
      throw UsageError(option, text, whole ? "whole numbers LO and HI for " + name : "numbers LO and HI");
    if (name == "n" && numerator(value->exact()) % 2 != 0) throw UsageError(option, text, "even LO and HI for n");
    if (derived && (value->exact() < Decimal("1e-30").exact() || value->exact() > Decimal("1e30").exact()))
      throw UsageError(option, text, "LO and HI from 1e-30 to 1e30 for " + name);
    return *value;
  };
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
  throw UsageError("--border", text, "gap, memorised, memorised_all, fit, test_loss[:LEVEL], test_error[:LEVEL]");
}

/// The configuration with both axes at their first values. Inner products alone wherever the other options allow it:
/// only they make a sweep fast.
sim::RunConfig base_config(const Phase& options, const sim::Axis& x, const sim::Axis& y) {
  std::map<std::string, SharedOptions::Given> fixed;
  for (const auto* axis : {&x, &y}) {
    const std::string option = axis == &x ? "--x" : "--y", set = set_by(axis->name);
    if (options.command.count("--" + set) > 0)
      throw UsageError("--" + set, options.shared.text(set),
                       "nothing beside " + option + " " + axis->name + ", which sets it");
    if (set == axis->name) fixed[set] = {axis->values.front().text(), option + " " + set};
  }
  const auto is = [&](const char* option, const char* value) { return options.shared.text(option).starts_with(value); };
  const bool needs_tokens =
      is("init", "uniform") || is("route", "direct") || is("test", "sample") || options.model != "exact";
  const auto config = options.shared.config("default", needs_tokens ? "" : R"({"data": "gram"})", fixed);
  refuse_auto(config);
  return config;
}

sim::Grid parse_grid(const Phase& options) {
  const sim::Axis x = parse_axis("--x", options.x), y = parse_axis("--y", options.y);
  if (set_by(x.name) == set_by(y.name))
    throw UsageError("--y", options.y, "another parameter than --x's, which sets " + x.name);
  const sim::Grid grid{base_config(options, x, y), x, y};
  for (const auto* axis : {&x, &y}) {
    const std::string option = axis == &x ? "--x" : "--y";
    if (axis->name == "steps" && grid.base.flow)
      throw UsageError(option, "steps", "only without --flow, whose end is that of --tau-max or --log-s-max");
    if (axis->name == "kappa" && grid.base.parameters.init == theory::Init::identity)
      throw UsageError(option, "kappa", "only with a random W0: the identity has kappa = 1");
  }
  if (grid.columns() > most_cells / grid.rows())
    throw UsageError("--y", options.y, "with --x " + options.x + " at most " + std::to_string(most_cells) + " cells");
  for (long column = 0; column < grid.columns(); ++column)
    for (long row = 0; row < grid.rows(); ++row)
      if (const auto wrong = sim::validate(grid.config(column, row)); !wrong.empty()) {
        const auto& x = grid.x.values[static_cast<std::size_t>(column)];
        const auto& y = grid.y.values[static_cast<std::size_t>(row)];
        throw UsageError("at " + grid.x.name + " = " + x.text() + ", " + grid.y.name + " = " + y.text() + ": --" +
                             wrong.front().symbol,
                         wrong.front().value, wrong.front().allowed);
      }
  return grid;
}

std::unique_ptr<sim::Sweep> parse_other_model(const Phase& options, sim::Grid grid, long seeds) {
  std::string allowed = "exact";
  for (const sim::OtherModel& model : other_models()) {
    allowed += ", " + model.name;
    if (model.name != options.model) continue;
    if (options.command.count("--border") > 0) throw UsageError("--border", options.border, "only with --model exact");
    if (options.infinite_time) throw UsageError("--infinite-time", "", "only with --model exact");
    if (grid.base.flow) throw UsageError("--flow", "", "only with --model exact");
    return std::make_unique<sim::CellSweep>(std::move(grid), seeds, model);
  }
  if (other_models().empty()) allowed += " (the program benign_encoder, built where LibTorch is, has others)";
  throw UsageError("--model", options.model, allowed);
}

std::unique_ptr<sim::Sweep> parse_sweep(const Phase& options) {
  sim::Grid grid = parse_grid(options);
  const long cells = grid.columns() * grid.rows();
  const long seeds = options.command.count("--seeds") == 0
                         ? 1
                         : parse_integer("--seeds", options.seeds, 1, std::min(1'000'000L, most_runs / cells));
  if (grid.base.seed > static_cast<std::uint64_t>(std::numeric_limits<long>::max() - seeds))
    throw UsageError("--seed", std::to_string(grid.base.seed), "with --seeds less than 2^63 for the last of them");
  const bool tested = grid.base.route != sim::RouteKind::statistics;
  if (options.model != "exact") return parse_other_model(options, std::move(grid), seeds);
  if (options.command.count("--border") == 0)
    return std::make_unique<sim::CellSweep>(std::move(grid), seeds, options.infinite_time);
  if (options.infinite_time) throw UsageError("--infinite-time", "", "only without --border");
  const sim::Border border = parse_border(options.border);
  if (grid.y.values.size() < 2 || sim::is_whole(grid.y.name))
    throw UsageError("--y", options.y, "with --border at least two values of a parameter that is no whole number");
  if (!tested && (border.kind == sim::BorderKind::test_loss || border.kind == sim::BorderKind::test_error))
    throw UsageError("--border", options.border, "no border of the test with --route statistics, which knows none");
  for (long column = 0; column < grid.columns(); ++column)
    if ((border.kind == sim::BorderKind::memorised || border.kind == sim::BorderKind::memorised_all) &&
        theory::noise_count(grid.config(column, 0L).parameters) == 0)
      throw UsageError("--border", options.border, "only with flipped labels: --eta is 0");
  return std::make_unique<sim::BorderSweep>(std::move(grid), seeds, border);
}

/// Makes the folder and takes it, so that no other process works there, and reads what it holds: nothing finished is
/// lost.
struct SweepFolder {
  std::unique_ptr<sim::FolderLock> lock;
  sim::Resumed resumed;
};
SweepFolder prepare_sweep_folder(const Phase& options, const sim::Sweep& sweep) {
  if (options.out.empty()) throw UsageError("--out", "", "the name of a folder");
  prepare_folder(options.out);
  SweepFolder folder{std::make_unique<sim::FolderLock>(options.out), {}};
  if (!folder.lock->held()) throw UsageError("--out", options.out, "a folder in which no other sweep is at work");
  prepare_file("--out", options.out + "/phase.json");
  if (!sim::holds_sweep(options.out)) return folder;
  if (!options.resume)
    throw UsageError("--out", options.out,
                     "a folder without a sweep in it, or --resume to go on with the one that is there");
  try {
    folder.resumed = sim::resume_from(options.out, sweep);
  } catch (const sim::NotResumable& error) {
    throw UsageError(std::string("--resume: ") + error.what());
  }
  return folder;
}

std::string interval(const Json& of) {
  return shown(of["value"]) + " [" + shown(of["low"]) + ", " + shown(of["high"]) + "], predicted " +
         shown(of["predicted"]);
}

/// How far seeds and law stand apart at infinite time, if that was asked for.
std::string infinite_time_table(const std::vector<Json>& lines) {
  double low = HUGE_VAL, high = -HUGE_VAL, apart = 0;
  for (const Json& line : lines) {
    if (!line.contains("infinite_time_error") || !line["infinite_time_error"]["mean"].is_number()) continue;
    const double error = line["infinite_time_error"]["mean"];
    low = std::min(low, error), high = std::max(high, error);
    if (line["infinite_time_law"].is_number())
      apart = std::max(apart, std::abs(error - line["infinite_time_law"].get<double>()));
  }
  if (!(low <= high)) return "";
  return format("%-18s %12.6g %12.6g, from the law's by at most %.3g\n", "error at s = inf", low, high, apart);
}

std::string cells_table(const Json& description, const std::vector<Json>& lines) {
  std::string text = format("%-18s %12s %12s\n", "", "smallest", "largest");
  for (const char* quantity : {"train_accuracy", "train_loss", "test_accuracy", "test_loss", "attention_noisy"}) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const Json& line : lines)
      if (const Json& mean = line[quantity]["mean"]; mean.is_number())
        low = std::min(low, mean.get<double>()), high = std::max(high, mean.get<double>());
    if (low <= high) text += format("%-18s %12.6g %12.6g\n", quantity, low, high);
  }
  text += infinite_time_table(lines);
  text += "Runs by outcome:";
  for (const char* outcome : theory::outcome_names) {
    long count = 0;
    for (const Json& line : lines) count += line["regimes"][outcome]["count"].get<long>();
    text += format(" %s %ld,", outcome, count);
  }
  text.back() = '\n';
  const auto& x = description["x"];
  const auto& y = description["y"];
  return format("%zu x %zu cells over %s and %s\n", x["values"].size(), y["values"].size(),
                x["name"].get<std::string>().c_str(), y["name"].get<std::string>().c_str()) +
         text;
}

std::string border_table(const Json& description, const std::vector<Json>& lines, const Json& conclusion) {
  const auto name = [&](const char* axis) { return description[axis]["name"].get<std::string>(); };
  std::string text = format("%14s %14s %14s %14s %14s %14s %10s\n", name("x").c_str(), name("y").c_str(), "low", "high",
                            "predicted", "n SNR^2", "crossed");
  for (const Json& line : lines)
    text += format("%14s %14s %14s %14s %14s %14s %6ld/%ld\n", shown(line["x"]).c_str(), shown(line["y"]).c_str(),
                   shown(line["low"]).c_str(), shown(line["high"]).c_str(), shown(line["predicted"]).c_str(),
                   shown(line["n_snr2"]).c_str(), line["crossed"].get<long>(), line["seeds"].get<long>());
  if (conclusion.is_null()) return text;
  text += "exponent in " + conclusion["law"].get<std::string>() + ": " + interval(conclusion["exponent"]) + "\n";
  if (conclusion.contains("motion"))
    text += "slope of " + conclusion["motion"]["slope_of"].get<std::string>() + ": " + interval(conclusion["motion"]) +
            "\n";
  return text;
}

int report(const Phase& options, const sim::Sweep& sweep, const sim::SweepResult& result, int threads, int ranks) {
  const Json description = sweep.description();
  const long done = sweep.units() - result.done_before;
  const double rate = result.wall_s > 0 ? static_cast<double>(done) / result.wall_s : 0;
  const bool border = description.contains("border");
  if (options.json) {
    Json json = description;
    json["threads"] = threads, json["ranks"] = ranks, json["units"] = sweep.units();
    json["done_before"] = result.done_before, json["wall_s"] = result.wall_s, json["unit_s"] = result.unit_s;
    json["units_per_second"] = rate;
    json[border ? "columns" : "cells"] = result.lines;
    if (border) json["fit"] = result.conclusion;
    print(json.dump(2) + "\n");
    return as_expected;
  }
  std::string text =
      border ? border_table(description, result.lines, result.conclusion) : cells_table(description, result.lines);
  text += format("%ld %s in %.3g s: %.3g a second", done, border ? "borders" : "runs", result.wall_s, rate);
  text += ranks > 1 ? format(" on %d ranks\n", ranks) : format(" on %d thread%s\n", threads, threads == 1 ? "" : "s");
  if (result.done_before > 0) text += format("%ld were there already\n", result.done_before);
  if (!options.out.empty()) text += "Records in " + options.out + "; 'benign plot " + options.out + "' draws them\n";
  print(text);
  return as_expected;
}

/// Every rank reads the options and finds the same errors: rank 0 alone speaks, and looks at the folder.
int run_on(const sim::Cluster& cluster, const Phase& options) {
  const bool first = cluster.rank() == 0, out_given = options.command.count("--out") > 0;
  std::unique_ptr<sim::Sweep> sweep;
  SweepFolder folder;
  int threads = 1;
  std::optional<UsageError> refused;
  try {
    sweep = parse_sweep(options);
    threads = options.command.count("--threads") == 0
                  ? tbb::info::default_concurrency()
                  : static_cast<int>(parse_integer("--threads", options.threads, 1, 1024));
    if (!out_given && options.resume) throw UsageError("--resume", "", "only together with --out");
    if (!out_given && cluster.size() > 1) throw UsageError("--out", "", "under mpirun a folder that all machines see");
    if (out_given && first) folder = prepare_sweep_folder(options, *sweep);
  } catch (const UsageError& error) {
    refused = error;
  }
  std::vector<long> may_go{!refused};
  cluster.share(may_go);
  if (may_go[0] == 0 && !first) return as_expected;  // the job's status is that of rank 0
  if (refused) throw *refused;

  std::optional<Progress> bar;
  std::mutex drawing;
  const auto result = sim::run_sweep(*sweep, cluster, {options.out, threads, folder.resumed}, [&](long taken, long of) {
    const std::scoped_lock one_at_a_time(drawing);
    if (!bar) bar.emplace("phase", of);
    bar->show(taken);
  });
  bar.reset();
  return first ? report(options, *sweep, result, threads, cluster.size()) : as_expected;
}

int run(const Phase& options) {
  const sim::Cluster cluster;
  const auto end_all = [&](const std::exception& error, int status) {  // the others may wait for this rank
    std::fprintf(stderr, "benign phase: rank %d: %s\n", cluster.rank(), error.what());
    cluster.abort(status);
  };
  try {
    return run_on(cluster, options);
  } catch (const UsageError& error) {
    if (cluster.rank() == 0) throw;
    end_all(error, bad_usage);  // another machine, with less memory
  } catch (const std::exception& error) {
    if (cluster.size() == 1) throw;
    end_all(error, unfinished);
  }
  return unfinished;
}

}  // namespace

std::vector<sim::OtherModel>& other_models() {
  static std::vector<sim::OtherModel> models;
  return models;
}

void add_phase(CLI::App& program, int& status) {
  CLI::App* command =
      program.add_subcommand("phase", "Sweep two parameters: a phase diagram, or the border of a property");
  command->footer(
      "NAME is one of d, mu, snr, nsnr2 (n SNR^2), n, eta, rho, T, kappa, sigma, log-s-max, steps; COUNT values from "
      "LO\n"
      "to HI, with ':log' in equal ratios. Without --x and --y: the paper's grid of d and mu. --data is gram unless "
      "the\n"
      "other options need tokens (--init uniform, --route direct, --test sample:M).\n"
      "--border: for each x the y at which a property begins or ends, with a bootstrap interval over seeds: gap (both\n"
      "mu.q reach log T), memorised (all flipped labels of one class right), memorised_all, fit (all labels right),\n"
      "test_loss[:LEVEL], test_error[:LEVEL].\n"
      "Examples:\n"
      "  benign phase --out diagram && benign plot diagram            the paper's heatmaps\n"
      "  benign phase --x d=1e3:1e12:10:log --y snr=1e-3:1:13:log --seeds 20 --flow --log-s-max 20 --out wide\n"
      "  benign phase --border gap --x log-s-max=10:1000:5:log --y nsnr2=1e-3:10:5:log --d 1e10 --flow --seeds 5\n"
      "  benign phase --out diagram --resume                          go on after an interruption\n"
      "  mpirun -np 8 benign phase --seeds 100 --out /shared/diagram  on several machines");
  auto options = std::make_shared<Phase>(*command);
  command->add_option("--x", options->x, "first parameter (default d=250:5000:39)")
      ->type_name("NAME=LO:HI:COUNT[:log]");
  command->add_option("--y", options->y, "second parameter (default mu=5:100:39)")->type_name("NAME=LO:HI:COUNT[:log]");
  command->add_option("--model", options->model, "exact (default), or what 'benign_encoder phase --help' says")
      ->type_name("NAME");
  command->add_option("--seeds", options->seeds, "runs of each cell, with seeds from --seed on (default 1)")
      ->type_name("S");
  command->add_option("--border", options->border, "find the border of a property in place of cells")
      ->type_name("PROPERTY");
  command->add_flag("--infinite-time", options->infinite_time,
                    "also the test error at infinite time: along each run's limit direction, and the law's");
  command->add_option("--threads", options->threads, "threads of this machine (default all)")->type_name("K");
  command->add_option("--out", options->out, "write phase.json and cells.jsonl (or border.jsonl) to DIR")
      ->type_name("DIR");
  command->add_flag("--resume", options->resume, "go on with the sweep that DIR holds");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace benign::proofs

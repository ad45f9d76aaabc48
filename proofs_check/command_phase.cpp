// benign phase: a sweep over two parameters, as a diagram or as the border of a property.

#include "proofs_check/commands.hpp"
#include "proofs_check/format.hpp"
#include "proofs_check/options.hpp"
#include "proofs_check/progress.hpp"
#include "proofs_check/usage_error.hpp"
#include "sim/border.hpp"
#include "sim/cells.hpp"
#include "sim/engine.hpp"
#include "theory/outcome.hpp"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <sstream>
#include <tbb/info.h>

namespace benign::proofs {
namespace {

using sim::Json;
using theory::Decimal;

struct Phase {
  explicit Phase(CLI::App& command) : command(command), shared(command) {}

  CLI::App& command;
  SharedOptions shared;
  std::string x = "d=250:5000:39", y = "mu=5:100:39", border, seeds, threads, out;
  bool resume = false, json = false;
};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
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
  const auto number = [&](const std::string& part) {
    const auto value = Decimal::parse(part);
    if (!value || (sim::is_whole(name) && denominator(value->exact()) != 1))
      throw UsageError(option, text, sim::is_whole(name) ? "whole numbers LO and HI for " + name : "numbers LO and HI");
    return *value;
  };
  const Decimal low = number(parts[0]), high = number(parts[1]);
  const long count = parse_integer(option + " " + text + ": COUNT", parts[2], 1, 100'000);
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
    return {choice.value, parse_decimal("--border", text.substr(colon + 1), "a level after the colon").as<double>()};
  }
  throw UsageError("--border", text, "gap, memorised, memorised_all, fit, test_loss[:LEVEL], test_error[:LEVEL]");
}

/// Inner products alone wherever the other options allow it: only they make a sweep fast.
sim::RunConfig base_config(const Phase& options) {
  const auto is = [&](const char* option, const std::string& value) {
    return options.command.count(option) > 0 && options.command[option]->results().back().starts_with(value);
  };
  const bool needs_tokens = is("--init", "uniform") || is("--route", "direct") || is("--test", "sample");
  return needs_tokens ? options.shared.config() : options.shared.config("default", R"({"data": "gram"})");
}

sim::Grid parse_grid(const Phase& options) {
  sim::Grid grid{base_config(options), parse_axis("--x", options.x), parse_axis("--y", options.y)};
  const auto sets_mu = [](const std::string& name) { return name == "mu" || name == "snr" || name == "nsnr2"; };
  if (grid.x.name == grid.y.name || (sets_mu(grid.x.name) && sets_mu(grid.y.name)))
    throw UsageError("--y", options.y, "another parameter than --x's, which sets " + grid.x.name);
  for (const auto* axis : {&grid.x, &grid.y}) {
    const std::string option = axis == &grid.x ? "--x" : "--y";
    if (axis->name == "log-s-max" && !grid.base.flow)
      throw UsageError(option, "log-s-max", "only together with --flow");
    if (axis->name == "kappa" && grid.base.parameters.init == theory::Init::identity)
      throw UsageError(option, "kappa", "only with a random W0: the identity has kappa = 1");
  }
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

std::unique_ptr<sim::Sweep> parse_sweep(const Phase& options) {
  sim::Grid grid = parse_grid(options);
  const long seeds = options.seeds.empty() ? 1 : parse_integer("--seeds", options.seeds, 1, 1'000'000);
  const bool tested = grid.base.route != sim::RouteKind::statistics;
  if (options.border.empty()) return std::make_unique<sim::CellSweep>(std::move(grid), seeds);
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

/// Makes the folder, and sees to it that nothing finished is lost.
void prepare_sweep_folder(const Phase& options, const sim::Sweep& sweep) {
  if (options.out.empty()) throw UsageError("--out", "", "the name of a folder");
  prepare_folder(options.out);
  prepare_file("--out", options.out + "/phase.json");
  if (!sim::holds_sweep(options.out)) return;
  if (!options.resume)
    throw UsageError("--out", options.out,
                     "a folder without a sweep in it, or --resume to go on with the one that is there");
  try {
    sim::is_merged(options.out, sweep);
    sim::read_shards(options.out, sweep);
  } catch (const sim::NotResumable& error) {
    throw UsageError(std::string("--resume: ") + error.what());
  }
}

std::string shown(const Json& value) { return value.is_null() ? "-" : format("%.6g", value.get<double>()); }

std::string interval(const Json& of) {
  return shown(of["value"]) + " [" + shown(of["low"]) + ", " + shown(of["high"]) + "], predicted " +
         shown(of["predicted"]);
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

/// Under mpirun every rank reads the options; rank 0 alone speaks, and looks at the folder.
int run(const Phase& options) {
  const sim::Cluster cluster;
  const bool first = cluster.rank() == 0;
  std::unique_ptr<sim::Sweep> sweep;
  int threads = 1;
  std::vector<long> may_go{1};
  std::optional<UsageError> refused;
  try {
    sweep = parse_sweep(options);
    threads = options.threads.empty() ? tbb::info::default_concurrency()
                                      : static_cast<int>(parse_integer("--threads", options.threads, 1, 1024));
    if (options.command.count("--out") == 0 && options.resume)
      throw UsageError("--resume", "", "only together with --out");
    if (options.command.count("--out") == 0 && cluster.size() > 1)
      throw UsageError("--out", "", "under mpirun a folder that all machines see");
    if (options.command.count("--out") > 0 && first) prepare_sweep_folder(options, *sweep);
  } catch (const UsageError& error) {
    refused = error;
    may_go[0] = 0;
  }
  cluster.share(may_go);
  if (refused && first) throw *refused;
  if (refused || may_go[0] == 0) return bad_usage;

  const auto go = [&] {
    Progress bar("phase", sweep->units());
    std::mutex drawing;
    return sim::run_sweep(*sweep, cluster, {options.out, options.resume, threads}, [&](long taken) {
      const std::scoped_lock lock(drawing);
      bar.show(taken);
    });
  };
  if (cluster.size() == 1) return report(options, *sweep, go(), threads, 1);
  try {
    const auto result = go();
    return first ? report(options, *sweep, result, threads, cluster.size()) : as_expected;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "benign phase: %s\n", error.what());
    cluster.abort(unfinished);  // the others wait for this rank
  }
}

}  // namespace

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
  command->add_option("--seeds", options->seeds, "runs of each cell, with seeds from --seed on (default 1)")
      ->type_name("S");
  command->add_option("--border", options->border, "find the border of a property in place of cells")
      ->type_name("PROPERTY");
  command->add_option("--threads", options->threads, "threads of this machine (default all)")->type_name("K");
  command->add_option("--out", options->out, "write phase.json and cells.jsonl (or border.jsonl) to DIR")
      ->type_name("DIR");
  command->add_flag("--resume", options->resume, "go on with the sweep that DIR holds");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace benign::proofs

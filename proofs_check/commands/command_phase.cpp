// benign phase: a sweep over two parameters, as a diagram or as the border of a property.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/commands/sweep_options.hpp"
#include "proofs_check/commands/sweep_report.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/sweeps/engine.hpp"
#include "sim/files/folder_lock.hpp"

#include <cstdio>
#include <mutex>
#include <tbb/info.h>

namespace benign::proofs {
namespace {

using sim::Json;

/// Makes the folder and takes it, so that no other process works there, and reads what it holds: nothing finished is
/// lost.
template <class S>
struct SweepFolder {
  std::unique_ptr<sim::FolderLock> lock;
  sim::Resumed<S> resumed;
};
template <class S>
SweepFolder<S> prepare_sweep_folder(const Phase& options, const S& sweep) {
  prepare_folder(options.out);
  SweepFolder<S> folder{std::make_unique<sim::FolderLock>(options.out), {}};
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

template <class S>
std::string json_report(const S& sweep, const sim::SweepResult<S>& result, double rate, int threads, int ranks) {
  constexpr bool borders = std::is_same_v<S, sim::BorderSweep>;
  Json json = sweep.description();
  json["threads"] = threads, json["ranks"] = ranks, json["units"] = sweep.units();
  json["done_before"] = result.done_before, json["wall_s"] = result.wall_s, json["unit_s"] = result.unit_s;
  json["units_per_second"] = rate;
  Json& lines = json[borders ? "columns" : "cells"] = Json::array();
  for (const auto& line : result.merged.lines) lines.push_back(sweep.line_json(line));
  if (borders)
    json["fit"] = result.merged.conclusion ? sweep.conclusion_json(*result.merged.conclusion) : Json(nullptr);
  return json.dump(2) + "\n";
}

template <class S>
int report(const Phase& options, const S& sweep, const sim::SweepResult<S>& result, int threads, int ranks) {
  const long done = sweep.units() - result.done_before;
  const double rate = result.wall_s > 0 ? static_cast<double>(done) / result.wall_s : 0;
  if (options.json) {
    print(json_report(sweep, result, rate, threads, ranks));
    return as_expected;
  }
  std::string text = sweep_table(sweep, result.merged);
  text += format("%ld %s in %.3g s: %.3g a second", done, std::is_same_v<S, sim::BorderSweep> ? "borders" : "runs",
                 result.wall_s, rate);
  text += ranks > 1 ? format(" on %d ranks\n", ranks) : format(" on %d thread%s\n", threads, threads == 1 ? "" : "s");
  if (result.done_before > 0) text += format("%ld were there already\n", result.done_before);
  if (!options.out.empty()) text += "Records in " + options.out + "; 'benign plot " + options.out + "' draws them\n";
  print(text);
  return as_expected;
}

/// What `find` finds on every rank, or its UsageError on rank 0, which alone speaks: then nothing on the others, for the
/// job's status is that of rank 0.
template <class Find>
auto on_all_ranks(const sim::Cluster& cluster, const Find& find) -> std::optional<decltype(find())> {
  std::optional<decltype(find())> found;
  std::optional<UsageError> refused;
  try {
    found.emplace(find());
  } catch (const UsageError& error) {
    refused = error;
  }
  std::vector<long> may_go{!refused};
  cluster.share(may_go);
  if (may_go[0] == 0 && cluster.rank() != 0) return std::nullopt;
  if (refused) throw *refused;
  return found;
}

template <class S>
int run_and_report(const sim::Cluster& cluster, const Phase& options, const S& sweep, int threads) {
  const bool first = cluster.rank() == 0;
  const auto folder = on_all_ranks(
      cluster, [&] { return first && !options.out.empty() ? prepare_sweep_folder(options, sweep) : SweepFolder<S>(); });
  if (!folder) return as_expected;
  std::optional<Progress> bar;
  std::mutex drawing;
  const sim::EngineOptions<S> engine{options.out, threads, folder->resumed};
  const auto result = sim::run_sweep(sweep, cluster, engine, [&](long taken, long of) {
    const std::scoped_lock one_at_a_time(drawing);
    if (!bar) bar.emplace("phase", of);
    bar->show(taken);
  });
  bar.reset();
  return first ? report(options, sweep, result, threads, cluster.size()) : as_expected;
}

int run_on(const sim::Cluster& cluster, const Phase& options) {
  int threads = 1;
  const auto sweep = on_all_ranks(cluster, [&] {
    auto parsed = parse_sweep(options);
    threads = options.command.count("--threads") == 0
                  ? tbb::info::default_concurrency()
                  : static_cast<int>(parse_integer("--threads", options.threads, 1, 1024));
    const bool out_given = options.command.count("--out") > 0;
    if (out_given && options.out.empty()) throw UsageError("--out", "", "the name of a folder");
    if (!out_given && options.resume) throw UsageError("--resume", "", "only together with --out");
    if (!out_given && cluster.size() > 1) throw UsageError("--out", "", "under mpirun a folder that all machines see");
    return parsed;
  });
  if (!sweep) return as_expected;
  return std::visit([&](const auto& one) { return run_and_report(cluster, options, one, threads); }, *sweep);
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

const RegisterCommand phase_command("phase", add_phase);

}  // namespace

}  // namespace benign::proofs

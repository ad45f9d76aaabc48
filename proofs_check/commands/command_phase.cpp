// benign phase: a sweep over two parameters, as a diagram or as the border of a property.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/commands/sweep_options.hpp"
#include "proofs_check/commands/sweep_report.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/terminal/ranks.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "proofs_check/framework/cost.hpp"
#include "proofs_check/report/proof_diagram.hpp"
#include "proofs_check/report/verdict_diagram.hpp"
#include "sim/sweeps/engine.hpp"
#include "sim/files/folder_lock.hpp"

#include <algorithm>
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
int report(const Phase& options, const S& sweep, const sim::SweepResult<S>& result, const Workers& workers) {
  if (options.json) {
    print(sweep_json(sweep, result, workers).dump(2) + "\n");
  } else {
    std::string text = sweep_text(sweep, result, workers);
    if (!options.out.empty()) {
      const std::string folder = one_line(options.out);
      text += "Records in " + folder + "; 'benign plot " + folder + "' draws them\n";
    }
    print(text);
  }
  if constexpr (std::is_same_v<S, sim::ProofSweep>) return exit_status(result.merged.lines);
  if constexpr (std::is_same_v<S, sim::VerdictSweep>) return exit_status(sweep, result.merged.lines);
  return as_expected;
}

/// What a rank was given, where its options are allowed.
struct Asked {
  AnySweep sweep;
  int threads = 1;  ///< each machine's own
};
Asked read_options(const sim::Cluster& cluster, const Phase& options) {
  const bool out_given = options.command.count("--out") > 0;
  Asked asked{parse_sweep(options), tbb::info::default_concurrency()};
  if (options.command.count("--threads") > 0)
    asked.threads = static_cast<int>(parse_integer("--threads", options.threads, 1, 1024));
  if (out_given && options.out.empty()) throw UsageError("--out", "", "the name of a folder");
  if (!out_given && options.resume) throw UsageError("--resume", "", "only together with --out");
  if (!out_given && cluster.size() > 1) throw UsageError("--out", "", "under mpirun a folder that all machines see");
  return asked;
}

/// All that decides a sweep, and where it goes.
Json description_of(const Phase& options, const Asked& asked) {
  Json given = std::visit([](const sim::Sweep& sweep) { return sweep.description(); }, asked.sweep);
  given["--out"] = options.out, given["--resume"] = options.resume;
  return given;
}

/// Seconds on one core, about, from a hundred of the units; a border takes some thirty runs beyond its rows, and a claim
/// what its check takes beyond the run.
double expected_seconds(const sim::Sweep& sweep) {
  const auto* verdicts = dynamic_cast<const sim::VerdictSweep*>(&sweep);
  const bool proved = dynamic_cast<const sim::ProofSweep*>(&sweep) != nullptr;
  const long units = sweep.units(), looked_at = std::min(100L, units);
  double seconds = 0;
  for (long k = 0; k < looked_at; ++k) {
    const sim::RunConfig config = sweep.config(k * units / looked_at);
    seconds += verdicts ? seconds_of_unit(*verdicts, config)
               : proved ? seconds_of_proof(config)
                        : proofs::expected_seconds(config);
  }
  const bool border = dynamic_cast<const sim::BorderSweep*>(&sweep) != nullptr;
  return seconds / static_cast<double>(looked_at) * static_cast<double>(units) * (border ? 15 : 1);
}

template <class S>
int run_and_report(const sim::Cluster& cluster, const Phase& options, const S& sweep, int threads) {
  const bool first = cluster.rank() == 0;
  SweepFolder<S> folder;
  std::optional<UsageError> refused;
  if (first && !options.out.empty()) try {
      folder = prepare_sweep_folder(options, sweep);
    } catch (const UsageError& error) {
      refused = error;
    }
  if (!may_go_on(cluster, refused)) return as_expected;

  if (const double seconds = expected_seconds(sweep) / (threads * cluster.size()); first && seconds > a_minute)
    note("benign phase", std::to_string(sweep.units()) + " units take " + about(seconds) + " on " +
                             std::to_string(threads * cluster.size()) + " threads; Ctrl-C stops, --resume goes on");
  std::optional<Progress> bar;
  std::mutex drawing;
  const auto watch = [&](long taken, long of) {
    const std::scoped_lock one_at_a_time(drawing);
    if (!bar) bar.emplace("phase", of);
    bar->show(taken);
  };
  const sim::EngineOptions<S> engine{options.out, threads, std::move(folder.resumed)};
  const auto result = sim::run_sweep(sweep, cluster, engine, watch);
  bar.reset();
  return first ? report(options, sweep, result, {threads, cluster.size()}) : as_expected;
}

int run_on(const sim::Cluster& cluster, const Phase& options) {
  const auto asked = agreed(
      cluster, [&] { return read_options(cluster, options); },
      [&](const Asked& read) { return description_of(options, read); });
  if (!asked) return as_expected;
  return std::visit([&](const auto& sweep) { return run_and_report(cluster, options, sweep, asked->threads); },
                    asked->sweep);
}

int run(Phase& options) {
  if (const std::string model = options.shared.text("model"); !model.empty()) options.model = model;
  if (options.resume) take_from_folder(options);
  return on_every_rank("benign phase", [&](const sim::Cluster& cluster) { return run_on(cluster, options); });
}

int refuse(const std::string& message) { return refuse_on_every_rank("benign phase", message); }

/// What is asked of each cell beside a run.
void add_claims(CLI::App& command, Phase& options) {
  command.add_option("--check", options.check, "judge a check of 'benign list' in each cell")->type_name("CHECK");
  command
      .add_option("--prove", options.prove, "prove or refute a claim of 'benign prove' in each cell; may be repeated")
      ->type_name("'CLAIM'")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--digits-max", options.digits_max, "with --prove: give up beyond so many digits")
      ->type_name("100");
  command.add_option("--delta", options.delta, "with --check: failure probability (default 0.01)")->type_name("DELTA");
  command.add_option("--C", options.constants, "with --check: the constant of a claim, or of its hypotheses")
      ->type_name("ID=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_phase(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand(
      "phase", "Sweep two parameters: a phase diagram, the border of a property, or where a claim holds or is proved");
  command->footer(
      "NAME is one of d, mu, snr, nsnr2 (n SNR^2), n, eta, rho, T, kappa, sigma, log-s-max, steps; COUNT values from "
      "LO\n"
      "to HI, with ':log' in equal ratios. Without --x and --y: the paper's grid of d and mu. --data is gram unless "
      "the\n"
      "other options need tokens (--init uniform, --route direct, --test sample:M).\n"
      "--border: for each x the y at which a property begins or ends, with a bootstrap interval over seeds: gap (both\n"
      "mu.q reach log T), memorised (all flipped labels of one class right), memorised_half, memorised_all, fit (all\n"
      "labels right), test_loss[:LEVEL] (0.547 unless given, half way from log 2 to the head's floor), "
      "test_error[:LEVEL]\n"
      "(0.25 unless given).\n"
      "--check: in each cell the verdict of one check of 'benign list', its margin and the C that its claim needs; "
      "exit\n"
      "status 1 where it is violated unexpectedly, 3 where no cell meets its hypotheses or one stays undecided.\n"
      "--prove: each claim of 'benign prove' is proved, refuted or left undecided in every cell, and its value in "
      "double\n"
      "stands beside; 'regime' stands for train_accuracy>=1, margin_noisy_max<=0 and test_error<0.05. Exit status 3 "
      "where\n"
      "one is undecided.\n"
      "Examples:\n"
      "  benign phase --out diagram && benign plot diagram            the paper's heatmaps\n"
      "  benign phase --x d=1e3:1e12:10:log --y snr=1e-3:1:13:log --seeds 20 --flow --log-s-max 20 --out wide\n"
      "  benign phase --border gap --x log-s-max=10:1000:5:log --y nsnr2=1e-3:10:5:log --d 1e10 --flow --seeds 5\n"
      "  benign phase --check gap.clean_above --x d=1e3:1e5:9:log --y nsnr2=0.1:10:9:log --out verdicts\n"
      "  benign phase --prove regime --x d=500:4500:5 --y mu=5:85:5 --out proved && benign plot proved\n"
      "  benign phase --out diagram --resume                          go on after an interruption, with the same "
      "options\n"
      "  mpirun -np 8 benign phase --seeds 100 --out /shared/diagram  on several machines");
  auto options = std::make_shared<Phase>(*command);
  command->add_option("--x", options->x, "first parameter (default d=250:5000:39)")
      ->type_name("NAME=LO:HI:COUNT[:log]");
  command->add_option("--y", options->y, "second parameter (default mu=5:100:39)")->type_name("NAME=LO:HI:COUNT[:log]");
  command->add_option("--seeds", options->seeds, "runs of each cell, with seeds from --seed on (default 1)")
      ->type_name("S");
  command->add_option("--border", options->border, "find the border of a property in place of cells")
      ->type_name("PROPERTY");
  add_claims(*command, *options);
  command->add_flag("--infinite-time", options->infinite_time,
                    "also the test error at infinite time: along each run's limit direction, and the law's");
  command->add_option("--threads", options->threads, "threads of this machine (default all)")->type_name("K");
  command->add_option("--out", options->out, "write phase.json and cells.jsonl (or border.jsonl) to DIR")
      ->type_name("DIR");
  command->add_flag("--resume", options->resume, "go on with the sweep that DIR holds, and with its options");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

const RegisterCommand phase_command("phase", add_phase, refuse);

}  // namespace

}  // namespace benign::proofs

// benign check: verdicts on a configuration.

#include "proofs_check/report/asked_checks.hpp"
#include "proofs_check/commands/optional_checks.hpp"
#include "proofs_check/commands/verdicts.hpp"
#include "proofs_check/report/baseline.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/report/report.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "proofs_check/framework/cost.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace benign::proofs {
namespace {

struct CheckOptions {
  explicit CheckOptions(CLI::App& command) : shared(command) {}

  SharedOptions shared;
  std::string only, delta, seeds, out, baseline, write_baseline;
  std::vector<std::string> constants;
  bool json = false, studies = false, no_studies = false, only_given = false, out_given = false, baseline_given = false,
       write_baseline_given = false;
};

/// Those of --only; without it those of the baseline that there are, and without a baseline all.
std::vector<const Check*> chosen_checks(const CheckOptions& options, const std::optional<Baseline>& baseline) {
  std::vector<const Check*> chosen;
  if (options.only_given) {
    for (const std::string& id : split(options.only))
      for (const Check* check : find_checks("--only", id)) chosen.push_back(check);
    if (chosen.empty()) find_checks("--only", "");
  } else if (baseline) {
    for (const Bound& bound : baseline->checks)
      for (const Check& check : registry())
        if (check.id == bound.id) chosen.push_back(&check);
  } else {
    for (const Check& check : registry()) chosen.push_back(&check);
  }
  return chosen;
}

/// What the command line says about studies and constants.
void apply(const CheckOptions& options, Laboratory& laboratory) {
  if (!options.seeds.empty()) laboratory.seeds = parse_integer("--seeds", options.seeds, 1, 1'000'000);
  give_terms(laboratory, options.delta, options.constants);
}

/// All that verdicts depend on, by name.
sim::Json setting_of(const Laboratory& laboratory) {
  sim::Json setting = sim::config_json(laboratory.config);
  setting["seeds"] = laboratory.seeds;
  setting["delta"] = laboratory.delta;
  for (const auto& [id, C] : laboratory.constants) setting["C of " + id] = constant_json(C);
  return setting;
}

/// Throws UsageError where the settings differ: margins of another setting say nothing about a regression.
void require_same_setting(const std::string& where, const Laboratory& written, const Laboratory& asked) {
  const sim::Json before = setting_of(written), now = setting_of(asked);
  const auto shown = [](const sim::Json& setting, const std::string& key) {
    return setting.contains(key) ? setting[key].dump() : "unset";
  };
  for (const sim::Json& setting : {before, now})
    for (const auto& [key, value] : setting.items())
      if (const auto was = shown(before, key), is = shown(now, key); was != is)
        throw UsageError(where + ": written with " + key + " = " + was + ", not " + is +
                         "; a baseline is compared with its own setting only");
}

struct Task {
  Laboratory laboratory = {};
  std::optional<Baseline> baseline = {};
  std::vector<const Check*> checks = {};
};

Task task_of(const CheckOptions& options) {
  Task task;
  if (!options.baseline_given) {
    task.checks = chosen_checks(options, task.baseline);
    task.laboratory.config = options.shared.config();
    refuse_what_simulate_alone_takes(task.laboratory.config);
    if (!options.only_given)
      std::erase_if(task.checks, [&](const Check* check) { return check->model != task.laboratory.config.model; });
    apply(options, task.laboratory);
    return task;
  }
  const std::string where = "--baseline " + options.baseline;
  const std::string text = read_text(where, options.baseline);
  task.baseline = parse_baseline(where, text);
  task.checks = chosen_checks(options, task.baseline);
  if (options.only_given)
    std::erase_if(task.baseline->checks, [only = split(options.only)](const Bound& bound) {
      return std::none_of(only.begin(), only.end(), [&](const std::string& name) { return names(name, bound.id); });
    });
  Laboratory written;
  written.seeds = task.baseline->seeds, written.delta = task.baseline->delta;
  written.constants = task.baseline->constants;
  task.laboratory = written;
  written.config = config_from_json(where, text);
  task.laboratory.config = options.shared.config(where, text);
  apply(options, task.laboratory);
  require_same_setting(where, written, task.laboratory);
  return task;
}

/// Makes sure that what is asked for can be written.
void prepare_files(const CheckOptions& options) {
  if (options.baseline_given && options.write_baseline_given)
    throw UsageError("--write-baseline", options.write_baseline, "either --baseline or --write-baseline");
  if (options.write_baseline_given) prepare_file("--write-baseline", options.write_baseline);
  if (!options.out_given) return;
  if (options.out.empty()) throw UsageError("--out", "", "the name of a folder");
  prepare_folder(options.out);
  prepare_file("--out", options.out + "/check.json");
}

/// What is left out, taken out of the task and its baseline. Throws UsageError where nothing is left.
std::vector<const Check*> leave_out(const CheckOptions& options, Task& task) {
  const Wanted wanted{options.studies || options.only_given || options.baseline_given, !options.seeds.empty(),
                      options.no_studies};
  auto out = leave_out(task.checks, wanted, task.laboratory);
  if (task.checks.empty()) throw UsageError("--no-studies leaves none of the checks asked for");
  if (task.baseline)
    std::erase_if(task.baseline->checks, [&](const Bound& bound) {
      return std::any_of(out.begin(), out.end(), [&](const Check* check) { return check->id == bound.id; });
    });
  return out;
}

int run(const CheckOptions& options) {
  Task task = task_of(options);
  const auto out = leave_out(options, task);
  const Laboratory& laboratory = task.laboratory;  // by name: a lambda takes no structured binding
  const auto& baseline = task.baseline;
  const auto& checks = task.checks;
  prepare_files(options);
  if (const double seconds = expected_wall_seconds(checks, laboratory); seconds > a_minute)
    note("benign check", "these checks take " + about(seconds) + "; --no-studies leaves the studies out");
  if (!options.json) print(report_head(laboratory));
  const bool coloured = wants_colours(STDOUT_FILENO);
  const auto judgements = Verdicts(checks, [&](const Judgement& judgement) {
                            if (!options.json) print(report_line(judgement, laboratory, coloured));
                          }).judge_all(laboratory);

  std::string text = report_foot(judgements, laboratory) + offer(out, laboratory);
  sim::Json json = report_json(judgements, laboratory);
  for (const Check* check : out) json["left_out"].push_back(check->id);
  bool worse = false;
  if (baseline) {
    const Comparison comparison = compare(baseline->checks, judgements);
    worse = !comparison.regressions.empty();
    text += comparison_text(comparison);
    json.update(comparison_json(comparison));
  }
  if (options.write_baseline_given) sim::write_whole(options.write_baseline, baseline_text(judgements, laboratory));
  if (options.out_given) sim::write_whole(options.out + "/check.json", json.dump(2));
  print(options.json ? json.dump(2) + "\n" : text);
  return worse ? unexpected : exit_status(judgements);
}

void add_check(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand("check", "Run the checks against a configuration and print verdicts");
  command->footer(
      "Verdicts: proved (an enclosure), holds (margin > error), violated (margin < -error), undecided, vacuous (a\n"
      "hypothesis is unmet).\n"
      "Exit status: 0 all as expected, 1 not as expected or worse than the baseline, 2 bad usage, 3 undecided, 4 could "
      "not finish.\n"
      "Examples:\n"
      "  benign check                                     the paper's balanced setting, in seconds\n"
      "  benign check --seed 1 --seeds 40                 with the studies over seeds 1 to 40\n"
      "  benign list --long gap.clean_above               what a check says, and where it is derived\n"
      "  benign check --d 1000 --mu 100 --only descent.stability,descent.outcome\n"
      "  benign check --only assumption.A1 --C assumption.A1=0.05 --json\n"
      "  benign check --out run; benign plot run          all margins in one picture\n"
      "  benign check --seed 1 --write-baseline bounds.json\n"
      "  benign check --baseline bounds.json              later: status 1 if a check got worse");
  auto options = std::make_shared<CheckOptions>(*command);
  command->add_option("--only", options->only, "only these checks, or all below fig3, invariant, ...")
      ->type_name("ID,...");
  command->add_option("--seeds", options->seeds, "seeds of a study, counted up from --seed (default 40)")
      ->type_name("S");
  command->add_flag("--studies", options->studies,
                    "the studies, too: what needs runs over many seeds; so do --seeds, --only ID and --baseline");
  command->add_flag("--no-studies", options->no_studies, "leave them out whatever else is given");
  command->add_option("--delta", options->delta, "failure probability of probabilistic statements (default 0.01)")
      ->type_name("DELTA");
  command->add_option("--C", options->constants, "the constant of a claim; 'benign list --json' has the defaults")
      ->type_name("ID=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--out", options->out, "write check.json, the report that --json prints, to DIR")
      ->type_name("DIR");
  command
      ->add_option("--baseline", options->baseline,
                   "setting and checks of FILE; what is worse than in FILE is a regression")
      ->type_name("FILE");
  command->add_option("--write-baseline", options->write_baseline, "write setting, verdicts and margins to FILE")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([command, options, &status] {
    options->only_given = command->count("--only") > 0;
    options->out_given = command->count("--out") > 0;
    options->baseline_given = command->count("--baseline") > 0;
    options->write_baseline_given = command->count("--write-baseline") > 0;
    status = run(*options);
  });
}

const RegisterCommand check_command("check", add_check);

}  // namespace

}  // namespace benign::proofs

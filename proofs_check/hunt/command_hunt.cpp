// benign hunt: the worst case of a check over a box of parameters and seeds.

#include "proofs_check/framework/cost.hpp"
#include "proofs_check/hunt/hunt_folder.hpp"
#include "proofs_check/hunt/hunt_report.hpp"
#include "proofs_check/report/report.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/report/asked_checks.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/terminal/ranks.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <sstream>
#include <tbb/global_control.h>
#include <tbb/info.h>

namespace benign::proofs {
namespace {

using sim::Json;

struct HuntOptions {
  explicit HuntOptions(CLI::App& command) : command(command), shared(command) {}

  CLI::App& command;
  SharedOptions shared;
  std::string check, seeds, budget, delta, threads, out;
  std::vector<std::string> over, constants;
  bool json = false, resume = false;

  bool given(const char* option) const { return command.count(option) > 0; }
};

/// The box, its fixed parameters inner products alone wherever check and options allow it.
Box box_of(const HuntOptions& options, const Check& check) {
  Box box;
  if (options.over.empty())
    throw UsageError("--over: a range is missing, as in: benign hunt " + check.id +
                     " --over n=4:40 --over nsnr2=0.01:10:log");
  AllGiven fixed;
  std::map<std::string, std::string> set_already;
  for (const std::string& text : options.over) {
    const Side side = parse_side(text);
    const std::string set = sim::set_by(side.name);
    if (options.given(("--" + set).c_str()))
      throw UsageError("--" + set, options.shared.text(set), "nothing beside --over " + side.name + ", which sets it");
    if (const auto [before, is_new] = set_already.emplace(set, side.name); !is_new)
      throw UsageError("--over", text, "another parameter than that of --over " + before->second);
    if (set == side.name) fixed[set] = {side.low.text(), "--over " + set};
    box.sides.push_back(side);
  }
  Json defaults = Json::object();
  if (!check.needs_tokens && !options.shared.need_tokens()) defaults["data"] = "gram";
  if (!check.model.empty()) defaults["model"] = check.model;
  box.base = options.shared.config("default", defaults.dump(), fixed);
  refuse_what_simulate_alone_takes(box.base);
  return box;
}

/// Seconds, from some points of the box.
double expected_wall_seconds(const Hunt& hunt, long budget, int threads) {
  constexpr long looked_at = 16;
  double seconds = 0;
  for (long k = 0; k < looked_at; ++k) {
    Seen seen;
    for (std::size_t side = 0; side < hunt.box().sides.size(); ++side)
      seen.values.push_back(
          hunt.box().value(side, static_cast<double>((k * (2 * static_cast<long>(side) + 3)) % looked_at) / looked_at));
    const Laboratory laboratory = hunt.laboratory(seen);
    if (!sim::validate(laboratory.config).empty()) continue;
    seconds +=
        expected_seconds(hunt.check(), laboratory) * (is_study(hunt.check()) ? 1.0 : static_cast<double>(hunt.seeds()));
  }
  return seconds / looked_at * static_cast<double>(budget) / threads;
}

/// What the hunt came to: the worst point decided again, and what leads to it.
HuntResult conclude(Hunt& hunt) {
  HuntResult result;
  if (!hunt.worst()) return result;
  Seen through = *hunt.worst();
  while (true) {  // a point on the way through the worst one may be worse
    result.along = hunt.along(through);
    const Seen* worst = hunt.worst();
    if (hunt.score(*worst) >= hunt.score(through)) break;
    through = *worst;
  }
  result.worst = hunt.worst();
  const Precision precision = hunt.box().base.precision;
  result.judgement = hunt.judge(*result.worst, precision);
  const bool enclosed = result.judgement->finding.enclosed;
  if (result.judgement->verdict == theory::Verdict::violated && !enclosed && precision == Precision::binary64)
    result.again = hunt.judge(*result.worst, Precision::pairs);
  return result;
}

/// What a rank was given, where its options are allowed.
struct Asked {
  const Check* check;
  Box box;
  long seeds, budget;
  Laboratory terms;
  int threads;  ///< each machine's own
};
Asked read_options(const HuntOptions& options) {
  Asked asked{&find_check("CHECK", options.check), {}, 1, 500, {}, tbb::info::default_concurrency()};
  if (options.given("--threads"))
    asked.threads = static_cast<int>(parse_integer("--threads", options.threads, 1, 1024));
  give_terms(asked.terms, options.delta, options.constants);
  if (!options.seeds.empty()) asked.seeds = parse_integer("--seeds", options.seeds, 1, 1000);
  if (!options.budget.empty()) asked.budget = parse_integer("--budget", options.budget, 20, 1'000'000);
  if (options.resume && !options.given("--out")) throw UsageError("--resume", "", "only together with --out");
  asked.box = box_of(options, *asked.check);
  return asked;
}

/// All that decides a hunt, and where it goes.
Json description_of(const HuntOptions& options, const Asked& asked) {
  Json given = description_json(Hunt(*asked.check, asked.box, asked.seeds, asked.terms), asked.budget);
  given["--out"] = options.out, given["--resume"] = options.resume;
  return given;
}

/// The ranks' searches, after which rank 0 knows all points.
void search_together(Hunt& hunt, const Asked& asked, const sim::Cluster& cluster, std::optional<HuntFolder>& folder) {
  Progress progress("hunt", asked.budget);
  long looked = 0;
  hunt.search(asked.budget, cluster, asked.threads, [&](const Seen& seen) {
    if (folder) folder->add(hunt, seen);
    if (cluster.rank() == 0) progress.show(++looked);
  });
  std::string own;
  if (cluster.rank() > 0)
    for (const auto& [key, seen] : hunt.seen()) own += HuntFolder::line_of(hunt, seen) + "\n";
  for (const std::string& text : cluster.gather(own)) {
    std::istringstream lines(text);
    for (const Seen* seen : know_lines(hunt, lines))
      if (folder) folder->add(hunt, *seen);
  }
}

int run_on(const sim::Cluster& cluster, const HuntOptions& options) {
  const auto asked = agreed(
      cluster, [&] { return read_options(options); }, [&](const Asked& read) { return description_of(options, read); });
  if (!asked) return as_expected;
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(asked->threads));
  Hunt hunt(*asked->check, asked->box, asked->seeds, asked->terms);
  const bool first = cluster.rank() == 0;
  std::optional<HuntFolder> folder;
  if (options.given("--out")) folder.emplace(options.out, cluster);
  std::optional<UsageError> refused;
  if (first && folder) try {
      folder->take(hunt, asked->budget, options.resume);
    } catch (const UsageError& error) {
      refused = error;
    }
  if (!may_go_on(cluster, refused)) return as_expected;
  if (folder) folder->open(hunt);
  const double seconds = expected_wall_seconds(hunt, asked->budget, asked->threads * cluster.size());
  if (first && seconds > a_minute)
    note("benign hunt", std::to_string(asked->budget) + " points take " + about(seconds) +
                            (folder ? "; Ctrl-C stops, --resume goes on" : "; with --out they can be resumed"));

  const auto start = std::chrono::steady_clock::now();
  search_together(hunt, *asked, cluster, folder);
  if (!first) return as_expected;
  HuntResult result = conclude(hunt);
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const Json json = hunt_json(hunt, asked->budget, result);
  if (folder) folder->finish(json);
  print(options.json ? json.dump(2) + "\n" : hunt_text(hunt, asked->budget, result));
  return result.judgement ? exit_status({*result.judgement}) : not_decided;
}

int run(const HuntOptions& options) {
  return on_every_rank("benign hunt", [&](const sim::Cluster& cluster) { return run_on(cluster, options); });
}

int refuse(const std::string& message) { return refuse_on_every_rank("benign hunt", message); }

void add_hunt(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand(
      "hunt", "The worst case of a check over a box of parameters: the least margin, or the largest C needed");
  command->footer(
      "NAME is a parameter of 'benign phase --x'. Where a hypothesis is unmet the claim says nothing and the point "
      "counts\n"
      "for nothing. One search divides the box (DIRECT), three are random (CRS, seeded by --seed), each ends locally.\n"
      "Without --init uniform, --route direct and the like, inner products are drawn in place of tokens (--data "
      "gram).\n"
      "Exit status: 0 nothing unexpected, 1 a counterexample, 2 bad usage, 3 no point meets the hypotheses.\n"
      "Examples:\n"
      "  benign hunt law.limit_system --over n=4:40 --over T=3:16 --over rho=0:0.4 --over nsnr2=0.01:4:log --d 1e8 "
      "--budget 200\n"
      "  benign hunt gap.clean_above --over d=500:5000:log --over nsnr2=0.1:2:log --seeds 3 --out found\n"
      "  benign plot found\n"
      "  benign hunt gap.clean_above --over d=500:5000:log --over nsnr2=0.1:2:log --seeds 3 --out found --resume");
  auto options = std::make_shared<HuntOptions>(*command);
  command->add_option("CHECK", options->check, "the id of a check, as 'benign list' prints it")->required();
  command->add_option("--over", options->over, "a side of the box; may be repeated")
      ->type_name("NAME=LO:HI[:log]")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--seeds", options->seeds, "runs of each point, with seeds from --seed on (default 1)")
      ->type_name("S");
  command->add_option("--budget", options->budget, "points to look at (default 500)")->type_name("N");
  command->add_option("--delta", options->delta, "failure probability of probabilistic statements (default 0.01)")
      ->type_name("DELTA");
  command->add_option("--C", options->constants, "the constant of a claim, or of its hypotheses")
      ->type_name("ID=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--threads", options->threads, "threads of this machine (default all)")->type_name("K");
  command->add_option("--out", options->out, "write hunt.json and points.jsonl to DIR")->type_name("DIR");
  command->add_flag("--resume", options->resume, "go on with the hunt that DIR holds, with the same options");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

const RegisterCommand hunt_command("hunt", add_hunt, refuse);

}  // namespace

}  // namespace benign::proofs

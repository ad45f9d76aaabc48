// benign check: verdicts on a configuration.

#include "proofs_check/commands.hpp"
#include "proofs_check/options.hpp"
#include "proofs_check/progress.hpp"
#include "proofs_check/report.hpp"
#include "proofs_check/usage_error.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <sstream>
#include <tbb/parallel_for.h>
#include <unistd.h>

namespace benign::proofs {
namespace {

struct CheckOptions {
  explicit CheckOptions(CLI::App& command) : shared(command) {}

  SharedOptions shared;
  std::string only, delta, seeds;
  std::vector<std::string> constants;
  bool json = false, only_given = false;
};

/// The check of that id, or all whose ids begin with it and a dot; in the order of the registry.
std::vector<const Check*> find_checks(const std::string& where, const std::string& id) {
  std::vector<const Check*> found;
  for (const Check& check : registry())
    if (check.id == id || check.id.starts_with(id + ".")) found.push_back(&check);
  if (found.empty()) throw UsageError(where, id, "an id that 'benign list' prints, or its beginning up to a dot");
  return found;
}

std::vector<const Check*> chosen_checks(const CheckOptions& options) {
  std::vector<const Check*> chosen;
  if (!options.only_given)
    for (const Check& check : registry()) chosen.push_back(&check);
  std::stringstream ids(options.only);
  for (std::string id; std::getline(ids, id, ',');)
    for (const Check* check : find_checks("--only", id)) chosen.push_back(check);
  if (chosen.empty()) find_checks("--only", "");
  return chosen;
}

/// First the studies, each of which is parallel in itself, then all others side by side.
std::vector<Outcome> judge_all(const std::vector<const Check*>& checks, const Laboratory& laboratory) {
  std::vector<Outcome> outcomes(checks.size());
  std::vector<std::size_t> others;
  for (std::size_t k = 0; k < checks.size(); ++k)
    if (checks[k]->remedy == Remedy::seeds)
      outcomes[k] = judge(*checks[k], laboratory);
    else
      others.push_back(k);
  Progress progress("checks", static_cast<long>(others.size()));
  std::mutex drawing;
  long finished = 0;
  tbb::parallel_for(std::size_t{0}, others.size(), [&](std::size_t k) {
    outcomes[others[k]] = judge(*checks[others[k]], laboratory);
    const std::scoped_lock lock(drawing);
    progress.show(++finished);
  });
  return outcomes;
}

Laboratory laboratory_of(const CheckOptions& options) {
  Laboratory laboratory;
  laboratory.config = options.shared.config();
  if (!options.seeds.empty()) laboratory.seeds = parse_integer("--seeds", options.seeds, 1, 1'000'000);
  if (!options.delta.empty()) {
    const auto delta = parse_decimal("--delta", options.delta, "a number in (0, 1)");
    if (delta.exact() <= 0 || delta.exact() >= 1) throw UsageError("--delta", options.delta, "a number in (0, 1)");
    laboratory.delta = delta.as<double>();
  }
  for (const std::string& text : options.constants) {
    constexpr const char* allowed = "ID=VALUE with an id that 'benign list' prints and a number above 0";
    const auto equals = text.find('=');
    const auto value = equals == std::string::npos ? std::nullopt : theory::Decimal::parse(text.substr(equals + 1));
    if (!value || value->exact() <= 0) throw UsageError("--C", text, allowed);
    for (const Check* check : find_checks("--C", text.substr(0, equals)))
      laboratory.constants[check->id] = value->as<double>();
  }
  return laboratory;
}

int run(const CheckOptions& options) {
  const auto checks = chosen_checks(options);
  const Laboratory laboratory = laboratory_of(options);
  const auto outcomes = judge_all(checks, laboratory);
  print(options.json ? report_json(outcomes, laboratory).dump(2) + "\n"
                     : report_text(outcomes, laboratory, isatty(STDOUT_FILENO) == 1));
  return exit_status(outcomes);
}

}  // namespace

void add_check(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand("check", "Run the checks against a configuration and print verdicts");
  command->footer(
      "Verdicts: holds (margin > error), violated (margin < -error), undecided, vacuous (a hypothesis is unmet).\n"
      "Exit status: 0 all as expected, 1 not as expected, 2 bad usage, 3 undecided, 4 could not finish.\n"
      "Examples:\n"
      "  benign check --seed 1 --seeds 40                 the paper's balanced setting\n"
      "  benign check --d 1000 --mu 100 --only descent.stability,descent.outcome\n"
      "  benign check --only assumption.A1 --C assumption.A1=0.05 --json");
  auto options = std::make_shared<CheckOptions>(*command);
  command->add_option("--only", options->only, "only these checks, or all below fig3, invariant, ...")
      ->type_name("ID,...");
  command->add_option("--seeds", options->seeds, "seeds of a study, counted up from --seed (default 40)")
      ->type_name("S");
  command->add_option("--delta", options->delta, "failure probability of probabilistic statements (default 0.01)")
      ->type_name("DELTA");
  command->add_option("--C", options->constants, "the constant of a check, 1 unless given")
      ->type_name("ID=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([command, options, &status] {
    options->only_given = command->count("--only") > 0;
    status = run(*options);
  });
}

}  // namespace benign::proofs

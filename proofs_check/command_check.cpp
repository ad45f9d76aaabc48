// benign check: verdicts on a configuration.

#include "proofs_check/commands.hpp"
#include "proofs_check/options.hpp"
#include "proofs_check/report.hpp"
#include "proofs_check/usage_error.hpp"

#include <algorithm>
#include <memory>
#include <sstream>
#include <unistd.h>

namespace benign::proofs {
namespace {

struct CheckOptions {
  SharedOptions shared;
  std::string only, delta, seeds;
  std::vector<std::string> constants;
  bool json = false;
};

const Check& find_check(const std::string& where, const std::string& id) {
  const auto& all = registry();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Check& check) { return check.id == id; });
  if (found == all.end()) throw UsageError(where, id, "an id that 'benign list' prints");
  return *found;
}

std::vector<const Check*> chosen_checks(const std::string& only) {
  std::vector<const Check*> chosen;
  if (only.empty())
    for (const Check& check : registry()) chosen.push_back(&check);
  std::stringstream ids(only);
  for (std::string id; std::getline(ids, id, ',');) chosen.push_back(&find_check("--only", id));
  return chosen;
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
    laboratory.constants[find_check("--C", text.substr(0, equals)).id] = value->as<double>();
  }
  return laboratory;
}

int run(const CheckOptions& options) {
  const auto checks = chosen_checks(options.only);
  const Laboratory laboratory = laboratory_of(options);
  std::vector<Outcome> outcomes;
  for (const Check* check : checks) outcomes.push_back(judge(*check, laboratory));
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
  auto options = std::make_shared<CheckOptions>(CheckOptions{SharedOptions(*command), {}, {}, {}, {}});
  command->add_option("--only", options->only, "only these checks")->type_name("ID,...");
  command->add_option("--seeds", options->seeds, "seeds of a study, counted up from --seed (default 40)")->type_name("S");
  command->add_option("--delta", options->delta, "failure probability of probabilistic statements (default 0.01)")
      ->type_name("DELTA");
  command->add_option("--C", options->constants, "the constant of a check, 1 unless given")
      ->type_name("ID=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace benign::proofs

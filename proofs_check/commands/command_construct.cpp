// benign construct: the existence theorem's vectors, their accuracies, and what each sample selects.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/generalisation/construct.hpp"
#include "sim/runs/records.hpp"
#include "theory/model/layout_text.hpp"

#include <sstream>

namespace benign::proofs {
namespace {

using sim::Json;

/// Options of training, which a vector that is written down has no use for.
constexpr const char* of_training[] = {"--init",    "--sigma-w",   "--sigma-p",    "--steps", "--lr",
                                       "--lr-unit", "--precision", "--route",      "--train", "--flow",
                                       "--tau-max", "--log-s-max", "--lr-schedule"};

struct Construct {
  explicit Construct(CLI::App& command) : shared(command) {
    for (const char* option : of_training) command.get_option(option)->group("");  // not in the help
  }

  SharedOptions shared;
  std::string b, out;
  bool json = false, out_given = false;
};

void refuse_options_of_training(const CLI::App& command) {
  for (const char* option : of_training)
    if (command.count(option) > 0)
      throw UsageError(option, command.get_option(option)->results().front(),
                       "nothing: q is written down in double with W = I, and not trained");
}

/// What a construction depends on; a file may describe a training run as well.
sim::RunConfig setting_of(const sim::RunConfig& given) {
  sim::RunConfig config;
  const auto& p = given.parameters;
  auto& mine = config.parameters;
  mine.n = p.n, mine.T = p.T, mine.d = p.d;
  mine.mu = p.mu, mine.rho = p.rho, mine.eta = p.eta, mine.sigma = p.sigma;
  mine.plus_share = p.plus_share, mine.flips = p.flips;
  mine.init = theory::Init::identity;
  config.data = given.data, config.seed = given.seed, config.test_sample = given.test_sample;
  return config;
}

std::vector<double> list_of_b(const std::string& text) {
  constexpr const char* allowed = "numbers from 1e-30 to 1e30, as in 0.001,0.06,1";
  std::vector<double> all;
  if (text.empty()) throw UsageError("--b", text, allowed);
  for (const std::string& item : split(text)) {
    const double b = parse_decimal("--b", item, allowed).as<double>();
    if (!(b >= 1e-30 && b <= 1e30)) throw UsageError("--b", item, allowed);
    all.push_back(b);
  }
  return all;
}

Json selection_json(const std::vector<sim::Selection>& selections) {
  Json list = Json::array();
  for (const auto& s : selections)
    list.push_back({{"set", s.set},
                    {"true_label", s.true_label},
                    {"along_plus", s.along_plus},
                    {"along_minus", s.along_minus},
                    {"right", s.right}});
  return list;
}

std::string constructions_table(const Json& constructions) {
  std::string text = format("%-12s%-18s%-26s%s\n", "b", "train accuracy", "test accuracy", "test loss");
  for (const Json& c : constructions) {
    const auto with_error = [&](const std::string& key) {
      return format("%.6g +- %.2g", c[key].get<double>(), c[key + "_stderr"].get<double>());
    };
    text += format("%-12.6g%-18.6g%-26s%s\n", c["b"].get<double>(), c["train_accuracy"].get<double>(),
                   with_error("test_accuracy").c_str(), with_error("test_loss").c_str());
  }
  return text;
}

int run(const Construct& options) {
  constexpr Index shown_inputs = 200;  // of the test set, in the records
  const std::vector<double> all_b = list_of_b(options.b);
  const sim::RunConfig given = options.shared.config();
  refuse_what_simulate_alone_takes(given);
  if (given.brought)
    throw UsageError("--data", given.files.data, "dense or peer: q is made of the model's own signals");
  if (given.data == sim::DataKind::gram)
    throw UsageError("--data", "gram", "dense or peer: q is made of tokens, of which gram draws none");
  if (!given.model.empty())
    throw UsageError("--model", given.model, "token-selection: the theorem is about its data and its head");
  if (given.parameters.layout)
    throw UsageError("--layout", theory::line_of(*given.parameters.layout), "paper: the theorem is about its tokens");
  const sim::RunConfig config = setting_of(given);
  const auto& p = config.parameters;
  if (options.out_given && options.out.empty()) throw UsageError("--out", "", "the name of a folder");
  std::unique_ptr<sim::NewFile> records;
  if (options.out_given) {
    prepare_folder(options.out);
    records = new_file(options.out, "selection.jsonl");
  }

  Json common = {{"config", sim::config_json(config)}};
  common.update(sim::provenance_json(config));
  Json result = common;
  result["constructions"] = Json::array();
  const sim::Instance instance = sim::draw_instance(p, config.data, config.seed);
  std::optional<sim::PopulationTest> population;
  if (!config.test_sample) population.emplace(p);
  for (const double b : all_b) {
    const Eigen::VectorXd q = sim::constructed_q(instance, b);
    const sim::Fit fit = sim::train_fit(instance, q);
    const sim::TestError test =
        population ? (*population)(sim::q_scalars(p, q)) : sim::sample_test(instance, q, *config.test_sample);
    const Json construction = {{"b", b},
                               {"train_accuracy", fit.accuracy},
                               {"train_loss", fit.loss},
                               {"test_accuracy", test.accuracy},
                               {"test_accuracy_stderr", test.accuracy_error},
                               {"test_loss", test.loss},
                               {"test_loss_stderr", test.loss_error}};
    result["constructions"].push_back(construction);
    if (!records) continue;
    Json record = common;
    record.update(construction);
    auto selections = fit.selections;
    const auto of_test = sim::test_selections(instance, q, shown_inputs);
    selections.insert(selections.end(), of_test.begin(), of_test.end());
    record["selections"] = selection_json(selections);
    records->append_line(record.dump());
  }
  if (records) sim::NewFile::commit({records.get()});
  print(options.json ? result.dump(2) + "\n" : constructions_table(result["constructions"]));
  return 0;
}

void add_construct(CLI::App& program, int& status) {
  CLI::App* command =
      program.add_subcommand("construct", "The existence theorem's q = mu+ + mu- + b (noise of selected tokens)");
  command->footer(
      "Clean training samples are to select their relevant token, noisy ones the token of the other class; W = I.\n"
      "--out writes what every training sample and 200 test inputs select, for 'benign plot'.\n"
      "Examples:\n"
      "  benign construct --n 100 --d 10000 --rho 0.2 --b 0.001,0.06,1 --out run && benign plot run   Figure 1\n"
      "  benign construct --b 0.05 --json");
  auto options = std::make_shared<Construct>(*command);
  command->add_option("--b", options->b, "weights of the noise")->type_name("B,...")->required();
  command->add_option("--out", options->out, "write selection.jsonl to DIR")->type_name("DIR");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([command, options, &status] {
    refuse_options_of_training(*command);
    options->out_given = command->count("--out") > 0;
    status = run(*options);
  });
}

const RegisterCommand construct_command("construct", add_construct);

}  // namespace

}  // namespace benign::proofs

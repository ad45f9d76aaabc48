// benign simulate: one training run, its observables, and its records.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/models/model.hpp"
#include "sim/runs/escalation.hpp"
#include "sim/runs/records.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>

namespace benign::proofs {
namespace {

using sim::Json;

struct Simulate {
  explicit Simulate(CLI::App& command) : shared(command) {}

  SharedOptions shared;
  std::string every, out;
  bool json = false, out_given = false;
};

std::string table(const sim::RunConfig& config, const Json& r) {
  std::string text = setting_line(config) + "\n";
  const auto line = [&](const char* name, const std::string& value) {
    char buffer[160];
    std::snprintf(buffer, sizeof buffer, "%-34s %s\n", name, value.c_str());
    text += buffer;
  };
  const auto with_error = [&](const char* key) {
    return shown(r[key]) + (r[key].is_null() ? "" : " +- " + shown(r[std::string(key) + "_stderr"]));
  };
  line("train accuracy", shown(r["train_accuracy"]));
  line("train loss", shown(r["train_loss"]));
  line("test accuracy", with_error("test_accuracy"));
  line("test loss", with_error("test_loss"));
  line("attention on the relevant token", "clean " + shown(r["attention"]["clean"]) + ", noisy " +
                                              shown(r["attention"]["noisy"]) + ", test " +
                                              shown(r["attention"]["test"]));
  line("mu+.q, mu-.q, |q|^2", shown(r["mu_plus_q"]) + ", " + shown(r["mu_minus_q"]) + ", " + shown(r["q_norm2"]));
  if (r.contains("events")) {
    const Json from_the_start = r["events"].value("from_the_start", Json::array());
    for (const auto& [name, value] : r["events"].items()) {
      if (name == "from_the_start") continue;
      const bool at_once = std::find(from_the_start.begin(), from_the_start.end(), name) != from_the_start.end();
      const bool of_nothing = name == "log_s_memorised" && r["attention"]["noisy"].is_null();
      const bool untested = name == "log_s_half_loss" && r["test_loss"].is_null();
      line(name.c_str(), at_once           ? "from the start"
                         : of_nothing      ? "no label is flipped"
                         : untested        ? "not known: a run without a test error"
                         : value.is_null() ? "not reached"
                                           : shown(value));
    }
  }
  if (r.contains("escalation")) {
    const Json& e = r["escalation"];
    line("precision", e["precision"].get<std::string>() +
                          (e["confirmed"].get<bool>() ? ", confirmed by the next" : ", not confirmed") + ": " +
                          shown(e["difference"]) + " apart, integrator's error " + shown(e["integrator_error"]));
  }
  line("time: setup, run, test", shown(r["setup_s"]) + " s, " + shown(r["run_s"]) + " s, " + shown(r["test_s"]) + " s");
  return text;
}

/// Says where the folder holds a run of another configuration, which is then replaced.
void tell_what_is_replaced(const std::string& folder, const sim::RunConfig& config) {
  const Json before = Json::parse(std::ifstream(folder + "/simulate.json"), nullptr, /*allow_exceptions=*/false);
  if (before.is_object() && before.contains("config") && before["config"] != sim::config_json(config))
    note("benign simulate", folder + " held another run, which is replaced");
}

int run(const Simulate& options) {
  sim::RunConfig config = options.shared.config();
  if (const sim::Model* model = sim::find_model(config.model); model && !model->draw)
    throw UsageError("--model", config.model, "a model that is not trained by a command of its own");
  const long steps = config.parameters.steps;
  if (options.out_given && options.out.empty()) throw UsageError("--out", "", "the name of a folder");
  long every = 0;
  if (!options.every.empty() && !options.out_given)
    throw UsageError("--every", options.every, "only together with --out");
  if (!options.every.empty())
    every = parse_integer("--every", options.every, 1, steps);
  else if (!options.out.empty())
    every = std::max(1L, steps / 200);
  std::unique_ptr<sim::NewFile> series, summary;
  if (!options.out.empty()) {
    prepare_folder(options.out);
    series = new_file(options.out, "series.jsonl"), summary = new_file(options.out, "simulate.json");
  }

  std::optional<sim::Escalation> escalation;
  if (config.escalate) {
    escalation = sim::escalate(config);
    config.precision = escalation->precision;
    config.escalate = false;
  }
  // Tokens of one's own are told apart as the paper's layout does, into the relevant one and the rest.
  const theory::TokenLayout& kinds = sim::model_of(config).tokens_of(config.parameters);
  Progress progress("simulate", steps);
  Json result = with_precision(config.precision, [&]<class Real>(std::type_identity<Real>) {
    const auto seen = [&](const sim::Observation<Real>& observation) {
      if (!series) return;
      Json line = {{"config", sim::config_json(config)}};
      line.update(sim::provenance_json(config));
      line.update(sim::observation_json(observation, kinds));
      series->append_line(line.dump());
    };
    return sim::result_json(config, sim::simulate<Real>(config, every, seen, [&](long part) { progress.show(part); }));
  });
  if (escalation)
    result["escalation"] = {{"precision", sim::text_of(sim::precision_choices, escalation->precision)},
                            {"confirmed", escalation->confirmed},
                            {"difference", sim::finite(escalation->difference)},
                            {"integrator_error", sim::finite(escalation->error)}};
  if (series) {
    summary->append_line(result.dump(2));
    tell_what_is_replaced(options.out, config);
    sim::NewFile::commit({series.get(), summary.get()});
  }
  print(options.json ? result.dump(2) + "\n" : table(config, result));
  return 0;
}

void add_simulate(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand("simulate", "Train once, by descent or flow, and print what came of it");
  command->footer(
      "Examples:\n"
      "  benign simulate                                  the paper's balanced setting\n"
      "  benign simulate --d 4500 --mu 5 --seed 1 --json  harmful overfitting, as JSON\n"
      "  benign simulate --flow --log-s-max 20            the gradient flow, far beyond the descent\n"
      "  benign simulate --flow --log-s-max 220 --route limit --d 6e7 --mu 300 --precision auto\n"
      "  benign simulate --train p                        W stays as drawn\n"
      "  benign simulate --precision mp50 --n 4 --T 4 --d 30 --steps 100\n"
      "  benign simulate --out run --every 10 && benign plot run");
  auto options = std::make_shared<Simulate>(*command);
  command
      ->add_option(
          "--every", options->every,
          "with --out: record every K steps (or parts of a flow's horizon; 200 records unless given); a record's "
          "test error takes milliseconds, and --test none leaves it out")
      ->type_name("K");
  command->add_option("--out", options->out, "write series.jsonl and simulate.json to DIR")->type_name("DIR");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([command, options, &status] {
    options->out_given = command->count("--out") > 0;
    status = run(*options);
  });
}

const RegisterCommand simulate_command("simulate", add_simulate);

}  // namespace

}  // namespace benign::proofs

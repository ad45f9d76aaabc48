// benign_encoder encoder: the one-layer Transformer encoder of the paper's appendix on the data model.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/encoder/encoder.hpp"
#include "sim/models/model.hpp"
#include "sim/runs/records.hpp"
#include "sim/sweeps/cells.hpp"
#include "theory/model/layout_text.hpp"
#include "theory/numbers/element.hpp"

#include <memory>

namespace benign::proofs {
namespace {

using sim::Json;

struct EncoderCommand {
  explicit EncoderCommand(CLI::App& command) : command(command), shared(command) {}

  CLI::App& command;
  SharedOptions shared;
  std::string every, out, skip = "on", threads;
  bool json = false;
};

/// What the configuration of the exact model says that the encoder does not know.
void refuse_what_is_exact(const sim::RunConfig& config) {
  if (!config.model.empty()) throw UsageError("--model", config.model, "nothing: this command trains the encoder");
  if (config.flow) throw UsageError("--flow", "true", "nothing: the encoder is trained by descent");
  if (config.data == sim::DataKind::gram)
    throw UsageError("--data", "gram", "dense or peer: the encoder needs the tokens themselves");
  if (config.parameters.lr_unit != theory::LrUnit::absolute)
    throw UsageError("--lr-unit", "tau0", "absolute: tau0 is a time of the exact model");
  if (config.parameters.layout)
    throw UsageError("--layout", theory::line_of(*config.parameters.layout),
                     "paper: the encoder's records tell its tokens");
  if (!config.method.plain()) throw UsageError(options_of(config.method) + ": the encoder is trained by plain descent");
  refuse_what_simulate_alone_takes(config);
  if (config.precision != Precision::binary64)
    throw UsageError("--precision", sim::text_of(sim::precision_choices, config.precision), "double");
}

sim::EncoderOptions options_of(const sim::RunConfig& config, bool skip) {
  sim::EncoderOptions options;
  options.skip = skip;
  options.test_size = config.test_sample.value_or(1000);
  return options;
}

std::string model_name(bool skip) { return skip ? "encoder" : "encoder-no-skip"; }

Json config_of_record(const sim::RunConfig& config, const sim::EncoderOptions& options) {
  Json json = sim::config_json(config);
  for (const char* exact : {"init", "sigma-p", "lr-unit", "precision", "route", "train", "test"}) json.erase(exact);
  json["test"] = "sample:" + std::to_string(options.test_size);
  json["model"] = model_name(options.skip);
  json["number"] = options.single ? "float32" : "double";
  return json;
}

/// What a cell of a phase diagram tells of a run.
sim::CellRun cell(const sim::RunConfig& config, bool skip) {
  using sim::Quantity;
  sim::EncoderOptions options = options_of(config, skip);
  options.threads = 1;  // the cells are in parallel
  const auto last = sim::train_encoder(config, options, 0, {}).last.seen;
  const auto share = [](const auto& group) {
    return group ? sim::known(group->share[theory::relevant]) : std::nullopt;
  };
  bool right[2] = {true, true};
  const auto data = sim::draw_train(config.parameters, sim::DataKind::gram, config.seed);  // the labels
  for (Index i = 0; i < data.n; ++i)
    right[data.noisy(i)] = right[data.noisy(i)] && element(data.label, i) * last.outputs[i] > 0;
  const auto& test = *last.test;
  sim::CellRun found;
  found.at_end[Quantity::train_accuracy] = last.train_accuracy;
  found.at_end[Quantity::train_loss] = sim::known(last.train_loss);
  found.at_end[Quantity::test_accuracy] = test.accuracy;
  found.at_end[Quantity::test_loss] = sim::known(test.loss);
  found.at_end[Quantity::attention_clean] = share(last.clean);
  found.at_end[Quantity::attention_noisy] = share(last.noisy);
  found.at_end[Quantity::attention_test] = test.attention;
  found.outcome = theory::model_outcome(right[0], right[1], test.loss);
  return found;
}

int run(const EncoderCommand& command) {
  const sim::RunConfig config = command.shared.config();
  refuse_what_is_exact(config);
  if (command.skip != "on" && command.skip != "off") throw UsageError("--skip", command.skip, "on or off");
  sim::EncoderOptions options = options_of(config, command.skip == "on");
  if (command.command.count("--threads") > 0)
    options.threads = static_cast<int>(parse_integer("--threads", command.threads, 1, 1024));
  const bool out_given = command.command.count("--out") > 0;
  if (out_given && command.out.empty()) throw UsageError("--out", "", "the name of a folder");
  if (!out_given && !command.every.empty()) throw UsageError("--every", command.every, "only together with --out");
  const long steps = config.parameters.steps;
  const long every = !command.every.empty() ? parse_integer("--every", command.every, 1, steps)
                     : out_given            ? std::max(1L, steps / 200)
                                            : 0;
  std::unique_ptr<sim::NewFile> series, summary;
  if (out_given) {
    prepare_folder(command.out);
    series = new_file(command.out, "series.jsonl"), summary = new_file(command.out, "encoder.json");
  }
  const Json about = config_of_record(config, options);
  const auto record = [&](const sim::EncoderMoment& moment) {
    Json line = {{"config", about}};
    line.update(sim::provenance_json(config));
    line.erase("route"), line.erase("precision");
    line.update(sim::observation_json(moment.seen));
    line["attention"]["class_token"] = moment.class_token;
    return line;
  };
  Progress progress("encoder", steps);
  const auto result = sim::train_encoder(
      config, options, every,
      [&](const sim::EncoderMoment& moment) {
        if (series) series->append_line(record(moment).dump());
      },
      [&](long step) { progress.show(step); });
  Json json = record(result.last);
  json["setup_s"] = result.setup_s, json["run_s"] = result.run_s, json["test_s"] = result.test_s;
  if (series) {
    summary->append_line(json.dump(2));
    sim::NewFile::commit({series.get(), summary.get()});
  }
  if (command.json) {
    print(json.dump(2) + "\n");
    return as_expected;
  }
  const auto& seen = result.last.seen;
  std::string text = format("train accuracy                     %.6g\ntrain loss                         %.6g\n",
                            seen.train_accuracy, seen.train_loss);
  if (seen.test)
    text += format("test accuracy                      %.6g +- %.2g\ntest loss                          %.6g +- %.2g\n",
                   seen.test->accuracy, seen.test->accuracy_error, seen.test->loss, seen.test->loss_error);
  const auto share = [](const auto& group) { return group ? format("%.4g", group->share[theory::relevant]) : "-"; };
  text += "attention on the relevant token    clean " + share(seen.clean) + ", noisy " + share(seen.noisy) + ", test " +
          (seen.test ? format("%.4g", seen.test->attention) : "-") +
          format("; on the class token %.4g\n", result.last.class_token);
  text += format("time: setup, run, test             %.3g s, %.3g s, %.3g s\n", result.setup_s, result.run_s,
                 result.test_s);
  print(text);
  return as_expected;
}

void add_encoder(CLI::App& program, int& status) {
  for (const bool skip : {true, false}) {
    sim::add_model({.name = model_name(skip), .help = "the encoder of the paper's appendix, for phase alone"});
    sim::other_models().push_back(
        {model_name(skip), [skip](const sim::RunConfig& config) { return cell(config, skip); }});
  }
  CLI::App* command = program.add_subcommand("encoder", "Train a one-layer Transformer encoder, all of it, by descent");
  command->footer(
      "Options that speak of W0, p0 or a flow belong to the exact model and are refused or without effect.\n"
      "Examples:\n"
      "  benign_encoder encoder --d 2000 --mu 20 --seed 1 --out encoder/balanced\n"
      "  benign_encoder encoder --skip off --d 1000 --mu 100\n"
      "  benign_encoder phase --model encoder --x d=50:400:8 --y mu=2:30:8 --out diagram");
  auto options = std::make_shared<EncoderCommand>(*command);
  command->add_option("--skip", options->skip, "the skip connections: on (default) or off")->type_name("on|off");
  command->add_option("--threads", options->threads, "threads of LibTorch (default all)")->type_name("K");
  command->add_option("--every", options->every, "with --out: record every K steps")->type_name("K");
  command->add_option("--out", options->out, "write series.jsonl and encoder.json to DIR")->type_name("DIR");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

const RegisterCommand encoder_command("encoder", add_encoder);

}  // namespace

}  // namespace benign::proofs

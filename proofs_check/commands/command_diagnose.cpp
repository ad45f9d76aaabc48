// benign diagnose: what the theory expects of brought tokens, and what comes of them.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/records.hpp"
#include "sim/tokens/diagnosis.hpp"

#include <cmath>

namespace benign::proofs {
namespace {

using sim::Estimate;
using sim::Json;

struct DiagnoseOptions {
  explicit DiagnoseOptions(CLI::App& command) : shared(command, defaults_of_given_tokens) {}

  SharedOptions shared;
  bool json = false, no_run = false;
};

Json finite(const std::optional<double>& x) { return x ? sim::finite(*x) : Json(nullptr); }
Json json_of(const Estimate& e) { return {{"value", finite(e.value)}, {"stderr", finite(e.error)}}; }

std::string with_error(const Estimate& one) { return format("%.4g +- %.2g", one.value, one.error); }

std::string shown_time(const std::optional<double>& x, const char* otherwise) {
  if (x && *x == -HUGE_VAL) return "from the start";
  return x && std::isfinite(*x) ? format("%.2f", *x) : otherwise;
}

/// Lines of a name and a value.
class Lines {
 public:
  void add(const char* name, const std::string& value) { text_ += format("%-45s %s\n", name, value.c_str()); }
  void gap() { text_ += "\n"; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void add_estimates(const sim::Diagnosis& d, Lines& lines) {
  const auto& e = d.estimates;
  const sim::TokenSet& train = d.config.brought->train;
  lines.add("samples, tokens, dimension, classes",
            format("%ld, %ld, %ld, %d", static_cast<long>(train.n), static_cast<long>(train.T),
                   static_cast<long>(train.d), d.config.brought->classes));
  if (!train.padding.empty()) lines.add("tokens of a sample without its padding", format("%.3g", e.tokens));
  std::string positions, spectrum;
  for (const Estimate& one : e.signal2) positions += std::isnan(one.value) ? "- " : format("%.3g ", one.value);
  for (const double share : e.spectrum) spectrum += format("%.3f ", share);
  lines.add("|mu_t|^2 by token position t", positions);
  lines.add(
      "|mu| at the strongest, and its position",
      with_error(e.mu) + format(", %ld", static_cast<long>(e.position)) + (d.signal.signal() ? "" : " by chance"));
  lines.add("test of no signal: p", format("%.3g of %ld permutations", d.signal.p_value, d.signal.permutations));
  lines.add("rho, of the other positions", with_error(e.rho));
  lines.add("|place| / |mu|, shared by the classes", with_error(e.place));
  lines.add("noise tr Sigma", with_error(e.noise2));
  lines.add("effective dimension", with_error(e.effective_dimension));
  lines.add("largest eigenvalues of Sigma, shares", spectrum);
  lines.add("head's answer to the signal, over gamma", format("%.3g", d.gain));
  lines.add("SNR", with_error(e.snr));
}

void add_prediction(const sim::Prediction& predicted, Lines& lines) {
  const auto& borders = predicted.borders;
  lines.add("borders d_eff^(-1/4), n^(-1/2)", format("%.3f, %.3f", borders.harmful, borders.not_overfitting) +
                                                  (predicted.borders_crossed() ? ", crossed" : ""));
  lines.add("n SNR^2; x_c where flipped samples turn",
            format("%.3g +- %.2g, %.3g", predicted.n_snr2.value, predicted.n_snr2.error, predicted.turning_point));
  std::string regime = name(predicted.at);
  if (predicted.below != predicted.at || predicted.above != predicted.at)
    regime += std::string(" (at SNR -+ 2 errors: ") + name(predicted.below) + ", " + name(predicted.above) + ")";
  lines.add("predicted regime", regime);
  lines.add("predicted log s: clean attention 1/2", shown_time(predicted.log_s_attention, "never"));
  lines.add(
      "predicted log s: test gap log T",
      predicted.log_s_gap ? format("%.2f +- %.2f", predicted.log_s_gap->value, predicted.log_s_gap->error) : "never");
}

/// The observed regime in words, also where there is none.
std::string regime_in_words(const sim::Diagnosis& d) {
  if (d.observed->regime) return name(*d.observed->regime);
  return d.baseline ? "unknown: --route statistics has no test error" : "no test set to say";
}

void add_observed(const sim::Diagnosis& d, Lines& lines) {
  const sim::TokenOutcome& seen = *d.observed;
  lines.add("observed regime", regime_in_words(d));
  lines.add("observed log s: clean attention 1/2", shown_time(seen.log_s_attention, "not reached"));
  lines.add("observed log s: all labels fitted", shown_time(seen.log_s_fit, "not reached"));
  lines.add("train loss, accuracy", format("%.4g, %.4g", seen.train_loss, seen.train_accuracy));
  lines.add("clean, flipped labels predicted",
            format("%.4g, ", seen.fitted.clean) + (seen.fitted.flipped ? format("%.4g", *seen.fitted.flipped) : "-"));
  if (seen.test)
    lines.add("test accuracy, and at uniform attention",
              format("%.4f +- %.4f, %.4f", seen.test->accuracy, seen.test->accuracy_error, d.baseline->accuracy));
}

std::string text_of(const sim::Diagnosis& d) {
  Lines lines;
  add_estimates(d, lines);
  add_prediction(d.predicted, lines);
  if (d.start_sharpness) lines.add("alpha lambda_max at the start, stable below 2", format("%.3g", *d.start_sharpness));
  if (d.observed) lines.gap(), add_observed(d, lines);
  std::string text = lines.text();
  const auto notes = sim::remarks(d);
  if (!notes.empty()) text += "\n";
  for (const std::string& note : notes) text += "! " + note + "\n";
  return text;
}

Json observed_json(const sim::Diagnosis& d) {
  const sim::TokenOutcome& seen = *d.observed;
  Json json = {{"regime", regime_in_words(d)},
               {"log_s_attention", finite(seen.log_s_attention)},
               {"log_s_fit", finite(seen.log_s_fit)},
               {"train_loss", seen.train_loss},
               {"train_accuracy", seen.train_accuracy},
               {"clean_right", seen.fitted.clean},
               {"flipped_right", finite(seen.fitted.flipped)},
               {"test_accuracy", seen.test ? Json(seen.test->accuracy) : Json(nullptr)},
               {"baseline_accuracy", d.baseline ? Json(d.baseline->accuracy) : Json(nullptr)},
               {"loss_rose_at", seen.first_rise ? Json(*seen.first_rise) : Json(nullptr)}};
  Json from_the_start = Json::array();  // as the events of a flow have them
  for (const auto& [name, time] : {std::pair{"log_s_attention", &seen.log_s_attention}, {"log_s_fit", &seen.log_s_fit}})
    if (*time && **time == -HUGE_VAL) from_the_start.push_back(name);
  if (!from_the_start.empty()) json["from_the_start"] = from_the_start;
  return json;
}

Json json_of(const sim::Diagnosis& d) {
  const auto& e = d.estimates;
  const auto& predicted = d.predicted;
  Json signals = Json::array();
  for (const Estimate& one : e.signal2) signals.push_back(json_of(one));
  const auto& borders = predicted.borders;
  const auto& gap = predicted.log_s_gap;
  Json json = {{"config", sim::config_json(d.config)},
               {"estimates",
                {{"signal2", signals},
                 {"position", e.position},
                 {"mu", json_of(e.mu)},
                 {"rho", json_of(e.rho)},
                 {"place", json_of(e.place)},
                 {"noise2", json_of(e.noise2)},
                 {"effective_dimension", json_of(e.effective_dimension)},
                 {"spectrum", e.spectrum},
                 {"snr", json_of(e.snr)},
                 {"n_snr2", json_of(predicted.n_snr2)},
                 {"head_gain", d.gain},
                 {"tokens", e.tokens},
                 {"no_signal", {{"p_value", d.signal.p_value}, {"permutations", d.signal.permutations}}},
                 {"head_gradient_norm", d.config.brought->head_gradient_norm}}},
               {"predicted",
                {{"regime", name(predicted.at)},
                 {"regime_below", name(predicted.below)},
                 {"regime_above", name(predicted.above)},
                 {"borders",
                  {{"harmful", borders.harmful},
                   {"not_overfitting", borders.not_overfitting},
                   {"crossed", predicted.borders_crossed()}}},
                 {"log_s_attention", finite(predicted.log_s_attention)},
                 {"log_s_gap", gap ? finite(gap->value) : Json(nullptr)},
                 {"log_s_gap_stderr", gap ? finite(gap->error) : Json(nullptr)}}}};
  json["start_sharpness"] = finite(d.start_sharpness);
  json["stable_lr"] = finite(d.stable_lr);
  json["notes"] = sim::remarks(d);
  if (d.observed) json["observed"] = observed_json(d);
  return json;
}

int run(const DiagnoseOptions& options) {
  const sim::RunConfig config = options.shared.config();
  refuse_what_simulate_alone_takes(config);
  if (!config.brought)
    throw UsageError("--data", sim::text_of(sim::data_choices, config.data), "FILE.npy or fashion-mnist[:A,B]");
  const sim::Diagnosis diagnosis = sim::diagnose(config, !options.no_run);
  print(options.json ? json_of(diagnosis).dump(2) + "\n" : text_of(diagnosis));
  return 0;
}

void add_diagnose(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand(
      "diagnose", "Signal, noise and regime of brought tokens: what the theory predicts, and what comes of a run");
  command->footer(
      "Examples:\n"
      "  benign diagnose --data vit.npy --labels y.npy --eta 0.2 --lr-unit tau0 --lr 0.02\n"
      "  benign diagnose --data bert.npy --labels y.npy --mask attention_mask.npy --no-run\n"
      "  benign diagnose --data fashion-mnist:0,6 --n 200 --eta 0.2 --lr-unit tau0 --lr 0.02");
  auto options = std::make_shared<DiagnoseOptions>(*command);
  command->add_flag("--no-run", options->no_run, "the prediction alone");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

const RegisterCommand diagnose_command("diagnose", add_diagnose);

}  // namespace

}  // namespace benign::proofs

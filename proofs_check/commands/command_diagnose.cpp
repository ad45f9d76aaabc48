// benign diagnose: what the theory expects of brought tokens, and what comes of them.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/records.hpp"
#include "sim/tokens/token_study.hpp"
#include "sim/runs/parameter_table.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"

#include <cmath>

namespace benign::proofs {
namespace {

using sim::Estimate;
using sim::Json;

struct DiagnoseOptions {
  explicit DiagnoseOptions(CLI::App& command) : shared(command) {}

  SharedOptions shared;
  bool json = false, no_run = false;
};

constexpr const char* regime_names[] = {"harmful", "benign", "not overfitting"};

Json finite(const std::optional<double>& x) { return x ? sim::finite(*x) : Json(nullptr); }
Json json_of(const Estimate& e) { return {{"value", finite(e.value)}, {"stderr", finite(e.error)}}; }

/// The regime at the estimate of SNR, and at two standard errors below and above it.
struct PredictedRegime {
  theory::Regime at, below, above;
};

PredictedRegime predicted_regime(const theory::Parameters& p, const Estimate& snr) {
  const auto at = [&](double value) {
    theory::Parameters q = p;
    q.mu = sim::decimal_of(std::max(1e-30, p.mu.as<double>() * std::max(0.0, value) / snr.value));
    return theory::regime(q);
  };
  return {at(snr.value), at(snr.value - 2 * snr.error), at(snr.value + 2 * snr.error)};
}

std::string shown_time(const std::optional<double>& x, const char* otherwise = "not reached") {
  return x && std::isfinite(*x) ? format("%.2f", *x) : otherwise;
}

int run(const DiagnoseOptions& options) {
  const sim::RunConfig config = options.shared.config();
  refuse_auto(config);
  if (!config.brought)
    throw UsageError("--data", sim::text_of(sim::data_choices, config.data), "FILE.npy or fashion-mnist[:A,B]");
  const sim::Brought& brought = *config.brought;
  const auto e = sim::estimate_tokens(brought.train, brought.classes);
  const auto p = sim::effective_parameters(config, e);
  const double x = theory::n_snr2(p), x_error = 2 * x * e.snr.error / e.snr.value, gain = sim::head_gain(brought);
  const auto [harmful, not_overfitting] = theory::borders(p);
  const auto regime = predicted_regime(p, e.snr);
  const auto name = [](theory::Regime r) { return regime_names[static_cast<int>(r)]; };
  // The model's rates are those of a head that answers γ to the signal.
  const double half_attention = std::log(theory::half_attention_time(p) / std::max(gain, 1e-300));
  const double delay = theory::delay(p), delay_error = theory::delay_slope(p) * x_error / (x * x);

  std::string text;
  const auto line = [&](const std::string& what, const std::string& value) {
    text += format("%-42s %s\n", what.c_str(), value.c_str());
  };
  const auto with_error = [](const Estimate& one) { return format("%.4g +- %.2g", one.value, one.error); };
  line("samples, tokens, dimension, classes",
       format("%ld, %ld, %ld, %d", static_cast<long>(brought.train.n), static_cast<long>(brought.train.T),
              static_cast<long>(brought.train.d), brought.classes));
  std::string positions;
  Json signals = Json::array();
  for (const Estimate& one : e.signal2) {
    positions += format("%.3g ", one.value);
    signals.push_back(json_of(one));
  }
  line("|mu_t|^2 by token position t", positions);
  line("|mu| at the strongest, and its position", with_error(e.mu) + format(", %ld", static_cast<long>(e.position)));
  line("rho, of the other positions", with_error(e.rho));
  line("|place| / |mu|, shared by the classes", with_error(e.place));
  line("noise tr Sigma", with_error(e.noise2));
  line("effective dimension", with_error(e.effective_dimension));
  std::string spectrum;
  for (const double share : e.spectrum) spectrum += format("%.3f ", share);
  line("largest eigenvalues of Sigma, shares", spectrum);
  line("head's answer to the signal, over gamma", format("%.3g", gain));
  line("SNR", with_error(e.snr));
  line("borders d_eff^(-1/4), n^(-1/2)", format("%.3f, %.3f", harmful, not_overfitting));
  line("n SNR^2; x_c where flipped samples turn", format("%.3g +- %.2g, %.3g", x, x_error, theory::turning_point(p)));
  line("predicted regime",
       std::string(name(regime.at)) +
           (regime.below == regime.at && regime.above == regime.at
                ? ""
                : std::string(" (at SNR -+ 2 errors: ") + name(regime.below) + ", " + name(regime.above) + ")"));
  line("predicted log s: clean attention 1/2", shown_time(half_attention, "never"));
  line("predicted log s: test gap log T", std::isfinite(delay) ? format("%.2f +- %.2f", delay, delay_error) : "never");

  Json json = {{"config", sim::config_json(config)},
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
                 {"n_snr2", {{"value", x}, {"stderr", x_error}}},
                 {"head_gain", gain},
                 {"head_gradient_norm", brought.head_gradient_norm}}},
               {"predicted",
                {{"regime", name(regime.at)},
                 {"regime_below", name(regime.below)},
                 {"regime_above", name(regime.above)},
                 {"log_s_attention", finite(half_attention)},
                 {"log_s_gap", finite(delay)},
                 {"log_s_gap_stderr", finite(delay_error)}}}};
  if (!options.no_run) {
    const auto outcome = sim::train_on_tokens(config, 200);
    const auto baseline = brought.test ? sim::clean_baseline(brought) : sim::TestError{};
    const std::string seen = brought.test ? sim::observed_regime(outcome, baseline) : "no test set to say";
    text += "\n";
    line("observed regime", seen);
    line("observed log s: clean attention 1/2", shown_time(outcome.log_s_attention));
    line("observed log s: all labels fitted", shown_time(outcome.log_s_fit));
    line("train loss, accuracy", format("%.4g, %.4g", outcome.train_loss, outcome.train_accuracy));
    line("clean, flipped labels predicted", format("%.4g, ", outcome.clean_right) +
                                                (outcome.flipped_right ? format("%.4g", *outcome.flipped_right) : "-"));
    if (outcome.test)
      line("test accuracy, and at uniform attention",
           format("%.4f +- %.4f, %.4f", outcome.test->accuracy, outcome.test->accuracy_error, baseline.accuracy));
    json["observed"] = {{"regime", seen},
                        {"log_s_attention", finite(outcome.log_s_attention)},
                        {"log_s_fit", finite(outcome.log_s_fit)},
                        {"train_loss", outcome.train_loss},
                        {"train_accuracy", outcome.train_accuracy},
                        {"clean_right", outcome.clean_right},
                        {"flipped_right", finite(outcome.flipped_right)},
                        {"test_accuracy", outcome.test ? Json(outcome.test->accuracy) : Json(nullptr)},
                        {"baseline_accuracy", outcome.test ? Json(baseline.accuracy) : Json(nullptr)}};
  }
  print(options.json ? json.dump(2) + "\n" : text);
  return 0;
}

void add_diagnose(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand(
      "diagnose", "Signal, noise and regime of brought tokens: what the theory predicts, and what comes of a run");
  command->footer(
      "Examples:\n"
      "  benign diagnose --data vit.npy --labels y.npy --eta 0.2 --lr-unit tau0 --lr 0.02\n"
      "  benign diagnose --data fashion-mnist:0,6 --n 200 --eta 0.2 --lr-unit tau0 --lr 0.02");
  auto options = std::make_shared<DiagnoseOptions>(*command);
  command->add_flag("--no-run", options->no_run, "the prediction alone");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

const RegisterCommand diagnose_command("diagnose", add_diagnose);

}  // namespace

}  // namespace benign::proofs

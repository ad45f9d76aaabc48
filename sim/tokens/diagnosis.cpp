#include "sim/tokens/diagnosis.hpp"

#include "sim/runs/parameter_table.hpp"
#include "sim/tokens/oddities.hpp"
#include "sim/tokens/stable_step.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/rates.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace benign::sim {
namespace {

constexpr long looks_of_a_diagnosis = 1000;

theory::Regime regime_at(const theory::Parameters& p, const Estimate& snr, double value) {
  if (!(snr.value > 0)) return theory::regime(p);
  theory::Parameters q = p;
  q.mu = decimal_of(std::max(1e-30, p.mu.as<double>() * std::max(0.0, value) / snr.value));
  return theory::regime(q);
}

std::string shortest(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", x);
  return text;
}

Prediction predict(const theory::Parameters& p, const Estimate& snr, double gain) {
  Prediction predicted;
  const double x = theory::n_snr2(p);
  predicted.n_snr2 = {x, snr.value > 0 ? 2 * x * snr.error / snr.value : 0};
  predicted.borders = theory::borders(p);
  predicted.turning_point = theory::turning_point(p);
  predicted.at = regime_at(p, snr, snr.value);
  predicted.below = regime_at(p, snr, snr.value - 2 * snr.error);
  predicted.above = regime_at(p, snr, snr.value + 2 * snr.error);
  // The model's rates are those of a head that answers γ to the signal: with a head that answers the other way clean
  // samples turn away from their best tokens.
  if (const double log_s = elementary::log(theory::half_attention_time(p) / gain); gain > 0 && std::isfinite(log_s))
    predicted.log_s_attention = log_s;
  const double error = theory::delay_slope(p) * predicted.n_snr2.error / (x * x);
  constexpr double ages = 1e6;  // beyond what any run comes to: no time but a signal that is not there
  if (const double log_s = theory::delay(p); gain > 0 && log_s < ages) predicted.log_s_gap = Estimate{log_s, error};
  return predicted;
}

}  // namespace

theory::Parameters effective_parameters(const RunConfig& config, const TokenEstimates& e) {
  theory::Parameters p = config.parameters;
  p.d = std::max(2L, std::lround(e.effective_dimension.value));
  p.T = std::max(2L, std::lround(e.tokens));
  p.mu = decimal_of(std::max(e.mu.value, 1e-30));
  p.rho = decimal_of(std::clamp(e.rho.value, 0.0, 0.999));
  p.sigma = decimal_of(std::sqrt(e.noise2.value / static_cast<double>(p.d)));
  return p;
}

double head_gain(const Brought& brought) {
  const Eigen::VectorXd difference = (brought.signals.row(0) - brought.signals.row(1)).transpose() / 2;
  const Eigen::VectorXd nu =
      brought.many() ? Eigen::VectorXd(brought.head.rightCols(1) - brought.head.col(0)) : brought.head.col(0);
  return nu.dot(difference) / theory::head_scale<double>();
}

Diagnosis diagnose(const RunConfig& config, bool train) {
  const Brought& brought = *config.brought;
  Diagnosis found;
  found.config = config;
  found.estimates = estimate_tokens(brought.train, brought.classes);
  found.signal = test_of_no_signal(brought.train, brought.classes);
  found.gain = head_gain(brought);
  found.predicted = predict(effective_parameters(config, found.estimates), found.estimates.snr, found.gain);
  if (brought.test) found.baseline = clean_baseline(brought);
  found.start_sharpness = start_sharpness(config);
  if (train) found.observed = train_on_tokens(config, looks_of_a_diagnosis);
  if (train && found.unstable())
    found.stable_lr = stable_step(config, found.start_sharpness.value_or(0), looks_of_a_diagnosis);
  return found;
}

std::vector<std::string> remarks(const Diagnosis& d) {
  const Brought& brought = *d.config.brought;
  std::vector<std::string> found = oddities(brought.train);
  const auto say = [&](std::string text) { found.push_back(std::move(text)); };
  if (!brought.train.padding.empty() && brought.test && brought.test->padding.empty())
    say("the test tokens have no mask (--test-mask): all of them are attended to");
  if (!d.signal.signal())
    say("no signal: labels in a random order do as well (p = " + shortest(d.signal.p_value) +
        "); the strongest position, and what follows from it, are chance");
  if (d.gain <= 0)
    say("the head answers the signal the wrong way: are its classes in the order of the labels?");
  else if (d.baseline && d.baseline->accuracy < 1.0 / brought.classes)
    say("the head at uniform attention is right on less of the test set than guessing");
  if (d.predicted.borders_crossed())
    say("the borders have crossed, d_eff < n^2: whatever SNR is, the prediction cannot be benign");
  if (d.start_sharpness.value_or(0) >= 2)
    say("the step is beyond stability at the start: alpha lambda_max = " + shortest(*d.start_sharpness) +
        ", where 2 is the limit");
  if (d.observed && d.observed->first_rise)
    say("the training loss rose, first at step " + std::to_string(*d.observed->first_rise) +
        ": what is observed is that of an unstable descent");
  if (d.stable_lr)
    say("a stable step: --lr " + shortest(*d.stable_lr) + ", by which the loss fell wherever it was looked at");
  return found;
}

}  // namespace benign::sim

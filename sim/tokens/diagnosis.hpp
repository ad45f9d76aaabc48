#pragma once
// What the theory says of given tokens, beside what comes of training on them.
//
// The theory is asked with the estimates in place of its parameters: d_eff for d, ‖μ‖ and σ²d_eff = tr Σ, so that SNR
// is ‖μ‖/√(tr Σ) and the borders are d_eff^{−1/4} and n^{−1/2} [D].

#include "sim/tokens/estimates.hpp"
#include "sim/tokens/signal_test.hpp"
#include "sim/tokens/token_study.hpp"
#include "theory/laws/regime.hpp"

#include <string>
#include <vector>

namespace benign::sim {

/// n, T, d_eff, ‖μ‖, ρ, η and σ for what the theory predicts.
theory::Parameters effective_parameters(const RunConfig& config, const TokenEstimates& estimates);

/// The head's answer to the signal over that of the model's, ν·(μ₊ − μ₋)/2 / γ: rates of the model go with it. Of many
/// classes, for the first and the last.
double head_gain(const Brought& brought);

/// The theory's answer to the estimates.
struct Prediction {
  Estimate n_snr2;
  theory::Borders borders{};
  double turning_point = 0;               ///< x_c
  theory::Regime at{}, below{}, above{};  ///< at the estimate of SNR, and two standard errors below and above it
  std::optional<double> log_s_attention;  ///< when clean attention comes to 1/2; nothing where it never does
  std::optional<Estimate> log_s_gap;      ///< when the test gap comes to log T; nothing where it never does

  /// d_eff^{−1/4} > n^{−1/2}: no SNR is benign.
  bool borders_crossed() const { return borders.harmful > borders.not_overfitting; }
};

struct Diagnosis {
  RunConfig config;
  TokenEstimates estimates;
  SignalTest signal;
  double gain = 0;  ///< head_gain
  Prediction predicted;
  std::optional<TokenOutcome> observed;
  std::optional<TestError> baseline;      ///< where there is a test set
  std::optional<double> start_sharpness;  ///< αλ_max at the start (stable_step.hpp)
  std::optional<double> stable_lr;        ///< where the configuration's is not stable and a stable one was found

  /// Of a descent, at its start or at a loss that rose.
  bool unstable() const { return start_sharpness.value_or(0) >= 2 || (observed && observed->first_rise); }
};

/// What a reader has to know before believing the rest, a sentence each: what in the tokens looks like no token, labels
/// without a signal, a head that answers the wrong way, borders that have crossed, a step beyond stability.
std::vector<std::string> remarks(const Diagnosis& diagnosis);

/// With `train` also what comes of the configuration's run. The configuration must have brought tokens.
Diagnosis diagnose(const RunConfig& config, bool train);

}  // namespace benign::sim

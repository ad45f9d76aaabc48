#pragma once
// What the theory says of brought tokens, and what comes of training on them.
//
// The theory is asked with the estimates in place of its parameters: d_eff for d, ‖μ‖ and σ²d_eff = tr Σ, so that SNR
// is ‖μ‖/√(tr Σ) and the borders are d_eff^{−1/4} and n^{−1/2} [D]. Of an outcome the paper's terms are taken as
// follows: flipped labels count as memorised where at least half of them are predicted as flipped, and the model
// generalises where its test error is at most 0.02 above that of the frozen head at uniform attention, the clean
// baseline.

#include "sim/tokens/estimates.hpp"
#include "sim/runs/run_config.hpp"
#include "sim/generalisation/test_error.hpp"

#include <string>

namespace benign::sim {

/// n, T, d_eff, ‖μ‖, ρ, η and σ for what the theory predicts.
theory::Parameters effective_parameters(const RunConfig& config, const TokenEstimates& estimates);

struct TokenOutcome {
  double train_loss = 0, train_accuracy = 0;
  double clean_right = 0;               ///< share of the clean training labels predicted right
  std::optional<double> flipped_right;  ///< of the flipped ones; nothing where there are none
  std::optional<TestError> test;
  double clean_attention = 0;             ///< on each sample's best token
  std::optional<double> log_s_attention;  ///< when that of clean samples came to 1/2
  std::optional<double> log_s_fit;        ///< when all training labels were right
};

/// Trains as configured and looks `looks` times.
TokenOutcome train_on_tokens(const RunConfig& config, long looks);

/// The test error of the frozen head at uniform attention.
TestError clean_baseline(const Brought& brought);

/// benign, harmful, not overfitting, neither; fits or not where no label is flipped.
std::string observed_regime(const TokenOutcome& outcome, const TestError& baseline);

/// The head's answer to the signal over that of the model's, ν·(μ₊ − μ₋)/2 / γ: rates of the model go with it. Of many
/// classes, for the first and the last.
double head_gain(const Brought& brought);

}  // namespace benign::sim

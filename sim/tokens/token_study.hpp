#pragma once
// What comes of training on given tokens.

#include "sim/runs/outcome.hpp"
#include "sim/runs/run_config.hpp"

#include <optional>

namespace benign::sim {

struct TokenOutcome {
  double train_loss = 0, train_accuracy = 0;
  Fitted fitted;
  std::optional<TestError> test;
  std::optional<theory::Outcome> regime;  ///< nothing where the test error that it takes is not known
  double clean_attention = 0;             ///< on each sample's best token
  // First times in log s, as far as was looked: nothing where not reached, −∞ where true from the start.
  std::optional<double> log_s_attention;  ///< when that of clean samples came to 1/2
  std::optional<double> log_s_fit;        ///< when all training labels were right
  /// Of a plain descent: the part at which the training loss was first found above what it was at the look before, beyond
  /// rounding; nothing where it never was. A descent with a stable step, like a flow, never has one.
  std::optional<long> first_rise;
};

/// Trains as configured, in its precision, and looks `looks` times.
TokenOutcome train_on_tokens(const RunConfig& config, long looks);

}  // namespace benign::sim

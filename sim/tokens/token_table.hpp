#pragma once
// The paper's table for given tokens: numbers of samples by shares of flipped labels, over seeds.

#include "sim/tokens/diagnosis.hpp"

#include <functional>
#include <vector>

namespace benign::sim {

/// Mean and standard deviation over seeds.
struct Spread {
  double mean = 0, deviation = 0;
};

struct TableCell {
  RunConfig config;
  theory::Regime predicted{};
  double n_snr2 = 0;
  bool borders_crossed = false;
  std::optional<double> start_sharpness;  ///< of the first seed (stable_step.hpp)
  std::vector<TokenOutcome> outcomes;     ///< by seed, counted up from the configuration's

  Spread train_loss() const, train_accuracy() const, test_accuracy() const, test_loss() const, attention() const;
  std::optional<Spread> flipped_right() const;  ///< nothing where no label is flipped
  theory::Outcome observed() const;             ///< that of most seeds, the first of equals
  long rises() const;                           ///< runs whose training loss rose
  bool unstable() const { return start_sharpness.value_or(0) >= 2 || rises() > 0; }
};

struct TokenTable {
  TestError baseline;
  TokenEstimates estimates;
  std::vector<TableCell> cells;
};

/// Trains every configuration with each of the seeds, which are counted up from its own. All of them have the same
/// tokens, with a test set, and a route that knows q. `progress` is told of the runs done, by one thread at a time.
TokenTable token_table(const std::vector<RunConfig>& configs, long seeds, const std::function<void(long)>& progress);

}  // namespace benign::sim

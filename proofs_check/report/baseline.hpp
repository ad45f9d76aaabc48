#pragma once
// Baselines: what checks said about a configuration, written down on purpose, so that a later build is held to it.
//
// Worse is: a verdict of lower rank, a margin that moved towards its claim's edge by more than both errors together, a
// check that is gone. The rank is proved > holds > undecided > vacuous > violated, and the other way round for a claim
// that is expected to be violated.

#include "proofs_check/framework/check.hpp"
#include "sim/runs/records.hpp"

#include <map>
#include <string>
#include <vector>

namespace benign::proofs {

/// What a baseline says about a check. A margin that is not known is NaN, such an error infinite.
struct Bound {
  std::string id = {};
  theory::Verdict verdict = theory::Verdict::undecided;
  theory::Margin margin = {};
};

/// A baseline but for its configuration, which is read as all configurations are.
struct Baseline {
  long seeds = 0;
  double delta = 0;
  std::map<std::string, theory::Decimal> constants = {};
  std::vector<Bound> checks = {};
};

/// {config, seeds, delta, constants, checks: [{id, verdict, expected, margin, error}]}, one check on a line.
std::string baseline_text(const std::vector<Judgement>& judgements, const Laboratory& laboratory);

/// Reads what baseline_text wrote. Throws UsageError naming `where`.
Baseline parse_baseline(const std::string& where, const std::string& text);

struct Regression {
  enum class Kind { verdict, margin, gone };

  Kind kind = Kind::gone;
  Bound before = {};
  Bound now = {};  ///< nothing where the check is gone
};

struct Comparison {
  std::vector<Regression> regressions = {};
  std::vector<std::string> not_in_baseline = {};  ///< checks that ran and have nothing to be held to
};

Comparison compare(const std::vector<Bound>& baseline, const std::vector<Judgement>& judgements);

/// One line for each regression, one for the checks that are not in the baseline.
std::string comparison_text(const Comparison& comparison);

/// {regressions: [{id, what, before, now, error}], not_in_baseline: [id]}.
sim::Json comparison_json(const Comparison& comparison);

}  // namespace benign::proofs

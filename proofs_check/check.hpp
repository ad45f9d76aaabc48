#pragma once
// A check: one assumption, lemma, theorem or law as an object that can be run against a configuration.
//
// To add one, write a file in proofs_check/checks/ that ends in a call of register_check (README, "A theorem of one's
// own"). Its position in `benign list` is its `order`, the place in the argument.

#include "proofs_check/laboratory.hpp"
#include "theory/verdict.hpp"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace benign::proofs {

struct Hypothesis {
  std::string statement;
  bool met = true;
};

/// What a check saw.
struct Finding {
  std::vector<Hypothesis> hypotheses;
  theory::Margin margin;
  /// The C at which the claim begins to hold: the smallest one for a bound, the largest one for an assumption; nothing
  /// for a claim without a constant.
  std::optional<double> constant;
  std::string observed;  ///< the numbers behind the margin, for a person

  bool hypotheses_met() const;
};

/// What can be raised while a verdict is undecided.
enum class Remedy { none, precision, seeds };

struct Check {
  int order = 0;
  std::string id;
  std::string statement;
  std::string
      source;  ///< [P] paper, [A] authors' code, [S] a summary, [D] derived in THEORY, as theory/REFERENCES.md says
  Remedy remedy = Remedy::none;
  std::function<Finding(const Laboratory&)> evaluate;
  theory::Verdict expected = theory::Verdict::holds;
};

/// Returns true, so that a file can register its checks while it initialises a constant.
bool register_check(Check check);

/// All checks, in the order of the argument.
const std::vector<Check>& registry();

/// A check's verdict on a configuration, and the run that decided it.
struct Outcome {
  const Check* check = nullptr;
  Finding finding;
  theory::Verdict verdict = theory::Verdict::undecided;
  Precision precision = Precision::binary64;
  long seeds = 0;
};

/// Evaluates, and while the verdict is undecided raises the check's remedy: the precision to mp100, or the number of
/// seeds up to sixteenfold.
Outcome judge(const Check& check, const Laboratory& laboratory);

}  // namespace benign::proofs

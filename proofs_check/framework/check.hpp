#pragma once
// A check: one assumption, lemma, theorem or law as an object that can be run against a configuration.
//
// To add one, write a file in proofs_check/checks/ that ends in a call of register_check (proofs_check/THEOREM_2_CHECK.md has
// a whole one). Its position in `benign list` is its `order`, the place in the argument. A check brings its own tests: a
// setting where its hypotheses are met, one where they are not, and a planted fault that must violate it.

#include "proofs_check/framework/laboratory.hpp"
#include "theory/model/verdict.hpp"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace benign::proofs {

struct Hypothesis {
  std::string statement;
  bool met = true;
  std::string source = "[D]";  ///< who assumes it, as of a check
};

/// What a check saw.
struct Finding {
  std::vector<Hypothesis> hypotheses = {};
  theory::Margin margin = {};
  double scale = 1;  ///< the size of the bound that the margin is a distance from; figures show margin / scale
  /// The C at which the claim begins to hold: the smallest one for a bound, the largest one for an assumption; nothing
  /// for a claim without a constant.
  std::optional<double> constant = {};
  std::string observed = {};  ///< the numbers behind the margin, for a person
  bool enclosed = false;      ///< the margin's error is that of an enclosure: a positive margin is a proof
  bool finished = true;       ///< false where the experiment could not be: its margin's error is infinite

  bool hypotheses_met() const;
};

theory::Verdict verdict_of(const Finding& finding);

/// What can be raised while a verdict is undecided.
enum class Remedy { none, precision, seeds };

/// One run, or the inner products of one draw alone.
struct Expense {
  sim::RunConfig config = {};
  bool trained = true;
};

/// Given tokens in all up to which curvatures are enclosed and 200 steps are compared: beyond, minutes become hours.
inline constexpr long most_given_tokens = 800;

struct Check {
  int order = 0;
  std::string id = {};
  std::string model = {};  ///< whose claim it is, as --model names it; empty: the paper's
  std::string statement = {};
  /// [P] the paper, [A] the authors' code, [S] a summary, [D] derived in this project, as theory/REFERENCES.md says.
  std::string source = {};
  std::string derivation = {};  ///< the section of theory/THEORY.md, as in "5.11"
  /// The checks, by their ids, whose claims or numbers its argument builds on.
  std::vector<std::string> uses = {};
  std::string tex = {};  ///< the statement as KaTeX reads it; where there is none, pages show the plain one
  /// Of every margin's error that `evaluate` finds; a check that does not state it fails tests/proofs_check/framework/checks_test.cpp.
  theory::ErrorKind error_kind = theory::ErrorKind::unstated;
  Remedy remedy = Remedy::none;
  long least_seeds = 0;  ///< that a study needs to say anything, where more than the user's
  /// What its experiment takes beyond the laboratory's own runs: of a study for each seed, of others once.
  std::function<std::vector<Expense>(const Laboratory&)> expenses = {};
  /// The claim with constant C on what the laboratory is asked about.
  std::function<Finding(const Laboratory&, double C)> evaluate = {};
  /// The constant unless --C says otherwise; nothing for a claim without one, which is evaluated with 1.
  std::optional<double> C = {};
  /// Why it is that number, in a sentence; of a claim without one, which C it reports.
  std::string why_C = {};
  theory::Verdict expected = theory::Verdict::holds;
  bool needs_signals = true;  ///< it speaks of the data model: vacuous with tokens of one's own
  bool any_layout = false;    ///< it needs signals, but holds in any layout, with any classes and flips
  /// It encloses curvatures along the run, (nT)³ each: vacuous with more of one's own tokens than that is done for.
  bool needs_curvature = false;
  bool needs_tokens = false;  ///< it looks at tokens or q themselves: vacuous with --data gram, which draws none
  bool any_method = false;    ///< it looks at no training: all others are vacuous where that is no plain descent
  bool assumption = false;    ///< a hypothesis of others: holds or vacuous, never violated

  // The check's own tests, run by tests/proofs_check/framework/checks_test.cpp; the laboratory starts from a small setting.
  /// Makes the hypotheses met; nothing to do unless given.
  std::function<void(Laboratory&)> met = {};
  /// Makes a hypothesis unmet.
  std::function<void(Laboratory&)> unmet = {};
  /// The same claim on an input with a planted fault.
  std::function<Finding(const Laboratory&, double C)> fault = {};
};

/// The check with what its argument is, for those that a function makes.
Check argued(Check check, std::string derivation, std::vector<std::string> uses, std::string tex);

/// What a check is, by the first of its id's words that is one of a kind; a theorem where none is.
enum class CheckKind { assumption, lemma, law, theorem, figure, numerics };
const char* name(CheckKind kind);
CheckKind kind_of(const std::string& id);

/// Returns true, so that a file can register its checks while it initialises a constant.
bool register_check(Check check);

/// A check over many seeds.
inline bool is_study(const Check& check) { return check.remedy == Remedy::seeds; }

/// Seconds on one core that these checks take beyond the laboratory's own runs, about: an expense that several have is
/// counted once. An undecided study takes up to sixteen times as long.
double expected_seconds(const std::vector<const Check*>& checks, const Laboratory& laboratory);

/// Seconds on one core that this check alone takes, with what it needs of the laboratory's own run: a study nothing,
/// one that looks at no training the tokens or their inner products, all others the whole of it.
double expected_seconds(const Check& check, const Laboratory& laboratory);

/// All checks, in the order of the argument.
const std::vector<Check>& registry();

/// The ids of all checks whose `uses` name it, in the order of the argument.
std::vector<std::string> users_of(const std::string& id);

/// A check's verdict on a configuration, and the run that decided it.
struct Judgement {
  const Check* check = nullptr;
  Finding finding;
  theory::Verdict verdict = theory::Verdict::undecided;
  Precision precision = Precision::binary64;
  long seeds = 0;
};

/// What the check finds, without raising anything.
Finding evaluate(const Check& check, const Laboratory& laboratory);

/// Evaluates, and while the verdict is undecided raises the check's remedy: the precision to mp100, or the number of
/// seeds up to sixteenfold.
Judgement judge(const Check& check, const Laboratory& laboratory);

/// Who is told, by several threads at once, that a check begins and what it came to, by its place among those judged.
struct Onlooker {
  std::function<void(std::size_t)> begins = {};
  std::function<void(std::size_t, const Judgement&)> falls = {};
};

/// Judges all, in this order: first all but the studies side by side, then the studies, each of which is parallel in
/// itself. Of the quick ones the first that draws runs alone, so that all threads form the inner products that the
/// others wait for. In the order of `checks`.
std::vector<Judgement> judge_all(const std::vector<const Check*>& checks, const Laboratory& laboratory,
                                 const Onlooker& onlooker = {});

}  // namespace benign::proofs

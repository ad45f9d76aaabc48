#pragma once
// What a certificate says of one number: "QUANTITY<VALUE@STEP is proved, since the quantity lies between two numbers".
// Of "QUANTITY never falls@STEP" the number is the least rise of the quantity in one step up to there.

#include "proofs_check/checker/form/json.hpp"
#include "theory/numbers/decimal.hpp"

#include <boost/multiprecision/gmp.hpp>

#include <optional>
#include <string>

namespace benign::checker {

using Rational = boost::multiprecision::mpq_rational;

/// The number that a decimal's text is, [+−] digits with at most one point, and an exponent of at most five digits.
std::optional<Rational> rational(const std::string& text);

enum class Quantity {
  train_accuracy,
  train_loss,
  loss_fall,
  least_margin,
  margin_clean_min,
  margin_noisy_min,
  margin_noisy_max,
  attention_clean,
  attention_clean_min,
  attention_clean_max,
  attention_noisy,
  attention_noisy_min,
  attention_noisy_max,
  mu_plus_q,
  mu_minus_q,
  q_norm2,
  test_error,
  test_loss,
  log_s_fit,
  log_s_gap,
  margin,
  logit,
  attention,
};

/// What a claim may be about.
struct Run {
  enum Kind { descent, flow, limit };
  Kind kind = descent;
  long n = 0, T = 0, steps = 0;
  bool brought = false;
  long pieces = 0;   ///< of a range of ‖μ‖, ρ or α, that are followed; 0 of a single run
  long members = 0;  ///< of a range, that refute a claim: at most so many
};

/// Never falls: its least rise in one step is at least 0. Never rises: its least fall is.
enum class Trend { none, never_falls, never_rises };

struct Claim {
  std::string text;
  Quantity quantity{};
  std::size_t sample = 0, token = 0;  ///< of margin[i], logit[i,t], attention[i,t]
  Trend trend = Trend::none;          ///< of which the claim is "≥ 0"
  bool below = true;                  ///< < or ≤; else > or ≥
  bool strict = true;
  Rational bound;
  long step = 0;

  /// Whether its number is one of samples: neither a share nor a change.
  bool counts() const { return quantity == Quantity::train_accuracy && trend == Trend::none; }
  /// Whether its number is a time.
  bool of_event() const { return quantity == Quantity::log_s_fit || quantity == Quantity::log_s_gap; }
  /// Whether it is about the population's test inputs.
  bool of_test() const { return quantity == Quantity::test_error || quantity == Quantity::test_loss; }
};

/// Throws UsageError at the place `at`.
Claim parse_claim(const Place& place, std::size_t at, const std::string& text, const Run& run);

/// "the training loss at step 20", for a statement in words: what a claim is about, and when.
std::string in_words(const Claim& claim, const Run& run);

enum class Verdict { proved, violated };

/// One claim of a certificate.
struct Stated {
  Claim claim;
  Verdict verdict{};
  std::optional<Rational> lower, upper;  ///< nothing: no claim is made there
  std::string lower_text = "-inf", upper_text = "inf";
  std::size_t place = 0;
  std::optional<theory::Decimal>
      where;  ///< of a range's claim that is violated: the member, or the part, that refutes it

  /// Of the test error and loss no interval is stated: another's bounds say nothing of the checker's own.
  bool has_interval() const { return !claim.of_test(); }
};

/// Whether every number of [lower, upper] meets the claim, where `proved` is stated, or none does. An accuracy is
/// stated as numbers of right samples of n.
bool follows(const Stated& stated, long n);

}  // namespace benign::checker

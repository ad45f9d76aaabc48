#pragma once
// What came of a run, in the paper's terms: the one definition, for the model and for given tokens.

#include "theory/model/model.hpp"

#include <optional>
#include <string>

namespace benign::theory {

/// Whether the clean and the flipped training labels are fitted, and whether the run generalises:
///
///     clean and flipped fitted, generalises           benign
///     clean and flipped fitted, does not generalise   harmful
///     all clean and not all flipped ones, generalises not_overfitting: a test is made of clean labels
///     anything else                                   neither: nothing has been learnt yet, or a clean label is wrong
///
/// In the model labels are fitted where all of them are predicted right, and a run generalises once the population test
/// loss has come half way from log 2, that of no decision, to the head's floor log(1 + e^{−γ}). A frozen head on given
/// tokens cannot fit all labels by selecting tokens, and has no such floor: there labels are fitted where at least half
/// of them are predicted right, and a run generalises where its test accuracy is above that of guessing and at most
/// 0.02 below that of the head at uniform attention, the clean baseline. Of given tokens without a flipped label
/// nothing can be memorised: they `fit`, all of them predicted right, or do not.
enum class Outcome { harmful, benign, not_overfitting, neither, fits, does_not_fit };

/// The outcomes of the model.
inline constexpr const char* outcome_names[] = {"harmful", "benign", "not_overfitting", "neither"};
/// Those of given tokens.
inline constexpr const char* given_outcome_names[] = {"harmful", "benign", "not_overfitting",
                                                      "neither", "fits",   "does_not_fit"};

/// As a key of records.
inline const char* key(Outcome outcome) { return given_outcome_names[static_cast<int>(outcome)]; }

/// In words: "not overfitting".
inline std::string name(Outcome outcome) {
  std::string text = key(outcome);
  for (char& c : text)
    if (c == '_') c = ' ';
  return text;
}

inline Outcome outcome(bool clean_fitted, bool flipped_fitted, bool generalises) {
  if (clean_fitted && flipped_fitted) return generalises ? Outcome::benign : Outcome::harmful;
  return clean_fitted && generalises ? Outcome::not_overfitting : Outcome::neither;
}

/// The model's test loss from which on a run generalises: 0.547.
inline double generalisation_level() { return (elementary::log(2.0) + loss_floor<double>()) / 2; }

/// Of the model.
inline Outcome model_outcome(bool clean_right, bool flipped_right, double test_loss) {
  return outcome(clean_right, flipped_right, test_loss <= generalisation_level());
}

/// The train accuracy between at least half of the flipped labels being fitted, beside all clean ones, and one fewer.
inline double half_fitted_accuracy(const Parameters& p) {
  return 1 - (static_cast<double>(noise_count(p) / 2) + 0.5) / static_cast<double>(p.n);
}

inline constexpr double fitted_share = 0.5;   ///< of given labels predicted right, from which on they are fitted
inline constexpr double allowed_loss = 0.02;  ///< of test accuracy against the clean baseline

/// Of given tokens: the shares of clean and of flipped labels predicted right (nothing where none is flipped), whether
/// all labels are, and the test accuracy beside its baseline (nothing without a test set).
inline std::optional<Outcome> given_outcome(double clean_right, const std::optional<double>& flipped_right,
                                            bool all_right, const std::optional<double>& test_accuracy, double baseline,
                                            int classes) {
  if (!flipped_right) return all_right ? Outcome::fits : Outcome::does_not_fit;
  if (!test_accuracy) return std::nullopt;
  const bool generalises = *test_accuracy >= baseline - allowed_loss && *test_accuracy > 1.0 / classes;
  return outcome(clean_right >= fitted_share, *flipped_right >= fitted_share, generalises);
}

}  // namespace benign::theory

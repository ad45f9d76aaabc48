#pragma once
// What came of a run, in the paper's terms.

#include "theory/model/model.hpp"

namespace benign::theory {

/// `fits`: every training label is predicted right. `generalises`: the population test loss has come half way from
/// log 2, that of no decision, to the head's floor log(1 + e^{−γ}).
///
///     fits and generalises               benign
///     fits, does not generalise          harmful
///     generalises, flipped labels wrong  not_overfitting: the clean labels, which a test is made of, are right
///     neither                            neither: nothing has been learnt yet, or a clean label is wrong
enum class Outcome { harmful, benign, not_overfitting, neither };
inline constexpr const char* outcome_names[] = {"harmful", "benign", "not_overfitting", "neither"};

/// The test loss from which on a run generalises: 0.547.
inline double generalisation_level() { return (std::log(2.0) + loss_floor<double>()) / 2; }

inline Outcome outcome(bool clean_right, bool noisy_right, double test_loss) {
  const bool generalises = test_loss <= generalisation_level();
  if (clean_right && noisy_right) return generalises ? Outcome::benign : Outcome::harmful;
  return clean_right && generalises ? Outcome::not_overfitting : Outcome::neither;
}

}  // namespace benign::theory

#pragma once
// What came of a run, as theory/model/outcome.hpp defines it, from what was seen at its end.

#include "sim/runs/simulate.hpp"
#include "theory/model/outcome.hpp"

namespace benign::sim {

/// Shares of the training labels that are predicted right.
struct Fitted {
  double clean = 1;               ///< of the clean ones; 1 where there are none
  std::optional<double> flipped;  ///< of the flipped ones; nothing where there are none
};

template <class Real>
Fitted fitted(const theory::Samples<Real>& samples, const std::vector<bool>& noisy, const Observation<Real>& seen);
template <class Real>
Fitted fitted(const Run<Real>& run, const Observation<Real>& seen) {
  return fitted(run.frame().samples, run.frame().noisy, seen);
}

/// The test error of the frozen head at uniform attention. The tokens must have a test set.
TestError clean_baseline(const Brought& brought);

/// Nothing where the test error that it takes is not known.
template <class Real>
std::optional<theory::Outcome> outcome(const Run<Real>& run, const Observation<Real>& seen,
                                       const std::optional<TestError>& test);

}  // namespace benign::sim

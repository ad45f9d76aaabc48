#pragma once
// The paper's assumptions as hypotheses of other checks, with the constants that the user chose.

#include "proofs_check/check.hpp"
#include "theory/regime.hpp"

namespace benign::proofs {

/// The largest C for which an assumption holds on the laboratory's configuration.
using Slack = double (*)(const Laboratory&);

inline double slack_A1(const Laboratory& laboratory) {
  return theory::slack_A1(laboratory.config.parameters, laboratory.delta);
}
inline double slack_A2(const Laboratory& laboratory) {
  return theory::slack_A2(laboratory.config.parameters, laboratory.delta);
}
inline double slack_not_harmful(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  return theory::snr(p) / theory::borders(p).harmful;
}
inline double slack_overfits(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  return theory::borders(p).not_overfitting / theory::snr(p);
}

/// A1 and A2 with the constants of their own checks (--C assumption.A1=…).
inline std::vector<Hypothesis> working_assumptions(const Laboratory& laboratory) {
  return {{"A1", slack_A1(laboratory) > laboratory.constant("assumption.A1", 1)},
          {"A2", slack_A2(laboratory) > laboratory.constant("assumption.A2", 1)}};
}

/// SNR above d^{−1/4} and below n^{−1/2}, likewise.
inline Hypothesis not_harmful(const Laboratory& laboratory) {
  return {"SNR above d^(-1/4)", slack_not_harmful(laboratory) > laboratory.constant("assumption.not_harmful", 1)};
}
inline Hypothesis overfits(const Laboratory& laboratory) {
  return {"SNR below n^(-1/2)", slack_overfits(laboratory) > laboratory.constant("assumption.overfits", 1)};
}

}  // namespace benign::proofs

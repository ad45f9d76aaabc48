#pragma once
// The paper's assumptions as hypotheses of other checks, with the constants that the user chose.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/stability.hpp"
#include "theory/model/model.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>

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

inline Hypothesis both_trained(const Laboratory& laboratory) {
  return {"W and p are trained (--train W,p)", laboratory.config.train == sim::Train::W_and_p, "[P]"};
}

/// A1 and A2 with the constants of their own checks (--C assumption.A1=…).
inline std::vector<Hypothesis> working_assumptions(const Laboratory& laboratory) {
  return {{"A1", slack_A1(laboratory) > laboratory.constant("assumption.A1", 1), "[A]"},
          {"A2", slack_A2(laboratory) > laboratory.constant("assumption.A2", 1), "[A]"}};
}

/// SNR above d^{−1/4} and below n^{−1/2}, likewise.
inline Hypothesis not_harmful(const Laboratory& laboratory) {
  return {"SNR above d^(-1/4)", slack_not_harmful(laboratory) > laboratory.constant("assumption.not_harmful", 1),
          "[P]"};
}
inline Hypothesis overfits(const Laboratory& laboratory) {
  return {"SNR below n^(-1/2)", slack_overfits(laboratory) > laboratory.constant("assumption.overfits", 1), "[P]"};
}

// Hypotheses that are not the paper's, but of the laws about first rates (theory/laws/rates.hpp).

inline Hypothesis zero_start(const Laboratory& laboratory) {
  return {"p0 = 0", laboratory.config.parameters.sigma_p.exact() == 0};
}
/// The signals stand out of the noise: corrections in σ/‖μ‖ are small.
inline Hypothesis loud_signals(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  return {"|mu| >= 8 sigma", p.mu.exact() >= 8 * p.sigma.exact()};
}
/// There is room for all tokens' noise: corrections in nT/d are small.
inline Hypothesis roomy(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  return {"10 n T <= d", 10 * p.tokens() <= p.d};
}
/// As many as the rates count on: `peer` rounds otherwise.
inline Hypothesis has_noisy_samples(const Laboratory& laboratory) {
  return {"there are noisy samples, counted exactly (no --data peer)",
          theory::noise_count(laboratory.config.parameters) > 0 && laboratory.config.data != sim::DataKind::peer};
}
inline Hypothesis below_turning_point(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  const double turning_point = theory::turning_point(p);
  return {format("n SNR^2 < x_c = %.4g, where noisy samples first turn to the relevant token", turning_point),
          std::isfinite(turning_point) && theory::n_snr2(p) < turning_point};
}
/// The pull of noisy samples on their signal over that of clean ones, at the start and in the class where it is larger:
/// N_n w_n/(N_c w_c). An odd count has its extra noisy sample in class +1.
inline double outweighed_by(const theory::Parameters& p) {
  const double x = theory::head_scale<double>() / static_cast<double>(p.T);
  const double noisy = static_cast<double>(std::max(theory::noise_count(p, +1), theory::noise_count(p, -1)));
  const double clean = static_cast<double>(p.n) / 2 - noisy;
  return clean > 0 ? noisy * theory::sigmoid(x) / (clean * theory::sigmoid(-x)) : HUGE_VAL;
}

/// The standard deviation of a signal's first rate over its mean, from the tokens' noise along the signal and, for a
/// random W₀, as much again from W₀ (THEORY section 5.4):
///
///     √(Σ_i w_i²) √((1 − 1/T + 2ρ²)(1 or 2)) T σ / ((T − 1 − 2ρ) ‖μ‖ (N_c w_c − N_n w_n)).
inline double signal_noise(const theory::Parameters& p) {
  const double T = static_cast<double>(p.T), rho = p.rho.as<double>(), x = theory::head_scale<double>() / T;
  const double all = static_cast<double>(theory::noise_count(p)), n = static_cast<double>(p.n);
  const double noisy = static_cast<double>(std::max(theory::noise_count(p, +1), theory::noise_count(p, -1)));
  const double w_noisy = theory::sigmoid(x), w_clean = theory::sigmoid(-x);
  const double excess = (n / 2 - noisy) * w_clean - noisy * w_noisy;
  const double squares = (n - all) * w_clean * w_clean + all * w_noisy * w_noisy;
  const double sources = p.init == theory::Init::identity ? 1 : 2;
  if (!(excess > 0)) return HUGE_VAL;
  return std::sqrt(squares * (1 - 1 / T + 2 * rho * rho) * sources) * T * p.sigma.as<double>() /
         ((T - 1 - 2 * rho) * p.mu.as<double>() * excess);
}

/// The relevant token's answer stands out of those of the weak ones, ±ργ.
inline Hypothesis weak_tokens(const Laboratory& laboratory) {
  return {"weak tokens are weak: rho <= 1/2", 2 * laboratory.config.parameters.rho.exact() <= 1};
}
/// An odd count has its extra noisy sample in class +1.
inline Hypothesis clean_outweigh(const Laboratory& laboratory) {
  return {"clean samples outweigh noisy ones at the start, in either class",
          outweighed_by(laboratory.config.parameters) < 1};
}

/// What first rates to leading order take for granted.
inline std::vector<Hypothesis> leading_order(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  return {zero_start(laboratory),
          {"the classes have equally many noisy samples (no --data peer)",
           laboratory.config.data != sim::DataKind::peer && theory::noise_count(p) % 2 == 0},
          {"clean samples outweigh noisy ones at the start", theory::first_rates(p).signal > 0},
          weak_tokens(laboratory),
          {"to leading order: |mu| >= 8 sigma, d >= 10 n T, 4 <= T <= 16",
           loud_signals(laboratory).met && roomy(laboratory).met && p.T >= 4 && p.T <= 16}};
}

/// No selection fits a sample none of whose tokens answers with its label: for a flipped one in some 2^{3−T} of the
/// draws in which tokens 2 and 3 fail it.
inline Hypothesis fittable(const sim::Trajectory& trajectory) {
  const Index T = trajectory.samples.T;
  bool every = true;
  for (Index i = 0; i < trajectory.samples.n; ++i)
    every =
        every &&
        (element(trajectory.samples.labels, i) * trajectory.samples.values.segment(i * T, T).array()).maxCoeff() > 0;
  return {"every sample has a token that answers with its label", every};
}

/// A descent that is stable, or a flow whose time is a number.
inline Hypothesis sound_run(const Laboratory& laboratory) {
  if (!laboratory.config.flow) return stable_start(laboratory);
  return {"the flow ends where tau is a double", sim::horizon<double>(laboratory.config) <= 600};
}

}  // namespace benign::proofs

#pragma once
// The signal-to-noise ratio, the borders that the paper draws in it, and its working assumptions with their slack.
//
// "o", "ω" and "sufficiently large" leave a constant open. Each statement here takes it as C (1 unless given), and
// reports the largest C for which it holds: its slack. A slack of 3 is a hypothesis met three times over, one of 0.2
// is missed by a factor of 5.

#include "theory/model/parameters.hpp"

namespace benign::theory {

/// SNR = ‖μ‖ / (σ√d) [P].
double snr(const Parameters& parameters);

/// The paper's Figure 1 [P]: SNR = o(d^{−1/4}) overfits harmfully, SNR = ω(n^{−1/2}) does not overfit, and between the
/// two borders overfitting is benign.
enum class Regime { harmful, benign, not_overfitting };
constexpr const char* name(Regime regime) {
  return regime == Regime::harmful  ? "harmful overfitting"
         : regime == Regime::benign ? "benign overfitting"
                                    : "not overfitting";
}

struct Borders {
  double harmful;          ///< d^{−1/4}
  double not_overfitting;  ///< n^{−1/2}
};
Borders borders(const Parameters& parameters);

/// The regime with both constants 1. Where the borders cross (d < n²) nothing lies between them, and the nearer one
/// in the logarithm decides.
Regime regime(const Parameters& parameters);

/// Working assumption A1 [A]: d > C n ‖μ‖²/σ² and d > C n² log²(Tn/δ). The largest C of each and of both:
/// the first says SNR < (Cn)^{−1/2}, so it cannot be a hypothesis of what happens beyond n^{−1/2}.
double slack_A1_signal(const Parameters& parameters);
double slack_A1_dimension(const Parameters& parameters, double delta);
double slack_A1(const Parameters& parameters, double delta);

/// Working assumption A2 [A]: ‖μ‖/σ > C d^{1/4} log^{1/2}(Tn/δ). Returns the largest C.
double slack_A2(const Parameters& parameters, double delta);

}  // namespace benign::theory

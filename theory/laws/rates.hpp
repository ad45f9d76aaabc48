#pragma once
// First rates of everything, where attention is uniform (p₀ = 0), to leading order in 1/d, 1/√d, σ/‖μ‖ and ε [D].
//
// Time is natural, s = τ/τ₀. With γ = 1/√2, w_c = σ(−γ/T) and w_n = σ(γ/T) the loss derivatives of clean and noisy
// samples at uniform attention, and N_c, N_n the clean and noisy samples of a class (halves of the totals):
//
//     a token's own noise       d(ε₁·q)/ds = ± w γ (T−1)/T²                        (+ clean, − noisy)
//     the signals               d(μ±·q)/ds = SNR² A',  A' = γ (T−1−2ρ)/T² (N_c w_c − N_n w_n)
//     the effective gap Λ       dΛ/ds = ± w γ/T + SNR² A' (1 − 2ρ/(T−1))
//
// Λ = ℓ₁ − log((1/(T−1)) Σ_{t≠1} e^{ℓ_t}) is the gap for which s₁ = 1/(1 + (T−1)e^{−Λ}) exactly, so that
// g_{T−1}(Λ(s)) − g_{T−1}(Λ(0)) = ∫ c ds with c = (dΛ/ds) / (s₁(1 − s₁)), at the start c = (dΛ/ds) T²/(T−1).
//
// Noisy samples first turn towards the relevant token if SNR² A' (1 − 2ρ/(T−1)) > w_n γ/T: beyond
//
//     n SNR² = x_c = n w_n T / ((1 − 2ρ/(T−1)) (T−1−2ρ) (N_c w_c − N_n w_n)),      4.55 at the defaults.

#include "theory/model/parameters.hpp"

namespace benign::theory {

struct Rates {
  double noise_clean, noise_noisy;  ///< d(ε₁·q)/ds
  double signal;                    ///< d(μ±·q)/ds
  double gap_clean, gap_noisy;      ///< dΛ/ds
  double c_clean, c_noisy;          ///< of g_{T−1}(Λ) per s
};
Rates first_rates(const Parameters& parameters);

/// The effective gap of one sample's T logits.
double effective_gap(const double* logits, long T);

/// x_c; infinite where clean samples do not outweigh noisy ones.
double turning_point(const Parameters& parameters);

/// n SNR².
double n_snr2(const Parameters& parameters);

/// The s at which a clean sample's attention on its relevant token reaches 1/2, if c stays what it is at the start:
/// g_{T−1}(log(T−1)) − g_{T−1}(0) = c s.
double half_attention_time(const Parameters& parameters);

}  // namespace benign::theory

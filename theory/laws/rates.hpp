#pragma once
// First rates at uniform attention (p₀ = 0), to leading order in 1/d, 1/√d, σ/‖μ‖ and ε: THEORY section 5.11 [D]. With
// γ = 1/√2, w_c = σ(−γ/T), w_n = σ(γ/T), N_c and N_n the clean and noisy samples of a class (halves of the totals),
// s = τ/τ₀, and the upper sign for clean samples,
//
//     a token's own noise       d(ε₁·q)/ds = ± w γ (T−1)/T²
//     the signals               d(μ±·q)/ds = SNR² A',  A' = γ (T−1−2ρ)/T² (N_c w_c − N_n w_n)
//     the effective gap Λ       dΛ/ds = ± w γ/T + SNR² A' (1 − 2ρ/(T−1))
//     of g_{T−1}(Λ)             c = (dΛ/ds) T²/(T−1)
//
// Noisy samples first turn to the relevant token where n SNR² > x_c, 4.55 at the defaults:
//
//     x_c = n w_n T / ((1 − 2ρ/(T−1)) (T−1−2ρ) (N_c w_c − N_n w_n)).

#include "theory/model/parameters.hpp"

namespace benign::theory {

struct Rates {
  double noise_clean, noise_noisy;  ///< d(ε₁·q)/ds
  double signal;                    ///< d(μ±·q)/ds
  double gap_clean, gap_noisy;      ///< dΛ/ds
  double c_clean, c_noisy;          ///< of g_{T−1}(Λ) per s
};
Rates first_rates(const Parameters& parameters);

/// The effective gap of one sample's T logits, ℓ₁ − log((1/(T−1)) Σ_{t≠1} e^{ℓ_t}).
double effective_gap(const double* logits, long T);

/// x_c; infinite where clean samples do not outweigh noisy ones.
double turning_point(const Parameters& parameters);

/// n SNR².
double n_snr2(const Parameters& parameters);

/// The s at which a clean sample's attention on its relevant token reaches 1/2, if c stays what it is at the start:
/// g_{T−1}(log(T−1)) − g_{T−1}(0) = c s.
double half_attention_time(const Parameters& parameters);

}  // namespace benign::theory

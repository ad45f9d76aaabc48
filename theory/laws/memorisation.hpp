#pragma once
// Not overfitting is metastable: when flipped samples that first turned to the relevant token are memorised, of the
// class that falls first. THEORY section 5.14 [D]. For x = n SNR² ≫ 1, with w_c = σ(−γ), w_n = σ(γ),
//
//     log(τ/τ₀) = k x − ½ log x + O(1),   k = (1−ρ)²/n · max_θ [N_c Q(p) + N_n Q(r)],   F(p) = w_c θ,  F(r) = −w_n θ;
//     ρ > 0:   F(p) = (1−κ)(p²−1)/2 + κ(p³−1)/3,   Q(p) = log p + log(1−κ+κp),   κ = (1+ρ)/(1−ρ);
//     ρ = 0:   F(p) = (p^{m+1}−1)/(m+1),           Q(p) = m log p,               m = T−1.
//
// Hypotheses: as many labels flipped in one class as in the other; ρX ≫ log T unless ρ = 0, X = μ±·q.

#include "theory/model/parameters.hpp"

namespace benign::theory {

/// k: 0.011260 at the defaults. Infinite without flipped samples, zero where they outweigh the clean ones.
double memorisation_slope(const Parameters& parameters);

/// d log s/d(n SNR²) at n SNR² = x, to O(1/x²).
double memorisation_local_slope(const Parameters& parameters, double x);

}  // namespace benign::theory

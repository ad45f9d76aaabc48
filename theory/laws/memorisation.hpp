#pragma once
// Not overfitting is metastable: when flipped samples that first turned to the relevant token are memorised [D].
//
// For x = n SNR² ≫ 1 all samples turn to their relevant token, and only then do the flipped ones, slowly, memorise:
//
//     log(τ/τ₀) = k x − ½ log x + O(1),        so that a local slope is  k − 1/(2x) + O(1/x²)
//
// for the class that falls first (derivation in REFERENCES.md). With w_c = σ(−γ), w_n = σ(γ), N_c and N_n the clean and
// flipped samples of a class, and the time θ in which dθ = (1−ρ) γ e^{−(1−ρ)X} ds,
//
//     k = (1−ρ)²/n · max_θ [N_c Q(p) + N_n Q(r)],      F(p) = w_c θ,  F(r) = −w_n θ,
//
// where p ≥ 1 and r ≤ 1 are e^{−a} of token 2 for clean and for flipped samples. Two tokens compete where ρ > 0, and
// with κ = (1+ρ)/(1−ρ), F(p) = (1−κ)(p²−1)/2 + κ(p³−1)/3 and Q(p) = log p + log(1−κ+κp); all m = T−1 where ρ = 0, and
// F(p) = (p^{m+1}−1)/(m+1), Q(p) = m log p. Hypotheses: as many labels flipped in one class as in the other; ρX ≫ log T
// unless ρ = 0.

#include "theory/model/parameters.hpp"

namespace benign::theory {

/// k: 0.011260 at the defaults. Infinite without flipped samples, zero where they outweigh the clean ones.
double memorisation_slope(const Parameters& parameters);

/// d log s/d(n SNR²) at n SNR² = x, to O(1/x²).
double memorisation_local_slope(const Parameters& parameters, double x);

}  // namespace benign::theory

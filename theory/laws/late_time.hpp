#pragma once
// How W's training changes the late flow, when p₀ = 0 and all gaps are large: THEORY section 5.19 [D]. With L the gap
// of every sample,
//
//     y² = (1 + √(1 + 4Y²))/2,   Y = L‖q*‖/κ = L √(σ²d‖q*‖²/d) / (κσ) ≈ L √(n(T−1)/(Td)) / (κσ):
//
//     the rate of gaps is     √(1 + 4Y²) times that of p's training alone, and so
//     a gap is                log s + its constant + ½ log(1 + 4Y²) − 4Y²/((1 + 4Y²) L) + O(1/L²);
//     for a random W₀ the share of q in the span of the tokens is   y/√(1 + y²): 1/√2 at Y = 0, 1 at Y = ∞.
//
// Y = 1 is where W's training begins to matter, at gaps of κσ√(d/n)√(T/(T−1)).

#include "theory/model/parameters.hpp"

namespace benign::theory {

/// Y at gaps L, for norm2 = σ²d‖q*‖².
double training_of_W(const Parameters& parameters, double gap, double norm2);

/// √(1 + 4Y²): how much faster gaps grow than by p's training alone.
double joint_speed(double Y);

/// ½ log(1 + 4Y²) − 4Y²/((1 + 4Y²) L).
double extra_gap(double Y, double gap);

/// y/√(1 + y²): a random W₀'s q has this share of its length in the span of the tokens, and m of the error law is m
/// times it.
double span_share(double Y);

}  // namespace benign::theory

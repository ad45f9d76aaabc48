#pragma once
// The gradient flow of W and p of an instance from p₀ = 0, between bounds, in closed form without W or p: with the
// quantities of descent.hpp and time τ,
//
//     ℓ' = −Hg − ru,   r' = −2ℓᵀg,   H' = −(uℓᵀ + ℓuᵀ)
//     Q' = −2(mᵀg + rℓᵀg),   m' = −(Qu + (ℓᵀg)ℓ + Jg + rHg),   J' = −(umᵀ + muᵀ + ℓ(Hg)ᵀ + (Hg)ℓᵀ)
//
// derived in THEORY section 6.2. Time is measured in units of the horizon, which is a factor of all rates and may be an
// interval; it runs from 0 to 1 in steps that are whole numbers of 2^−40.

#include "proofs_check/checker/scene.hpp"
#include "proofs_check/checker/inner_products.hpp"
#include "sim/runs/run_config.hpp"

#include <string>

namespace benign::checker {

struct FlowEnd {
  std::optional<Moment> moment;  ///< at the horizon; nothing where it was not reached
  double steps = 0, spent = 0;   ///< multiplications of intervals, in those of 128 bits
  std::string stopped;           ///< why it was not
  bool hopeless = false;         ///< and that more digits would not help
};

/// At the working precision, and with no more than `budget` multiplications of intervals.
FlowEnd follow_flow(const sim::RunConfig& config, const sim::Instance& instance, const InnerProducts& products,
                    double budget);

}  // namespace benign::checker

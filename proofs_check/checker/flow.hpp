#pragma once
// The gradient flow of W and p of an instance from p₀ = 0, between bounds, in closed form without W or p: with the
// quantities of descent.hpp and time τ,
//
//     ℓ' = −Hg − ru,   r' = −2ℓᵀg,   H' = −(uℓᵀ + ℓuᵀ)
//     Q' = −2(mᵀg + rℓᵀg),   m' = −(Qu + (ℓᵀg)ℓ + Jg + rHg),   J' = −(umᵀ + muᵀ + ℓ(Hg)ᵀ + (Hg)ℓᵀ)
//
// derived in THEORY section 6.2. Time is measured in units of the horizon, which is a factor of all rates and may be an
// interval; it runs from 0 to 1 in steps that are whole numbers of 2^−40.

#include "proofs_check/checker/descent/inner_products.hpp"
#include "proofs_check/checker/descent/scene.hpp"
#include "proofs_check/checker/taylor_model.hpp"
#include "sim/runs/run_config.hpp"

#include <string>

namespace benign::checker {

/// What is asked of a flow: when all training labels are predicted right, and when both μ±·q are above log T, for the first
/// time; and what is seen at the horizon.
struct FlowQuestion {
  bool fit = false, gap = false, end = true;
};

struct FlowEnd {
  std::optional<Moment> moment;  ///< at the horizon; nothing where it was not reached, or not asked for
  FirstTime fit, gap;            ///< as far as asked, in shares of the horizon
  double steps = 0, spent = 0;   ///< multiplications of intervals, in those of 128 bits
  std::string stopped;           ///< why it was not
  bool hopeless = false;         ///< and that more digits would not help
};

/// At the working precision, up to the horizon or to what is asked, with no more than `budget` multiplications of intervals.
FlowEnd follow_flow(const sim::RunConfig& config, const sim::Instance& instance, const InnerProducts& products,
                    double budget, const FlowQuestion& asked = {});

/// log(τ/τ₀) of a share of the horizon.
Interval log_s_of_share(const sim::RunConfig& config, const Interval& share);

}  // namespace benign::checker

#pragma once
// Methods that train by steps of length α, beside plain descent (training.hpp). With x for what is trained, W and p, and
// g = ∇L(x):
//
//     momentum β     Δ⁺ = βΔ − αg(x),            x⁺ = x + Δ⁺                        the heavy ball
//     nesterov β     y = x + βΔ,                 x⁺ = y − αg(y),  Δ⁺ = x⁺ − x
//     normalised     x⁺ = x − αg/‖g‖
//     sign           x⁺ = x − α sign(g), entry by entry of W and p
//     sgd B          x⁺ = x − αg_B, g_B the gradient of the mean loss of B samples, drawn anew at every step
//     decay λ        x⁺ = (1 − αλ)x − αg: descent on L + λ‖x‖²/2
//
// All but sign stay in the span of the data, and are exact there (THEORY section 3.9). What is not trained stays, also
// under decay. α is the length of step k, which a schedule may let fall (method_kind.hpp). Time is that of the flow which small steps tend to: Σα, over 1 − β with momentum, Σ α/‖g‖ of normalised
// steps; a step of signs counts as α.

#include "sim/routes/method_kind.hpp"
#include "sim/routes/training.hpp"

#include <cstdint>

namespace benign::sim {

/// What a method over one route needs. Route and frame must outlive it.
template <class Real>
struct MethodOver {
  const Route<Real>& route;
  RouteKind kind;
  const Frame<Real>& frame;  ///< samples and scales of a `direct` run; all of it with `statistics`
  Train train;
  Index d;             ///< W is d×d
  Real step;           ///< α/τ₀ of the first step
  std::uint64_t seed;  ///< of batches
};

/// The method of a choice that validate() allows on this route.
template <class Real>
std::unique_ptr<Method<Real>> make_steps(const MethodChoice& choice, const MethodOver<Real>& over);

/// The samples of step k: `batch` different ones of n, by the seed and k alone; in no order.
std::vector<Index> batch_of(std::uint64_t seed, long k, Index batch, Index n);

}  // namespace benign::sim

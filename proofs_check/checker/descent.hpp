#pragma once
// Gradient descent between bounds, in closed form without W or p: with ℓ = Sq, q = Wp, A = WWᵀ, H = SASᵀ, r = ‖p‖²,
// g = ∂L/∂ℓ, u = SSᵀg, and the steps a of W and b of p (α, or 0 for what is not trained)
//
//     ℓ⁺ = ℓ − bHg − βu,   r⁺ = r − 2bℓᵀg + b²gᵀHg,   H⁺ = H − a(uℓᵀ + ℓuᵀ) + a²ruuᵀ,   β = ar − abℓᵀg
//
// and, where ‖q‖² is asked for, J = SA²Sᵀ, m = SAq and Q = ‖q‖² as THEORY section 6.2 derives them. Two rows below
// those of the tokens in K, H and ℓ, of μ₊ and μ₋, move alike and move nothing.

#include "proofs_check/checker/scene.hpp"
#include "sim/routes/train.hpp"

namespace benign::checker {

/// Inner products at the working precision, as a run starts with them.
struct StartingPoint {
  StartingPoint(const sim::Instance& instance, const InnerProducts& products);

  std::size_t N, rows;
  Intervals K, H;  ///< of shape (rows, N)
  Intervals J, m;  ///< of shape (N, N), and N; empty unless ‖q‖² is followed
  Intervals l;     ///< length `rows`
  Interval r, Q;
};

/// α in units of τ, from the decimals of the options; τ₀ = n/(κσ²d).
Interval step_length(const theory::Parameters& parameters);
Interval tau0(const theory::Parameters& parameters);

class Descent {
 public:
  Descent(const sim::Instance& instance, const InnerProducts& products, sim::Train train);

  const Scene& scene() const { return scene_; }
  Moment moment() const;  ///< without least_fall
  void step(const Moment& present);

 private:
  struct Products;
  void step_q(const Intervals& g, const Products& x);

  Scene scene_;
  StartingPoint x_;
  Interval a_, b_;
};

}  // namespace benign::checker

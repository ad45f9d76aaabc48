#pragma once
// The checker's own exact inner products: each product of two doubles is added to the 128-bit sum of its exponent.

#include "sim/instance.hpp"

#include <deque>
#include <gmp.h>

namespace benign::proofs {

/// A whole number; what its unit is, whoever holds it says.
class Whole {
 public:
  Whole() { mpz_init(x); }
  Whole(const Whole& other) { mpz_init_set(x, other.x); }
  Whole& operator=(const Whole&) = delete;
  ~Whole() { mpz_clear(x); }
  mpz_t x;
};

/// The exponent of the lowest bits of doubles that are taken.
constexpr int lowest_exponent = -200;

/// Of S with μ₊ and μ₋ below it, P: the inner products PSᵀ, in units of 2^{2·lowest}; (PW₀)(SW₀)ᵀ and S(W₀W₀ᵀ)²Sᵀ, in
/// units of 2^{4·lowest}; and Sν of a head that is brought, in units of 2^{2·lowest}. In the model μ± stand as e₁ and
/// e₂, to be multiplied by ‖μ‖.
struct CheckerData {
  std::size_t N, rows;
  std::deque<Whole> K, H;  ///< of shape (N + 2, N), row by row
  std::deque<Whole> J;     ///< of shape (N, N); empty unless it is asked for
  std::deque<Whole> v;     ///< length N; empty unless a head is brought

  /// Throws UsageError where a number lies outside of the exponents that are taken.
  CheckerData(const sim::Instance& instance, bool with_J);
};

}  // namespace benign::proofs

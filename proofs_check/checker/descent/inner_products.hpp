#pragma once
// Inner products of an instance without any error: each product of two doubles is added to the 128-bit sum of its
// exponent, and the sums are put together as one whole number.

#include "proofs_check/checker/arithmetic/interval.hpp"
#include "sim/data/instance.hpp"

#include <deque>
#include <gmp.h>

namespace benign::checker {

/// An exact integer; its owner documents its unit.
class Whole {
 public:
  Whole() { mpz_init(x); }
  Whole(const Whole& other) { mpz_init_set(x, other.x); }
  Whole& operator=(const Whole& other) {
    mpz_set(x, other.x);
    return *this;
  }
  ~Whole() { mpz_clear(x); }
  mpz_t x;
};

/// A matrix of whole numbers times 2^unit, row by row.
struct ExactMatrix {
  std::size_t rows = 0, columns = 0;
  long unit = 0;
  std::deque<Whole> entries;

  ExactMatrix() = default;
  ExactMatrix(std::size_t the_rows, std::size_t the_columns, long the_unit)
      : rows(the_rows), columns(the_columns), unit(the_unit), entries(the_rows * the_columns) {}
  mpz_ptr operator()(std::size_t i, std::size_t j) { return entries[i * columns + j].x; }
  mpz_srcptr operator()(std::size_t i, std::size_t j) const { return entries[i * columns + j].x; }
  bool empty() const { return entries.empty(); }
};

/// The entry at the working precision.
inline Interval entry(const ExactMatrix& A, std::size_t i, std::size_t j) { return Interval::dyadic(A(i, j), A.unit); }

/// X Yᵀ for matrices of doubles, any number of columns, any exponents.
ExactMatrix product_transposed(const RowMajor& X, const RowMajor& Y);

/// Of S with the directions of μ₊ and μ₋ below it, P (in the model e₁ and e₂, to be multiplied by ‖μ‖ later): what a
/// descent or a flow starts with. Empty matrices are zero.
struct InnerProducts {
  std::size_t N = 0, rows = 0;
  ExactMatrix K;  ///< PSᵀ, of shape (N + 2, N)
  ExactMatrix H;  ///< (PW₀)(SW₀)ᵀ likewise
  ExactMatrix J;  ///< S(W₀W₀ᵀ)²Sᵀ, of shape (N, N); empty unless ‖q‖² is asked for
  ExactMatrix v;  ///< Sν of a head that is brought, of shape (N, 1)
  /// Where p₀ ≠ 0: PW₀p₀, SW₀W₀ᵀW₀p₀, ‖p₀‖² and ‖W₀p₀‖².
  ExactMatrix l, m, r, Q;
  double W0_norm = 1;  ///< bounds ‖W₀‖ from above
};
InnerProducts inner_products(const sim::Instance& instance, bool with_q_norm);

/// Of P = [S; e₁; e₂], all rows of which were given as tokens, those of [S + Ce; e₁; e₂] for C of shape (rows of S, 2), e = [e₁; e₂].
InnerProducts moved_along(const InnerProducts& products, const RowMajor& C);

}  // namespace benign::checker

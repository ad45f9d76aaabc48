#pragma once
// ‖q‖² of q = W₀p + Sᵀc, p = W₀ᵀSᵀa + βp₀, by two routes to one number: entry by entry, d² products for each of W₀ᵀ and
// W₀; or, with J = S(W₀W₀ᵀ)²Sᵀ, m = SW₀W₀ᵀW₀p₀, l = SW₀p₀ and ω = ‖W₀p₀‖², as
//
//     ‖q‖² = aᵀJa + 2βmᵀa + β²ω + 2cᵀ(Ha + βl) + cᵀKc,
//
// which takes N² products of inner products that cost Nd².

#include "proofs_check/checker/arithmetic/interval.hpp"
#include "proofs_check/checker/descent/inner_products.hpp"

namespace benign::checker {

/// `a` has β behind the coefficients of the N tokens where p₀ ≠ 0.
Interval q_norm2_by_entries(const sim::Instance& instance, const Intervals& a, const Intervals& c);
Interval q_norm2_by_inner_products(const InnerProducts& products, const Intervals& a, const Intervals& c);

/// Row i of A times the first entries of x.
Interval dot(const ExactMatrix& A, std::size_t i, const Intervals& x);

}  // namespace benign::checker

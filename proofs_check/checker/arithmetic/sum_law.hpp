#pragma once
// The law of S = Σ_t e^{m_t + a z_t}(b_t + c z_t + r w_t) and of its quotient Q = S/Σ_t e^{m_t + a z_t}, with z and w
// independent N(0, 1) and r² = 1 − c², from intervals of its numbers: the checker's own, all in intervals. With
//
//     φ_t(u) = E exp(−A(κ + iξ(b_t + c z))  − ξ²r²A²/2),   A = e^{u + m_t + a z},
//
// P(S < 0) = 1/2 + (1/π)∫ Im Π φ_t du at κ = 0, ξ = 1, and E log(1 + iξQ) = ∫ (Π φ_t|_{ξ=0} − Π φ_t) du at κ = 1. Both
// integrals, over z and over u, are sums of the trapezoidal rule, whose errors THEORY section 6.2 bounds.

#include "proofs_check/checker/arithmetic/interval.hpp"

#include <optional>
#include <vector>

namespace benign::checker {

struct Share {
  Interval m, b;
  long count = 1;
};

struct SumLaw {
  std::vector<Share> shares;
  Interval a, c, r;
};

struct Complex {
  Interval re, im;
};

/// P(S < 0) to about 10⁻⁵; nothing where it would take more than about a million nodes.
std::optional<Interval> negative_sum(const SumLaw& law);

/// E log(1 + iξQ) for each ξ, to about 10⁻⁷; nothing in the same case.
std::optional<std::vector<Complex>> quotient_logs(const SumLaw& law, const std::vector<Interval>& xi);

}  // namespace benign::checker

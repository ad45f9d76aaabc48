#pragma once
// The layout of tokens: of which kinds a sample's T tokens are, and where the mean of each kind lies. The paper's is
//
//     x₁ = μ_{Y*} + ε,   x₂ = ρμ_{Y*} + ε,   x₃ = ρμ_{−Y*} + ε,   x₄, …, x_T = ε
//
// (NOTATION.md). Data, Gram sampling, the limit, the test error, the limit direction, observables and records read the
// layout from here. Three statements are derived for these kinds and hold for no others: the closed rates and the
// memorisation law (theory/laws/rates.hpp, memorisation.hpp) and the bounds of sim/generalisation/order_bounds.hpp.

#include "theory/model/model.hpp"
#include "theory/model/parameters.hpp"

#include <array>

namespace benign::theory {

/// The kinds, in the order in which a sample holds them. The first is the one that the theorem calls relevant, and a
/// sample has one token of it.
enum Kind : std::size_t { relevant, weak_own, weak_other, irrelevant, token_kinds };

/// Under these names records tell the attention on each kind.
inline constexpr const char* kind_names[token_kinds] = {"relevant", "weak_own", "weak_other", "irrelevant"};

/// A kind's mean is own·μ_{Y*} + other·μ_{−Y*}.
template <class Real>
struct TokenKind {
  Real own, other;
  long count;  ///< tokens of this kind in a sample; may be 0

  /// The coordinate of the mean along the signal of `label`, for a sample of true label `true_label`.
  const Real& along(int label, int true_label) const { return label == true_label ? own : other; }

  /// Y*ν·x̄: what the fixed head answers to the mean, positive where it is right for the true label.
  Real answer() const { return head_scale<Real>() * Real(own - other); }
};

template <class Real>
using Layout = std::array<TokenKind<Real>, token_kinds>;

/// Of samples with T ≥ 3 tokens, whose weakly relevant ones have the strength ρ.
template <class Real>
Layout<Real> layout(const Real& rho, long T) {
  return {{{Real(1), Real(0), 1}, {rho, Real(0), 1}, {Real(0), rho, 1}, {Real(0), Real(0), T - 3}}};
}
template <class Real>
Layout<Real> layout(const Parameters& parameters) {
  return layout<Real>(parameters.rho.as<Real>(), parameters.T);
}

/// The kind of each of a sample's T tokens.
inline std::vector<Kind> kinds_of_tokens(long T) {
  std::vector<Kind> kinds;
  const auto all = layout<double>(0, T);  // the strengths decide no counts
  for (std::size_t kind = 0; kind < token_kinds; ++kind)
    kinds.insert(kinds.end(), static_cast<std::size_t>(all[kind].count), static_cast<Kind>(kind));
  return kinds;
}

}  // namespace benign::theory

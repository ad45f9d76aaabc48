#pragma once
// The layout of tokens in numbers of a Real: where the mean of each kind lies, how strong its noise is, and how many of a
// sample's T tokens are of it.
//
// Data, Gram sampling, the test error, observables and records read the layout of the parameters from here. What is
// derived for the paper's kinds alone names them by `Kind`, and takes parameters whose layout is the paper's
// (papers_data): the laws, the limit, enclosures, and the bounds of sim/generalisation/order_bounds.hpp.

#include "theory/model/model.hpp"
#include "theory/model/parameters.hpp"
#include "theory/model/token_layout.hpp"

namespace benign::theory {

/// The kinds of the paper's layout, in the order in which a sample holds them. The first kind of any layout is the one
/// that the theorem calls relevant.
enum Kind : std::size_t { relevant, weak_own, weak_other, irrelevant, token_kinds };

/// A kind's mean is own·μ_{Y*} + other·μ_{−Y*}.
template <class Real>
struct TokenKind {
  Real own, other;
  long count;      ///< tokens of this kind in a sample; may be 0
  Real noise;      ///< the deviation of a coordinate of the noise, in units of σ
  bool projected;  ///< the noise has no coordinates along the signals

  /// The coordinate of the mean along the signal of `label`, for a sample of true label `true_label`.
  const Real& along(int label, int true_label) const { return label == true_label ? own : other; }

  /// Y*ν·x̄: what the fixed head answers to the mean, positive where it is right for the true label.
  Real answer() const { return head_scale<Real>() * Real(own - other); }
};

template <class Real>
using Layout = std::vector<TokenKind<Real>>;

template <class Real>
Real value_of(const Strength& strength, const Real& rho, long T) {
  using std::sqrt;
  const Real factor = strength.factor.as<Real>();
  if (strength.unit == Strength::rho) return factor * rho;
  return strength.unit == Strength::root_T ? Real(factor * sqrt(Real(T))) : factor;
}

template <class Real>
Layout<Real> numbers_of(const TokenLayout& layout, const Real& rho, long T) {
  Layout<Real> kinds;
  for (const KindOfTokens& kind : layout.kinds)
    kinds.push_back({value_of(kind.own, rho, T), value_of(kind.other, rho, T),
                     kind.count.value_or(T - layout.counted()), value_of(kind.noise, rho, T), kind.projected});
  return kinds;
}

/// The paper's, of samples with T ≥ 3 tokens, whose weakly relevant ones have the strength ρ.
template <class Real>
Layout<Real> layout(const Real& rho, long T) {
  return numbers_of(paper_layout(), rho, T);
}
/// That of the parameters.
template <class Real>
Layout<Real> layout(const Parameters& parameters) {
  return numbers_of(layout_of(parameters), parameters.rho.as<Real>(), parameters.T);
}

/// For each of a sample's T tokens the place of its kind in the layout.
std::vector<std::size_t> kinds_of_tokens(const TokenLayout& layout, long T);
/// Of the paper's layout, by their names.
std::vector<Kind> kinds_of_tokens(long T);

}  // namespace benign::theory

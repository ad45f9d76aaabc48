#pragma once
// A clean or a flipped sample for all logits and values near the limit's, from L = φ(Yf), φ(m) = log(1 + e^{−m}):
//
//     f_t = s_t a_t,   f_tu = δ_tu f_t − s_t s_u (a_t + a_u),   a_t = v_t − f
//     f_tuv = δ_tu f_tv − s_t s_u [(δ_tv + δ_uv − 2 s_v)(a_t + a_u) − 2 s_v a_v]
//     L_t = φ'Yf_t,   L_tu = φ''f_t f_u + φ'Yf_tu
//     L_tuv = φ'''Y f_t f_u f_v + φ''(f_t f_uv + f_u f_tv + f_v f_tu) + φ'Y f_tuv
//
// all times e^u, which is in the exponent of one token's attention. THEORY section 6.3.

#include "proofs_check/checker/arithmetic/interval.hpp"

#include <array>

namespace benign::checker {

constexpr std::size_t limit_kinds = 4;
using KindPairs = std::array<std::array<Interval, limit_kinds>, limit_kinds>;

/// Of a kind of samples: its training label is Y times the true one.
struct SampleKind {
  int Y = 1;
  std::size_t pivot = 0;
  std::array<long, limit_kinds> count{};
  std::array<Interval, limit_kinds> value, signal;
};

class SampleNear {
 public:
  /// gap[k][l] = ℓ_k − ℓ_l at the limit, late[k][l] = gap[k][l] − u; differences deviate by `off` at most, and values by
  /// `value_off`.
  SampleNear(const SampleKind& kind, const KindPairs& gap, const KindPairs& late, const Interval& minus_u,
             const Interval& off, const Interval& value_off);

  Interval answer;     ///< Yf
  Interval gradient2;  ///< Σ (e^u L_t)²
  /// λ with Σ e^u L_tu y_t y_u ≥ λ|y|² for Σy = 0, near `guess`, or far below it where none is found.
  double curvature(double guess) const;
  /// Of the third derivatives as a matrix of shape (T, T²), at least the norm.
  Interval third() const;
  /// Of e^u ∂L_t/∂v_u, at least the norm.
  Interval by_values() const;

 private:
  using Square = std::vector<Intervals>;
  class Tokens;
  Tokens tokens(bool with_pivot) const;
  Interval second(std::size_t t, std::size_t u, bool same) const;
  static Interval norm_of_square(const Square& A, const Tokens& tokens);

  SampleKind kind_;
  std::array<Interval, limit_kinds> s_, scaled_, a_;
  Interval w_;
};

}  // namespace benign::checker

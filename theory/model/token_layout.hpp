#pragma once
// A layout of tokens as a value: of which kinds a sample's T tokens are, what each kind has of the two signals, and what
// noise it carries. A token of a kind with the coordinates (c_own, c_other) and the noise a is
//
//     x = c_own μ_{Y*} + c_other μ_{−Y*} + a ξ,      ξ ~ N(0, σ²I), or N(0, σ²Π) where the noise is projected,
//
// Π the projection off both signals. layout_text.hpp reads layouts from files; layout.hpp has their numbers in a Real.

#include "theory/numbers/decimal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace benign::theory {

/// A decimal, or its product with ρ or with √T.
struct Strength {
  enum Unit { one, rho, root_T };
  Decimal factor{"0"};
  Unit unit = one;

  friend bool operator==(const Strength&, const Strength&) = default;
};

/// Tokens that are alike.
struct KindOfTokens {
  std::string name;     ///< letters, digits and _; records tell the attention under it
  Strength own = {};    ///< coordinate along the signal of the sample's true class, a decimal or one times ρ
  Strength other = {};  ///< along that of the other class, likewise
  Strength noise = {Decimal("1")};  ///< in units of σ, a decimal or one times √T; 0: none
  std::optional<long> count = 1;    ///< of them in a sample; nothing: all that the other kinds leave
  bool projected = false;           ///< the noise is drawn across both signals

  friend bool operator==(const KindOfTokens&, const KindOfTokens&) = default;
};

/// The first kind is the relevant one: own = 1 and other = 0, so that ‖μ‖ says how strong it is. A sample has its tokens
/// in the order of the kinds.
struct TokenLayout {
  std::vector<KindOfTokens> kinds;

  /// How many tokens the kinds with a count have together.
  long counted() const;
  /// Whether a kind takes what the others leave; else T is counted().
  bool has_rest() const;

  friend bool operator==(const TokenLayout&, const TokenLayout&) = default;
};

/// x₁ = μ_{Y*} + ε, x₂ = ρμ_{Y*} + ε, x₃ = ρμ_{−Y*} + ε, x₄, …, x_T = ε (NOTATION.md).
const TokenLayout& paper_layout();

}  // namespace benign::theory

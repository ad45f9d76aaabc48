#pragma once
// (cos θ, sin θ) in pairs of doubles, for the phases of the transforms in token_integral.hpp.
//
// θ = k π/32 + ρ with |ρ| ≤ π/64 and a table of the 64 corners; the series to ρ¹⁸ leave out less than 2⁻¹¹⁰. π/32 is
// known to 160 bits in three doubles, so that for |θ| ≤ 10⁶ the reduced angle is wrong by less than 2⁻¹⁰⁰(1 + |θ|), and
// so are both results.

#include "theory/numbers/dd.hpp"

namespace benign::sim {

struct CirclePoint {
  dd cosine, sine;
};

constexpr double furthest_angle = 1e6;

CirclePoint unit_circle(const dd& angle);

}  // namespace benign::sim

#include "theory/lemmas.hpp"

namespace benign::theory {
namespace {

/// A monotone function over x, from its values at the two ends.
template <class F>
Interval monotone(const F& f, const Interval& x) {
  const mp50 a = lower_end(x), b = upper_end(x);
  return hull(f(interval(a, a)), f(interval(b, b)));
}

/// λ = v/(v + excess) for v ≥ 0; 1 if there is no excess.
Interval share(const Interval& v, const Interval& excess) {
  if (sign_of(excess) == Sign::zero) return Interval(1);
  return monotone([&](const Interval& point) { return Interval(point / (point + excess)); }, v);
}

/// E = (1 − z)/u for z = e^{−u}: increasing in z, from 0 to 1.
Interval mean_exponential(const Interval& z) {
  return monotone(
      [](const Interval& point) -> Interval {
        if (sign_of(point) == Sign::zero || sign_of(Interval(1 - point)) == Sign::zero) return point;
        return (point - 1) / log(point);
      },
      z);
}

/// K = (1 − z − zu)/(1 − z)² = Σ_{k≥1} (1 − z)^{k−1}/(k(k+1)) for z = e^{−u}: decreasing in z, from 1 to 1/2.
Interval second_remainder(const Interval& z) {
  return monotone(
      [](const Interval& point) -> Interval {
        if (sign_of(point) == Sign::zero) return Interval(1);
        const Interval rest = 1 - point;
        if (sign_of(rest) == Sign::zero) return ratio<Interval>(1, 2);
        return (rest + point * log(point)) / (rest * rest);
      },
      z);
}

/// g_m'(x) = 2 + z + 1/z with z = e^{−|y|}. The claim times z/4: (1 + z)²/4 − (C − 1) z.
Interval growth_margin(const Interval& z, long, const Interval& C) {
  const Interval one_plus = 1 + z;
  return one_plus * one_plus / 4 - (C - 1) * z;
}

/// With u = |g_m⁻¹(y) − log m|, |w| = u + sinh u, z = e^{−u} and r = 1 − z: zw = rb with b = 2 − ra, a = 1/2 + K, and
/// z(e^u − 1) = r.
///
/// Lower bound: e^u − 1 − C|w|/2 > 0. Times 2z/r it is 2 − Cb = ra − (C − 1)b, which vanishes at z = 1 as r.
/// Upper bound: 2|w| − C(e^u − 1) > 0. Times z/r it is 2b − C = z(1 + 2/E) − (C − 1), as b = z/E + (1 + z)/2. It
/// vanishes at z = 0 as v = z(1 + u), and z(1 + 2/E)/v = q + 2/(E + r) with q = 1/(1 + u), as (1 + u)E = E + r.
Interval inverse_margin(const Interval& z, long, const Interval& C) {
  const Interval r = 1 - z, E = mean_exponential(z);
  const Interval a = ratio<Interval>(1, 2) + second_remainder(z), b = 2 - r * a;
  const Interval near_origin = share(r, C - 1);
  const Interval from_below = near_origin * a - (1 - near_origin) * b;

  const auto at_zero = [](const Interval& point) { return sign_of(point) == Sign::zero; };
  const Interval q =
      monotone([&](const Interval& point) { return at_zero(point) ? point : Interval(1 / (1 - log(point))); }, z);
  const Interval v =
      monotone([&](const Interval& point) { return at_zero(point) ? point : Interval(point * (1 - log(point))); }, z);
  const Interval near_infinity = share(v, C - 1);
  const Interval from_above = near_infinity * (q + 2 / (E + r)) - (1 - near_infinity);
  return lesser(from_below, from_above);
}

/// With x = log m + U(w), w = y/2 − log m, the difference of the inverses is D = δ − e, e = U(w) − U(w − δ). For the
/// mean c of U(w) and U(w − δ) and z = 1/cosh c, the sum formula of sinh makes e the root of the increasing function
/// h(e) = ze + 2 sinh(e/2) = zδ, and c covers ℝ with y.
///
/// D > Cδ/2 is e < e₁ = δ(1 − C/2), or h(e₁) > zδ: 2 sinh(e₁/2) − zCδ/2 > 0. Divided by δ/2.
/// D < δ/C is e > e₂ = δ(1 − 1/C), or h(e₂) < zδ: zδ/C − 2 sinh(e₂/2) > 0. Divided by δ it is z/C − 2 sinh(e₂/2)/δ,
/// whose first term vanishes at z = 0 as z, and whose second is the excess: 0 at C = 1.
Interval two_growths_margin(const Interval& z, long T, const Interval& C) {
  const Interval delta = log(ratio<Interval>(T, T - 1));
  const Interval from_below = 4 * sinh(delta * (2 - C) / 4) / delta - z * C;
  const Interval excess = 2 * sinh(delta * (1 - 1 / C) / 2) / delta;
  const Interval far_out = share(z, excess);
  return lesser(from_below, far_out / C - (1 - far_out));
}

/// s(1 − s) = z/(1 + z)² with z = e^{−|y|}.
///
/// s(1 − s) > Cz/4, times 4(1 + z)²/z: 4 − C(1 + z)² = (1 − z)(3 + z) − (C − 1)(1 + z)², which vanishes at z = 1.
/// s(1 − s) < z/C, times C(1 + z)²/z: (1 + z)² − C = z(2 + z) − (C − 1), which vanishes at z = 0.
Interval attention_margin(const Interval& z, long, const Interval& C) {
  const Interval one_plus = 1 + z;
  const Interval even = share(1 - z, C - 1), far = share(z, C - 1);
  const Interval from_below = even * (3 + z) - (1 - even) * one_plus * one_plus;
  return lesser(from_below, far * (2 + z) - (1 - far));
}

/// σ(−f) falls in f: over |f| ≤ V it lies between σ(−V) = z/(1 + z) and σ(V) = 1 − σ(−V), z = e^{−V}, so that both
/// bounds say σ(−V) > Cz/2. Times 2(1 + z)/z: 2 − C(1 + z) = (1 − z) − (C − 1)(1 + z), which vanishes at z = 1. At C =
/// 1 nothing but the factor 1 is left.
Interval loss_derivative_margin(const Interval& z, long, const Interval& C) {
  const Interval small = share(1 - z, C - 1);
  return small - (1 - small) * (1 + z);
}

}  // namespace

const std::vector<Lemma>& lemmas() {
  static const std::vector<Lemma> list{
      {"lemma.growth", "g_m'(x) > 4 (C − 1) for all x: g_m increases, by no less than 4", "[D]", "e^{−|x − log m|}", 2,
       growth_margin},
      {"lemma.inverse", "log(1 + C|w|/2) < |g_m⁻¹(y) − log m| < log(1 + 2|w|/C), w = y/2 − log m ≠ 0", "[D]",
       "e^{−|g_m⁻¹(y) − log m|}", 1, inverse_margin},
      {"lemma.two_growths", "C δ/2 < g_T⁻¹(y) − g_{T−1}⁻¹(y) < δ/C for all y, δ = log(T/(T−1))", "[D]; g_T in [S]",
       "1/cosh of the mean of g_{T−1}⁻¹(y) − log(T−1) and g_T⁻¹(y) − log T", 1, two_growths_margin},
      {"lemma.attention", "C e^{−|y|}/4 < s(1 − s) < e^{−|y|}/C, y = Λ − log(T−1) ≠ 0", "[D]", "e^{−|y|}", 1,
       attention_margin},
      {"lemma.loss_derivative", "C e^{−V}/2 < σ(−f) < 1 − C e^{−V}/2 for all |f| ≤ V, V > 0", "[D]", "e^{−V}", 1,
       loss_derivative_margin},
  };
  return list;
}

}  // namespace benign::theory

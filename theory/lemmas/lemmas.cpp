#include "theory/lemmas/lemmas.hpp"

#include <algorithm>

namespace benign::theory {
namespace {

/// A monotone function over x, from its values at the two ends.
template <class F>
Interval monotone(const F& f, const Interval& x) {
  const mp50 a = lower_end(x), b = upper_end(x);
  return hull(f(interval(a, a)), f(interval(b, b)));
}

/// (v·a − e·b)/(v + |e|) for v ≥ 0 and positive a and b: a at e = 0, between a and b for e < 0.
Interval weigh(const Interval& v, const Interval& e, const Interval& a, const Interval& b) {
  const Sign sign = sign_of(e);
  if (sign == Sign::zero) return a;
  if (sign == Sign::unknown) return log(Interval(-1));  // not a number: nothing is said
  const Interval size = sign == Sign::negative ? Interval(-e) : e;
  const Interval share = monotone([&](const Interval& point) { return Interval(point / (point + size)); }, v);
  if (sign == Sign::positive) return share * a - (1 - share) * b;
  const Interval mean = share * a + (1 - share) * b, between = hull(a, b);
  return interval(std::max(lower_end(mean), lower_end(between)), std::min(upper_end(mean), upper_end(between)));
}

/// sinh(x)/x, even and increasing in |x|.
Interval sinhc(const Interval& x) {
  const mp50 a = abs(lower_end(x)), b = abs(upper_end(x));
  const mp50 nearest = contains(x, 0.0) ? mp50(0) : std::min(a, b);
  return monotone(
      [](const Interval& point) -> Interval {
        return sign_of(point) == Sign::zero ? Interval(1) : Interval(sinh(point) / point);
      },
      interval(nearest, std::max(a, b)));
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

/// g_m'(x) = 2 + z + 1/z with z = e^{−|y|}. The claim g_m' ≥ 4C times z/4: (1 + z)²/4 − Cz = (1 − z)²/4 − (C − 1) z.
Interval growth_margin(const Interval& z, const Interval&, const Interval& excess) {
  const Interval rest = 1 - z;
  return weigh(rest * rest, excess, ratio<Interval>(1, 4), z);
}

/// With u = |g_m⁻¹(y) − log m|, |w| = u + sinh u, z = e^{−u} and r = 1 − z: zw = rb with b = 2 − ra, a = 1/2 + K, and
/// z(e^u − 1) = r.
///
/// Lower bound: e^u − 1 − C|w|/2 > 0. Times 2z/r it is 2 − Cb = ra − (C − 1)b, which vanishes at z = 1 as r.
/// Upper bound: 2|w| − C(e^u − 1) > 0. Times z/r it is 2b − C = z(1 + 2/E) − (C − 1), as b = z/E + (1 + z)/2. It
/// vanishes at z = 0 as v = z(1 + u), and z(1 + 2/E)/v = q + 2/(E + r) with q = 1/(1 + u), as (1 + u)E = E + r.
Interval inverse_margin(const Interval& z, const Interval&, const Interval& excess) {
  const Interval r = 1 - z, E = mean_exponential(z);
  const Interval a = ratio<Interval>(1, 2) + second_remainder(z), b = 2 - r * a;
  const auto at_zero = [](const Interval& point) { return sign_of(point) == Sign::zero; };
  const Interval q =
      monotone([&](const Interval& point) { return at_zero(point) ? point : Interval(1 / (1 - log(point))); }, z);
  const Interval v =
      monotone([&](const Interval& point) { return at_zero(point) ? point : Interval(point * (1 - log(point))); }, z);
  return lesser(weigh(r, excess, a, b), weigh(v, excess, q + 2 / (E + r), Interval(1)));
}

/// With x = log m + U(w), w = y/2 − log m, the difference of the inverses is D = δ − e, e = U(w) − U(w − δ). For the
/// mean c of U(w) and U(w − δ) and z = 1/cosh c, the sum formula of sinh makes e the root of the increasing function
/// h(e) = ze + 2 sinh(e/2) = zδ, and c covers ℝ with y.
///
/// D > Cδ/2 is e < e₁ = δ(1 − C/2), or h(e₁) > zδ: 2 sinh(e₁/2) − zCδ/2 > 0. Divided by δ/2 it is S(2 − C) − zC with
/// S(k) = (4/δ) sinh(kδ/4), or v − (C − 1)b with v = S(1) − z = (1 − z) + (S(1) − 1), which is positive for all δ > 0
/// and vanishes at z = 1 as T → ∞, and b = z + (S(1) − S(2 − C))/(C − 1) = z + cosh((3 − C)δ/8) sinhc((C − 1)δ/8).
/// D < δ/C is e > e₂ = δ(1 − 1/C), or h(e₂) < zδ. Times C/δ it is z − (C − 1) sinhc(e₂/2) > 0, which vanishes at z = 0.
Interval two_growths_margin(const Interval& z, const Interval& t, const Interval& excess) {
  const Interval delta = monotone([](const Interval& point) { return Interval(-log1p(-point)); }, t);
  const Interval v = (1 - z) + (sinhc(delta / 4) - 1);
  const Interval b = z + cosh(delta * (2 - excess) / 8) * sinhc(delta * excess / 8);
  const Interval far_out = sinhc(delta * excess / (1 + excess) / 2);
  return lesser(weigh(v, excess, Interval(1), b), weigh(z, excess, Interval(1), far_out));
}

/// s(1 − s) = z/(1 + z)² with z = e^{−|y|}.
///
/// s(1 − s) > Cz/4, times 4(1 + z)²/z: 4 − C(1 + z)² = (1 − z)(3 + z) − (C − 1)(1 + z)², which vanishes at z = 1.
/// s(1 − s) < z/C, times C(1 + z)²/z: (1 + z)² − C = z(2 + z) − (C − 1), which vanishes at z = 0.
Interval attention_margin(const Interval& z, const Interval&, const Interval& excess) {
  const Interval one_plus = 1 + z;
  return lesser(weigh(1 - z, excess, 3 + z, one_plus * one_plus), weigh(z, excess, 2 + z, Interval(1)));
}

/// σ(−f) falls in f: over |f| ≤ V it lies between σ(−V) = z/(1 + z) and σ(V) = 1 − σ(−V), z = e^{−V}, so that both
/// bounds say σ(−V) > Cz/2. Times 2(1 + z)/z: 2 − C(1 + z) = (1 − z) − (C − 1)(1 + z), which vanishes at z = 1.
Interval loss_derivative_margin(const Interval& z, const Interval&, const Interval& excess) {
  return weigh(1 - z, excess, Interval(1), 1 + z);
}

}  // namespace

const std::vector<Lemma>& lemmas() {
  static const std::vector<Lemma> list{
      {"lemma.growth", "g_m'(x) ≥ 4C for all x: g_m increases, by no less than 4", "[D]", "e^{−|x − log m|}",
       growth_margin},
      {"lemma.inverse", "log(1 + C|w|/2) < |g_m⁻¹(y) − log m| < log(1 + 2|w|/C), w = y/2 − log m ≠ 0", "[D]",
       "e^{−|g_m⁻¹(y) − log m|}", inverse_margin},
      {"lemma.two_growths", "C δ/2 < g_T⁻¹(y) − g_{T−1}⁻¹(y) < δ/C for all y and T ≥ 3, δ = log(T/(T−1))",
       "[D]; g_T in [S]", "1/cosh of the mean of g_{T−1}⁻¹(y) − log(T−1) and g_T⁻¹(y) − log T", two_growths_margin},
      {"lemma.attention", "C e^{−|y|}/4 < s(1 − s) < e^{−|y|}/C, y = Λ − log(T−1) ≠ 0", "[D]", "e^{−|y|}",
       attention_margin},
      {"lemma.loss_derivative", "C e^{−V}/2 < σ(−f) < 1 − C e^{−V}/2 for all |f| ≤ V, V > 0", "[D]", "e^{−V}",
       loss_derivative_margin},
  };
  return list;
}

Interval excess(const Decimal& C) {
  const boost::multiprecision::cpp_rational exact = C.exact() - 1;
  return Interval(numerator(exact).str()) / Interval(denominator(exact).str());
}

Interval every_T() { return hull(Interval(0), ratio<Interval>(1, 3)); }

}  // namespace benign::theory

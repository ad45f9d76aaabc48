#include "sim/enclosures/response.hpp"

#include "sim/integrators/taylor_series.hpp"
#include "theory/numbers/element.hpp"

namespace benign::sim {
namespace {

Upward root_of_two() { return Upward(1.4142135623730952); }  // rounded up

/// What two intervals of one number have in common.
Enclosure common(const Enclosure& x, const Enclosure& y) {
  Enclosure z;
  mpfi_intersect(z.data(), x.data(), y.data());
  return z;
}

}  // namespace

Response Response::within(Upward radius) const {
  Response all = *this;
  all.output += plus_or_minus(Upward(0.5) * spread * radius);
  // No ratio of two tokens' attentions changes by more than a factor of e^{√2 radius}, and so neither s nor 1 − s does.
  const Enclosure of_s = plus_or_minus(Upward(0.5) * radius), factor = exp(plus_or_minus(root_of_two() * radius));
  for (Enclosure& s : all.attention) s = common(common(s + of_s, s * factor), 1 - (1 - s) * factor);
  const Enclosure of_g = plus_or_minus(all.derivative_norm() * radius);  // by all of the attention and outputs
  for (Enclosure& g : all.gradient) g += of_g;
  return all;
}

namespace {

constexpr std::size_t terms = 3;

Series linear(const Enclosure& at, const Enclosure& slope, const Enclosure& t) {
  return {at + t * slope, slope, Enclosure(0)};
}

/// Terms 0, 1 and 2 of ĝ's Taylor series about every t of an interval, one series for each token.
std::vector<Series> gradient_series(int label, const Line& values, const Line& logits, const Enclosure& t) {
  const Index T = logits.at.size();
  Index largest = 0;
  for (Index k = 1; k < T; ++k)
    if (representative(logits.at[k]) > representative(logits.at[largest])) largest = k;
  const Enclosure zero(0);
  std::vector<Series> v, e(static_cast<std::size_t>(T), Series(terms, zero)), gradient;
  Series sum(terms, zero), answer(terms, zero), weighted(terms, zero), product(terms, zero), f(terms, zero);
  for (Index k = 0; k < T; ++k) {
    v.push_back(linear(values.at[k], values.slope[k], t));
    const Series x = linear(logits.at[k] - logits.at[largest], logits.slope[k] - logits.slope[largest], t);
    for (std::size_t i = 0; i < terms; ++i) {
      exponentiate(x, weighted, element(e, k), i);
      multiply(element(e, k), v.back(), product, i);
      sum[i] += element(e, k)[i], answer[i] += product[i];
    }
  }
  // f = Σ e v / Σ e, and −Yσ(−Yf) = −Y/(1 + e^{Yf}).
  Series of_sum(terms, zero), Yf(terms, zero), grown(terms, zero), weight(terms, zero), of_token(terms, zero),
      gap(terms, zero);
  for (std::size_t i = 0; i < terms; ++i) {
    invert(sum, of_sum, i);
    multiply(answer, of_sum, f, i);
    Yf[i] = label * f[i];
    exponentiate(Yf, weighted, grown, i);
  }
  grown[0] += 1;
  for (std::size_t i = 0; i < terms; ++i) {
    invert(grown, weight, i);
    multiply(weight, of_sum, of_token, i);
  }
  for (Index k = 0; k < T; ++k) {
    Series g(terms, zero);
    for (std::size_t i = 0; i < terms; ++i) {
      gap[i] = element(v, k)[i] - f[i];
      multiply(element(e, k), gap, product, i);
      multiply(of_token, product, g, i);
      g[i] *= -label;
    }
    gradient.push_back(std::move(g));
  }
  return gradient;
}

}  // namespace

GradientAlong gradient_along(int label, const Line& values, const Line& logits) {
  const std::vector<Series> middle = gradient_series(label, values, logits, Enclosure(0)),
                            all = gradient_series(label, values, logits, enclosure(-1, 1));
  const Index T = logits.at.size();
  GradientAlong along{Vector<Enclosure>(T), Vector<Enclosure>(T), Vector<Enclosure>(T)};
  for (Index k = 0; k < T; ++k) {
    along.at[k] = element(middle, k)[0], along.slope[k] = element(middle, k)[1], along.rest[k] = element(all, k)[2];
  }
  return along;
}

namespace {

/// Bounds of the output's first four derivatives along any direction of the logits: those that hold of any attention, and those
/// of attention of which all but p is on one token.
std::array<Upward, 4> output_derivatives(Upward V, Upward p) {
  const Upward root = root_of_two(), p2 = square(p), p3 = p2 * p, p4 = square(p2), p5 = p4 * p;
  const auto lesser = [&](double any, Upward saturated) {
    return V * (any < saturated.value() ? Upward(any) : saturated);
  };
  return {lesser(0.35355339059327379, root * (p + p2)), lesser(0.5, Upward(2) * (p + Upward(3) * p2 + Upward(2) * p3)),
          lesser(1.25, Upward(2) * root * (p + Upward(7) * p2 + Upward(12) * p3 + Upward(6) * p4)),
          lesser(3.5, Upward(4) * (p + Upward(15) * p2 + Upward(50) * p3 + Upward(60) * p4 + Upward(24) * p5))};
}

}  // namespace

/// Of the derivatives of log(1 + e^{−Yf}) along a line in ℓ (Faà di Bruno); those of log(1 + e^{−x}) beyond the first are at most
/// w(1 − w).
std::array<Upward, 3> Response::derivative_norms() const {
  const Enclosure weight = theory::sigmoid<Enclosure>(-label * output);
  const Upward w = magnitude(weight), product = magnitude(weight * (1 - weight)),
               q = product.value() < 0.25 ? product : Upward(0.25);
  Upward p(1);
  for (const Enclosure& s : attention)
    if (const Upward rest = magnitude(1 - s); rest.value() < p.value()) p = rest;
  const auto [f1, f2, f3, f4] = output_derivatives(spread, p);
  return {
      q * square(f1) + w * f2, q * f1 * (square(f1) + Upward(3) * f2) + w * f3,
      q * (square(square(f1)) + Upward(6) * square(f1) * f2 + Upward(3) * square(f2) + Upward(4) * f1 * f3) + w * f4};
}

LoneSample::LoneSample(theory::Samples<Enclosure> alone) : alone_(std::move(alone)) {
  Enclosure least = alone_.values[0], most = least;
  for (Index t = 1; t < alone_.T; ++t) least = lesser(least, alone_.values[t]), most = greater(most, alone_.values[t]);
  spread_ = magnitude(most - least);
}

LoneSample::LoneSample(const theory::Samples<Enclosure>& all, Index i)
    : LoneSample({1, all.T, all.values.segment(i * all.T, all.T), {element(all.labels, i)}}) {}

/// From the largest logit ℓ_m, whose e^0 is exactly 1: with D = Σ_t s_t (v_t − v_m) = f − v_m a gradient is known to as many digits as
/// e^{ℓ_t − ℓ_m} is, however near to 1 the attention of m.
Response LoneSample::respond(const Vector<Enclosure>& logits) const {
  const Index T = alone_.T;
  Index m = 0;
  for (Index t = 1; t < T; ++t)
    if (representative(logits[t]) > representative(logits[m])) m = t;
  Response response{alone_.labels[0], spread_, Vector<Enclosure>(T), Vector<Enclosure>(T), {}};
  Vector<Enclosure>&s = response.attention, &g = response.gradient;
  Enclosure sum(1);
  for (Index t = 0; t < T; ++t) {
    s[t] = t == m ? Enclosure(1) : exp(logits[t] - logits[m]);
    if (t != m) sum += s[t];
  }
  Enclosure D(0);
  for (Index t = 0; t < T; ++t) {
    s[t] /= sum;
    if (t != m) D += s[t] * (alone_.values[t] - alone_.values[m]);
  }
  response.output = alone_.values[m] + D;
  const Enclosure Y(response.label), weight = -Y * theory::sigmoid<Enclosure>(-Y * response.output);
  for (Index t = 0; t < T; ++t) g[t] = weight * s[t] * (t == m ? -D : alone_.values[t] - alone_.values[m] - D);
  return response;
}

}  // namespace benign::sim

#include "sim/enclosures/response.hpp"

#include "sim/integrators/taylor_series.hpp"
#include "theory/numbers/element.hpp"

namespace benign::sim {

Response Response::within(Upward radius) const {
  Response all = *this;
  all.output += plus_or_minus(Upward(0.5) * spread * radius);
  const Enclosure of_s = plus_or_minus(Upward(0.5) * radius), of_g = plus_or_minus(all.derivative_norm() * radius);
  for (Index t = 0; t < all.attention.size(); ++t) all.attention[t] += of_s, all.gradient[t] += of_g;
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

/// Of the derivatives of log(1 + e^{−Yf}) along a line in ℓ (Faà di Bruno); those of log(1 + e^{−x}) beyond the first are at most
/// w(1 − w).
std::array<Upward, 3> Response::derivative_norms() const {
  const Enclosure weight = theory::sigmoid<Enclosure>(-label * output);
  const Upward w = magnitude(weight), product = magnitude(weight * (1 - weight)),
               q = product.value() < 0.25 ? product : Upward(0.25), V = spread, f1_squared = Upward(0.125) * square(V),
               f1 = sqrt(f1_squared), f2 = Upward(0.5) * V, f3 = Upward(1.25) * V, f4 = Upward(3.5) * V;
  return {
      q * f1_squared + w * f2, q * f1 * (f1_squared + Upward(3) * f2) + w * f3,
      q * (square(f1_squared) + Upward(6) * f1_squared * f2 + Upward(3) * square(f2) + Upward(4) * f1 * f3) + w * f4};
}

LoneSample::LoneSample(theory::Samples<Enclosure> alone) : alone_(std::move(alone)) {
  Enclosure least = alone_.values[0], most = least;
  for (Index t = 1; t < alone_.T; ++t) least = lesser(least, alone_.values[t]), most = greater(most, alone_.values[t]);
  spread_ = magnitude(most - least);
}

LoneSample::LoneSample(const theory::Samples<Enclosure>& all, Index i)
    : LoneSample({1, all.T, all.values.segment(i * all.T, all.T), {element(all.labels, i)}}) {}

Response LoneSample::respond(const Vector<Enclosure>& logits) const {
  Response response{alone_.labels[0], spread_, theory::attention(alone_, logits), Vector<Enclosure>(alone_.T), {}};
  response.output = theory::outputs(alone_, response.attention)[0];
  const Enclosure Y(response.label), weight = -Y * theory::sigmoid<Enclosure>(-Y * response.output);
  for (Index t = 0; t < alone_.T; ++t)
    response.gradient[t] = weight * response.attention[t] * (alone_.values[t] - response.output);
  return response;
}

}  // namespace benign::sim

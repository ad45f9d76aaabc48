#include "sim/enclosures/response.hpp"

namespace benign::sim {
namespace {

Enclosure plus_or_minus(Upward radius) { return enclosure(-radius.value(), radius.value()); }

}  // namespace

Response Response::within(Upward radius, Upward spread) const {
  const Enclosure of_s = plus_or_minus(Upward(0.5) * radius),
                  of_g = plus_or_minus((square(spread) * Upward(0x1p-5) + spread * Upward(0.5)) * radius);
  Response all = *this;
  for (Index t = 0; t < all.attention.size(); ++t) all.attention[t] += of_s, all.gradient[t] += of_g;
  all.output += plus_or_minus(Upward(0.5) * spread * radius);
  return all;
}

Response respond(const theory::Samples<Enclosure>& sample, const Vector<Enclosure>& logits) {
  Response response;
  response.attention = theory::attention(sample, logits);
  response.output = theory::outputs(sample, response.attention)[0];
  const Enclosure Y(sample.labels[0]), weight = -Y * theory::sigmoid<Enclosure>(-Y * response.output);
  response.gradient = Vector<Enclosure>(sample.T);
  for (Index t = 0; t < sample.T; ++t)
    response.gradient[t] = weight * response.attention[t] * (sample.values[t] - response.output);
  return response;
}

Upward value_spread(const theory::Samples<Enclosure>& sample) {
  Enclosure least = sample.values[0], most = sample.values[0];
  for (Index t = 1; t < sample.T; ++t) least = lesser(least, sample.values[t]), most = greater(most, sample.values[t]);
  return magnitude(most - least);
}

}  // namespace benign::sim

#include "sim/enclosures/response.hpp"

#include "theory/numbers/element.hpp"

namespace benign::sim {

Response Response::within(Upward radius) const {
  const Enclosure of_s = plus_or_minus(Upward(0.5) * radius),
                  of_g = plus_or_minus((square(spread) * Upward(0x1p-5) + spread * Upward(0.5)) * radius);
  Response all = *this;
  for (Index t = 0; t < all.attention.size(); ++t) all.attention[t] += of_s, all.gradient[t] += of_g;
  all.output += plus_or_minus(Upward(0.5) * spread * radius);
  return all;
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

#pragma once
// When each sample of a training set would fit its label alone.

#include "theory/laws/lone_sample.hpp"
#include "theory/model/model.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace benign::proofs {

/// The log s by which every sample would (theory/laws/lone_sample.hpp), from the values of its tokens.
inline double alone_log_s(const theory::Samples<double>& samples) {
  double latest = 0;
  for (Index i = 0; i < samples.n; ++i) {
    std::vector<double> values;
    for (Index t = 0; t < samples.T; ++t)
      values.push_back(element(samples.labels, i) * samples.values[i * samples.T + t]);
    latest = std::max(latest, theory::lone_fit_time(values));
  }
  return elementary::log(latest);
}

}  // namespace benign::proofs

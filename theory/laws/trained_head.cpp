#include "theory/laws/trained_head.hpp"

#include "theory/laws/rates.hpp"
#include "theory/model/model.hpp"

#include <algorithm>
#include <limits>

namespace benign::theory {

double head_border(const Parameters& p) {
  const double n = static_cast<double>(p.n), T = static_cast<double>(p.T), x = head_scale<double>() / T;
  double least = std::numeric_limits<double>::infinity();
  for (const int label : {1, -1}) {
    const double flipped = static_cast<double>(noise_count(p, label)), clean = n / 2 - flipped;
    const double excess = clean * sigmoid(-x) - flipped * sigmoid(x);
    if (flipped > 0 && excess > 0) least = std::min(least, n * T * sigmoid(x) / excess);
  }
  return least;
}

double head_memorisation_time(const Parameters& p) {
  const double x = head_scale<double>() / static_cast<double>(p.T), share = n_snr2(p) / head_border(p);
  if (!(share < 1)) return std::numeric_limits<double>::infinity();
  return head_scale<double>() * scales<double>(p).kappa / (sigmoid(x) * (1 - share));
}

}  // namespace benign::theory

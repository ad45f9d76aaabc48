#include "theory/laws/late_time.hpp"

#include "theory/numbers/elementary.hpp"

#include <cmath>

namespace benign::theory {

double training_of_W(const Parameters& p, double gap, double norm2) {
  return gap * std::sqrt(norm2 / static_cast<double>(p.d)) / (scales<double>(p).kappa * p.sigma.as<double>());
}

double joint_speed(double Y) { return std::sqrt(1 + 4 * Y * Y); }

double extra_gap(double Y, double gap) {
  const double four = 4 * Y * Y;
  return elementary::log1p(four) / 2 - four / (1 + four) / gap;
}

double span_share(double Y) {
  const double y2 = (1 + std::sqrt(1 + 4 * Y * Y)) / 2;
  return std::sqrt(y2 / (1 + y2));
}

}  // namespace benign::theory

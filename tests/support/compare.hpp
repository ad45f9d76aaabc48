#pragma once
// Comparisons that print what they compared: expected, computed, the difference and its ratio to the tolerance.

#include "theory/numbers/real.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>

namespace benign::tests {

template <class Real>
std::string digits(const Real& x) {
  std::ostringstream text;
  text.precision(std::numeric_limits<Real>::max_digits10);
  text << x;
  return text.str();
}

/// |computed − expected| ≤ tolerance · max(|expected|, scale).
template <class Real>
void require_close(const Real& computed, const Real& expected, double tolerance, double scale = 0) {
  const Real difference = computed > expected ? Real(computed - expected) : Real(expected - computed);
  const double size = std::max(std::abs(representative(expected)), scale);
  const double ratio = representative(difference) / (tolerance * size);
  INFO("expected   " << digits(expected) << "\ncomputed   " << digits(computed) << "\ndifference "
                     << representative(difference) << ", " << ratio << " times the tolerance");
  REQUIRE((ratio <= 1 || difference == 0));
}

/// The largest difference of two vectors over the largest entry of the second.
template <class Real>
double relative_difference(const Vector<Real>& computed, const Vector<Real>& expected) {
  REQUIRE(computed.size() == expected.size());
  return representative<Real>((computed - expected).template lpNorm<Eigen::Infinity>() /
                              expected.template lpNorm<Eigen::Infinity>());
}

}  // namespace benign::tests

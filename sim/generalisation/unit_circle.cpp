#include "sim/generalisation/unit_circle.hpp"

#include <mpfr.h>

#include <array>
#include <cmath>
#include <cstddef>

namespace benign::sim {
namespace {

constexpr long corners = 64;

/// What MPFR holds, to two doubles, and to a third.
dd pair_of(mpfr_t x) {
  const double head = mpfr_get_d(x, MPFR_RNDN);
  mpfr_sub_d(x, x, head, MPFR_RNDN);
  const double tail = mpfr_get_d(x, MPFR_RNDN);
  mpfr_sub_d(x, x, tail, MPFR_RNDN);
  return dd::sum_in_order(head, tail);
}

struct Circle {
  double step[3];  // π/32
  std::array<CirclePoint, corners> corner;
  std::array<dd, 20> inverse;  // 1/k!

  Circle() {
    mpfr_t pi, x, y, z;
    mpfr_inits2(240, pi, x, y, z, nullptr);
    mpfr_const_pi(pi, MPFR_RNDN);
    mpfr_div_si(x, pi, corners / 2, MPFR_RNDN);
    for (double& part : step) {
      part = mpfr_get_d(x, MPFR_RNDN);
      mpfr_sub_d(x, x, part, MPFR_RNDN);
    }
    for (long k = 0; k < corners; ++k) {
      mpfr_mul_si(x, pi, k, MPFR_RNDN);
      mpfr_div_si(x, x, corners / 2, MPFR_RNDN);
      mpfr_sin_cos(y, z, x, MPFR_RNDN);
      if (k % (corners / 4) == 0) mpfr_rint(y, y, MPFR_RNDN), mpfr_rint(z, z, MPFR_RNDN);
      corner[static_cast<std::size_t>(k)] = {pair_of(z), pair_of(y)};
    }
    mpfr_clears(pi, x, y, z, nullptr);
    inverse[0] = 1;
    for (std::size_t k = 1; k < inverse.size(); ++k) inverse[k] = inverse[k - 1] / dd(static_cast<double>(k));
  }
};

}  // namespace

CirclePoint unit_circle(const dd& angle) {
  static const Circle circle;
  const double k = std::nearbyint(angle.head() / circle.step[0]);
  const dd rest = ((angle - dd::product(k, circle.step[0])) - dd::product(k, circle.step[1])) - dd(k * circle.step[2]);
  const dd square = rest * rest;
  dd cosine = circle.inverse[18], sine = circle.inverse[19];
  for (std::size_t n = 16; n < 18; n -= 2) {
    cosine = circle.inverse[n] - square * cosine;
    sine = circle.inverse[n + 1] - square * sine;
  }
  sine *= rest;
  const long place = static_cast<long>(k) % corners;
  const CirclePoint& at = circle.corner[static_cast<std::size_t>(place < 0 ? place + corners : place)];
  return {at.cosine * cosine - at.sine * sine, at.sine * cosine + at.cosine * sine};
}

}  // namespace benign::sim

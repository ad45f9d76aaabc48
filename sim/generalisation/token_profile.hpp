#pragma once
// What the integrand of a token's transform (token_transform.hpp) looks like in size: where it is largest, where it may
// be left, and at which angles it is small. Nothing here decides a number; it decides the path along which one is
// summed.

#include "sim/generalisation/token_transform.hpp"
#include "sim/linear/vector_functions.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {

constexpr double negligible = 46;  // e^{−46} = 1e-20 of the largest value
constexpr double far = 14;         // standard deviations

/// What the size of the integrand looks like along arg A = y.
struct Profile {
  double peak = 0, height = 0;  // of what is before the bend
  double left = 0, right = 0;   // between which it is not negligible
  bool bend = false;
  double minimum = 0;  // where to leave
};

class Shape {
 public:
  Shape(const TokenShare& share, double s, double u, double y)
      : share_(share), s_(s), r2_(share.rest2()), v0_(u + share.m), y_(y) {
    centre_ = -elementary::log(std::abs(share.b) + 1);
    for (int k = 0; k < 3; ++k) centre_ = -elementary::log(std::abs(slope_at(centre_)) + 1);
  }

  double v0() const { return v0_; }
  double r2() const { return r2_; }
  double centre() const { return centre_; }
  /// b + cz at Re log A = x.
  double slope_at(double x) const { return share_.b + share_.c * std::clamp((x - v0_) / s_, -far, far); }
  /// The exponent's real part where arg A = angle and A = e^x in size.
  double real_part(double x, double A, double angle) const {
    const double z = (x - v0_) / s_, zi = (angle - y_) / s_;
    double sine, cosine;
    sine_cosine(angle, sine, cosine);
    return -(z * z - zi * zi) / 2 - A * (cosine * (share_.b + share_.c * z) - sine * share_.c * zi) +
           A * A * (2 * cosine * cosine - 1) * r2_ / 2;
  }
  /// The angle at which the integrand is smallest in size at Re log A = x: the floor of the valley that a path of
  /// steepest descent follows.
  double valley(double x) const {
    const double A = elementary::exp(std::min(x, 100.0));
    double best = HUGE_VAL, angle = y_;
    constexpr int steps = 20;
    for (int k = 0; k <= steps; ++k) {
      const double at = 0.75 * std::numbers::pi * k / steps, size = real_part(x, A, at);
      if (size < best) best = size, angle = at;
    }
    for (double width = 0.75 * std::numbers::pi / steps; width > 0.02; width /= 3)
      for (const double at : {angle - width / 1.5, angle + width / 1.5})
        if (const double size = at >= 0 ? real_part(x, A, at) : HUGE_VAL; size < best) best = size, angle = at;
    return angle;
  }
  /// |∂²/∂x²| of the exponent.
  double curvature(double x, double angle) const {
    const double A = elementary::exp(std::min(x, 100.0)), z = (x - v0_) / s_;
    const std::complex<double> a(A * elementary::cos(angle), A * elementary::sin(angle)),
        slope(share_.b + share_.c * (z + 2 / s_), share_.c * (angle - y_) / s_);
    return elementary::abs(1 / (s_ * s_) + a * slope - 2 * r2_ * a * a);
  }
  Profile profile(double angle) const;

 private:
  TokenShare share_;
  double s_, r2_, v0_, y_, centre_ = 0;
};

}  // namespace benign::sim

#include "sim/curvature.hpp"

#include <cmath>

namespace benign::sim {
namespace {

/// The eigenvalue of largest modulus of J + shift, after `iterations` more steps from v (kept for the next call).
double dominant(const Route<double>& route, const Vector<double>& state, double shift, int iterations,
                Vector<double>& v) {
  const double h = 1e-5 * (1 + state.norm());
  Vector<double> plus, minus;
  double eigenvalue = 0;
  for (int k = 0; k < iterations; ++k) {
    v.normalize();
    route.flow(state + h * v, 0.0, plus);
    route.flow(state - h * v, 0.0, minus);
    const Vector<double> image = (plus - minus) / (2 * h) + shift * v;
    eigenvalue = v.dot(image);
    v = image;
  }
  return eigenvalue;
}

Curvature dominant_with_error(const Route<double>& route, const Vector<double>& state, double shift) {
  constexpr int iterations = 64;
  Vector<double> v;
  route.flow(state, 0.0, v);
  const double rough = dominant(route, state, shift, iterations, v);
  const double fine = dominant(route, state, shift, iterations, v);
  return {fine, std::abs(fine - rough) + 1e-9 * std::abs(fine)};
}

}  // namespace

Curvature largest_curvature(const Route<double>& route, const Vector<double>& state) {
  // The dominant eigenvalue of J is −largest, unless the loss is curved more strongly downwards somewhere; then a shift
  // by that eigenvalue brings the other end of the spectrum to the top.
  Curvature found = dominant_with_error(route, state, 0);
  if (found.largest > 0) {
    const double downwards = found.largest;
    found = dominant_with_error(route, state, -downwards);
    found.largest += downwards;
  }
  return {-found.largest, found.error};
}

}  // namespace benign::sim

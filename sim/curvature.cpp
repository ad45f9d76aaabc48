#include "sim/curvature.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <vector>

namespace benign::sim {
namespace {

struct Product {
  Vector<double> value;
  double error = 0;  // of its norm
};

/// J v by central differences with a step that moves the logits by 10^{-3}, and by half that: extrapolated, with the
/// difference of the two as error.
Product jacobian_times(const Route<double>& route, const Vector<double>& state, const Vector<double>& logits,
                       const Vector<double>& v) {
  constexpr double probe = 1e-7;
  const Vector<double> moved = route.read(state + probe * v).logits;
  const double speed = (moved - logits).lpNorm<Eigen::Infinity>() / probe;
  const double h = speed > 0 ? std::min(1.0, 1e-3 / speed) : 1.0;
  const auto difference = [&](double step) {
    Vector<double> plus, minus;
    route.flow(state + step * v, 0.0, plus);
    route.flow(state - step * v, 0.0, minus);
    return Vector<double>((plus - minus) / (2 * step));
  };
  const Vector<double> coarse = difference(h), fine = difference(h / 2);
  return {(4 * fine - coarse) / 3, (fine - coarse).norm() / 3};
}

}  // namespace

Curvature largest_curvature(const Route<double>& route, const Vector<double>& state) {
  constexpr Index most = 40;  // dimensions of the Krylov space
  const Vector<double> logits = route.read(state).logits;
  // A start with a part along every direction: the flow's own, and a fixed one that no symmetry of the state shares.
  Vector<double> v;
  route.flow(state, 0.0, v);
  if (v.norm() > 0) v.normalize();
  const double size = 0.3 / std::sqrt(static_cast<double>(v.size()));
  for (Index k = 0; k < v.size(); ++k) v[k] += size * std::cos(1 + static_cast<double>(k) * static_cast<double>(k));
  v.normalize();

  // Arnoldi: J V = V h + (rest) with orthonormal V.
  std::vector<Vector<double>> basis = {v};
  Matrix<double> h = Matrix<double>::Zero(most, most);
  double rest = 0, difference_error = 0;
  Index m = 0;
  while (m < std::min(most, v.size())) {
    Product image = jacobian_times(route, state, logits, basis.back());
    difference_error = std::max(difference_error, image.error);
    for (int pass = 0; pass < 2; ++pass)  // orthogonal to roundoff
      for (std::size_t k = 0; k < basis.size(); ++k) {
        const double along = basis[k].dot(image.value);
        h(static_cast<Index>(k), m) += along;
        image.value -= along * basis[k];
      }
    ++m;
    rest = image.value.norm();
    if (m == most || rest <= 1e-12 * h.topLeftCorner(m, m).norm()) break;
    h(m, m - 1) = rest;
    basis.push_back(image.value / rest);
  }
  const Eigen::EigenSolver<Matrix<double>> spectrum(h.topLeftCorner(m, m));
  Index top = 0;
  for (Index k = 1; k < m; ++k)
    if (spectrum.eigenvalues()[k].real() < spectrum.eigenvalues()[top].real()) top = k;
  const Eigen::VectorXcd vector = spectrum.eigenvectors().col(top);
  return {-spectrum.eigenvalues()[top].real(), rest * std::abs(vector[m - 1]) / vector.norm() + difference_error};
}

}  // namespace benign::sim

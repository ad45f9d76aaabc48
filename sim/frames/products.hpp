#pragma once
// Products of large matrices, correct to the last digits of Real, at the speed of double.
//
// Above double every factor is cut into slices of a few bits on a common grid, so few that a product of two slices,
// summed over the inner dimension, is an integer below 2^53: double computes it without error (Ozaki et al.,
// "Error-free transformations of matrix multiplication", Numer. Algorithms 59, 2012). Only the sums over slices run in
// Real. At d = 2000 a product in multiprecision itself would take 80 s, these take about one.

#include "sim/data/initial_weights.hpp"
#include "theory/numbers/real.hpp"

namespace benign::sim {

template <class Real>
using RowMajorOf = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A Bᵀ in Real, for A of shape (m, k), B (n, k). Left and Right are double or Real.
template <class Real, class Left, class Right>
RowMajorOf<Real> product_transposed(const RowMajorOf<Left>& A, const RowMajorOf<Right>& B);

/// A W₀ and A W₀ᵀ in Real, for A of shape (m, d). W₀ is drawn panel by panel; not for the identity.
template <class Real, class Left>
RowMajorOf<Real> product(const RowMajorOf<Left>& A, const InitialWeights& W0);
template <class Real, class Left>
RowMajorOf<Real> product_transposed(const RowMajorOf<Left>& A, const InitialWeights& W0);

}  // namespace benign::sim

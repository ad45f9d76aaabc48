#pragma once
// Frames without noise overlaps: what the inner products of an instance tend to as d grows.

#include "sim/data/data.hpp"
#include "sim/frames/frame.hpp"

namespace benign::tests {

/// K̂ = Ĥ = I + signal overlaps, all of it exact, and ε = 0: tokens with coordinates c (row by row) along signals of
/// length `mu`. κ is so large that ‖∇_W L‖² is lost beside ‖∇_p L‖².
template <class Real>
sim::Frame<Real> ideal_frame(theory::Samples<Real> samples, const Matrix<Real>& c, const Real& snr2, const Real& mu) {
  const Index N = c.rows();
  sim::Frame<Real> frame;
  frame.samples = std::move(samples);
  const Real kappa(1e30), token_norm2 = mu * mu / snr2;
  frame.scales = {kappa, token_norm2, Real(frame.samples.n) / (kappa * token_norm2), 0, 0};
  Matrix<Real> rows(N + sim::probes, 2);
  rows << c, Matrix<Real>::Identity(sim::probes, sim::probes);
  frame.K = snr2 * rows * c.transpose();
  frame.K.topRows(N).diagonal().array() += Real(1);
  frame.H = frame.K;
  frame.h = Vector<Real>::Zero(N + sim::probes);
  frame.r0 = 0;
  return frame;
}

/// The coordinates of an instance's tokens along the signals, of shape (N, 2).
template <class Real>
Matrix<Real> coordinates(const sim::Instance& instance) {
  const auto& p = instance.parameters;
  const Real rho = p.rho.as<Real>();
  Matrix<Real> c = Matrix<Real>::Zero(p.tokens(), 2);
  for (Index i = 0; i < p.n; ++i) {
    const int y = instance.train.true_label[static_cast<std::size_t>(i)];
    c(i * p.T, sim::own_signal(y)) = 1;
    c(i * p.T + 1, sim::own_signal(y)) = rho, c(i * p.T + 2, sim::other_signal(y)) = rho;
  }
  return c;
}

}  // namespace benign::tests

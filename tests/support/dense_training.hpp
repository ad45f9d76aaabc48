#pragma once
// Training as the paper writes it, of W and p themselves in d dimensions and in double, for small d.

#include "sim/data/instance.hpp"
#include "sim/routes/train.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

namespace benign::tests {

struct DenseTraining {
  explicit DenseTraining(const sim::Instance& instance, sim::Train the_train) : train(the_train), data(instance.train) {
    const Index d = data.tokens.cols();
    W = instance.W0.identity() ? Eigen::MatrixXd::Identity(d, d) : Eigen::MatrixXd(instance.W0.block(0, d, 0, d));
    p = instance.p0.size() > 0 ? instance.p0 : Eigen::VectorXd::Zero(d);
    v = (data.tokens.col(0) - data.tokens.col(1)) / (std::sqrt(2.0) * instance.parameters.mu.as<double>());
  }

  /// ∂L/∂ℓ at ℓ = SWp.
  Eigen::VectorXd logit_gradient() const {
    const Eigen::VectorXd l = data.tokens * (W * p);
    Eigen::VectorXd g(l.size());
    for (Index i = 0; i < data.n; ++i) {
      const Eigen::ArrayXd e = (l.segment(i * data.T, data.T).array() - l.segment(i * data.T, data.T).maxCoeff()).exp();
      const Eigen::ArrayXd s = e / e.sum(), own = v.segment(i * data.T, data.T).array();
      const double f = (s * own).sum(), Y = data.label[static_cast<std::size_t>(i)];
      g.segment(i * data.T, data.T) = -Y / static_cast<double>(data.n) / (1 + std::exp(Y * f)) * s * (own - f);
    }
    return g;
  }
  /// Of what is trained: W column by column, then p.
  Eigen::VectorXd gradient() const {
    const Eigen::VectorXd z = data.tokens.transpose() * logit_gradient();
    const Eigen::MatrixXd of_W = z * p.transpose();
    const Eigen::VectorXd of_p = W.transpose() * z;
    Eigen::VectorXd all(size());
    if (train != sim::Train::p) all.head(of_W.size()) = of_W.reshaped();
    if (train != sim::Train::W) all.tail(of_p.size()) = of_p;
    return all;
  }
  Index size() const { return (train != sim::Train::p ? W.size() : 0) + (train != sim::Train::W ? p.size() : 0); }
  void move(const Eigen::VectorXd& by) {
    if (train != sim::Train::p) W += by.head(W.size()).reshaped(W.rows(), W.cols());
    if (train != sim::Train::W) p += by.tail(p.size());
  }
  DenseTraining moved(const Eigen::VectorXd& by) const {
    DenseTraining other = *this;
    other.move(by);
    return other;
  }
  /// ∇²L by central differences.
  Eigen::MatrixXd hessian() const {
    const double h = 1e-5;
    Eigen::MatrixXd H(size(), size());
    for (Index k = 0; k < size(); ++k) {
      const Eigen::VectorXd by = h * Eigen::VectorXd::Unit(size(), k);
      H.col(k) = (moved(by).gradient() - moved(-by).gradient()) / (2 * h);
    }
    return (H + H.transpose()) / 2;
  }
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> step_matrix(double step) const {
    return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(Eigen::MatrixXd::Identity(size(), size()) - step * hessian());
  }

  sim::Train train;
  sim::Data data;
  Eigen::MatrixXd W;
  Eigen::VectorXd p, v;
};

}  // namespace benign::tests

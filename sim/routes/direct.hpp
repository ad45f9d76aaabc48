#pragma once
// Gradient descent and flow on W ∈ R^{d×d} and p ∈ R^d themselves. Every other route is judged by this one.

#include "sim/routes/route.hpp"

namespace benign::sim {

/// State: W (d², column-major), then p (d), in raw units.
template <class Real>
class Direct final : public Route<Real> {
 public:
  Direct(const Instance& instance, Train train);

  Vector<Real> start() const override;
  void descend(Vector<Real>& state, const Real& step) const override;
  Vector<Real> token_logits(const Vector<Real>& state) const override;
  void advance_along(Vector<Real>& state, const Vector<Real>& g, const Real& step_W, const Real& step_p) const override;
  void rate_along(const Vector<Real>& state, const Vector<Real>& g, Vector<Real>& derivative) const override;
  Real gradient_norm2_along(const Vector<Real>& state, const Vector<Real>& g) const override;
  void scale_p(Vector<Real>& state, const Real& factor) const override { state.tail(S_.cols()) *= factor; }
  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override;
  Readout<Real> read(const Vector<Real>& state) const override;
  Real gradient_norm2(const Vector<Real>& state) const override;
  std::optional<Real> imbalance(const Vector<Real>& state) const override;
  std::optional<Eigen::VectorXd> q(const Vector<Real>& state) const override;

 private:
  Vector<Real> product_q(const Vector<Real>& state) const;
  /// ĝ exp(log_gain).
  Vector<Real> gradient(const Vector<Real>& state, const Real& log_gain) const;
  /// y = Sᵀg / n, so that ∇_W L = y pᵀ and ∇_p L = Wᵀ y for ĝ.
  Vector<Real> pulled_back(const Vector<Real>& g) const;

  const Instance& instance_;
  theory::Samples<Real> samples_;
  Matrix<Real> S_;  // (N, d)
  Real tau0_;
  Trained<Real> trained_;
};

}  // namespace benign::sim

#pragma once
// The Hessian of the loss in W and p as a whole matrix, by differences of the exact gradient: the oracle of curvature.

#include "sim/routes/curvature.hpp"
#include "sim/routes/training.hpp"
#include "sim/runs/simulate.hpp"
#include "sim/routes/statistics.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>

namespace benign::tests {

/// Two runs of one descent: in d dimensions, and in `Statistics`, which curvature is asked of.
class TwoRuns {
 public:
  explicit TwoRuns(sim::RunConfig config)
      : direct_(with_route(config, sim::RouteKind::direct), sim::QNorm::not_needed),
        reduced_(with_route(config, sim::RouteKind::coefficients), sim::QNorm::not_needed),
        statistics_(reduced_.frame(), config.train),
        state(direct_.route().start()),
        statistics_state(statistics_.start()) {}

  void advance(long) {
    direct_.route().descend(state, step());
    statistics_.descend(statistics_state, step());
  }
  double step() const { return direct_.frame().scales.step; }
  const sim::Run<double>& reduced() const { return reduced_; }
  const sim::Run<double>& direct() const { return direct_; }
  sim::Hessian hessian() const {
    const auto& config = reduced_.config();
    return {reduced_.frame(), config.train, config.parameters.d, statistics_state};
  }

  /// τ₀ max(λ_max(∇²L), 0) over what is trained, here or after `part` of the next step.
  double top(double part = 0) const { return std::max(0.0, eigenvalues(part).maxCoeff()); }

  /// All eigenvalues of τ₀∇²L over what is trained.
  Vector<double> eigenvalues(double part = 0) const {
    Vector<double> at = state;
    if (part > 0) direct_.route().descend(at, part * step());
    const Index d = direct_.config().parameters.d, size = state.size();
    const auto train = direct_.config().train;
    const Index first = train == sim::Train::p ? d * d : 0, last = train == sim::Train::W ? d * d : size;
    Matrix<double> hessian(last - first, last - first);
    for (Index k = first; k < last; ++k) {
      Vector<double> up = at, down = at, plus, minus;
      up[k] += 1e-5, down[k] -= 1e-5;
      direct_.route().flow(up, 0.0, plus);
      direct_.route().flow(down, 0.0, minus);
      hessian.col(k - first) = (minus - plus).segment(first, last - first) / 2e-5;
    }
    return Eigen::SelfAdjointEigenSolver<Matrix<double>>((hessian + hessian.transpose()) / 2).eigenvalues();
  }

 private:
  static sim::RunConfig with_route(sim::RunConfig config, sim::RouteKind route) {
    config.route = route;
    return config;
  }

  sim::Run<double> direct_, reduced_;
  sim::Statistics<double> statistics_;

 public:
  Vector<double> state, statistics_state;
};

}  // namespace benign::tests

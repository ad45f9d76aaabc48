#include "sim/tokens/head.hpp"

#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <cmath>
#include <lbfgs.h>
#include <stdexcept>

namespace benign::sim {
namespace {

struct Problem {
  const RowMajor& X;  // rows of mean square 1
  const std::vector<int>& label;
  Index columns;  // 1 with two classes

  /// The objective and its gradient at ν, column by column.
  double operator()(const double* nu, double* gradient) const {
    const Index n = X.rows(), d = X.cols();
    const Eigen::Map<const Eigen::MatrixXd> N(nu, d, columns);
    Eigen::Map<Eigen::MatrixXd> G(gradient, d, columns);
    Eigen::MatrixXd F = X * N;  // becomes n ∂/∂F
    double sum = 0;
    for (Index i = 0; i < n; ++i) {
      const int y = element(label, i);
      if (columns == 1) {
        const double sign = y == 1 ? 1 : -1, margin = sign * F(i, 0);
        sum += margin > 0 ? elementary::log1p(elementary::exp(-margin))
                          : elementary::log1p(elementary::exp(margin)) - margin;
        F(i, 0) = -sign / (1 + elementary::exp(margin));
        continue;
      }
      const double largest = F.row(i).maxCoeff(), answer = F(i, y) - largest;
      F.row(i) = (F.row(i).array() - largest).unaryExpr([](double x) { return elementary::exp(x); });
      const double total = F.row(i).sum();
      sum += elementary::log(total) - answer;
      F.row(i) /= total;
      F(i, y) -= 1;
    }
    G = X.transpose() * F / static_cast<double>(n) + head_penalty * N;
    return sum / static_cast<double>(n) + head_penalty / 2 * N.squaredNorm();
  }
};

double evaluate(void* problem, const double* nu, double* gradient, int, double) {
  return (*static_cast<const Problem*>(problem))(nu, gradient);
}

}  // namespace

RowMajor pooled(const TokenSet& set) {
  RowMajor means(set.n, set.d);
  for (Index i = 0; i < set.n; ++i) {
    Index padded = 0;  // zeros, which the sum does not see
    for (Index t = 0; t < set.T; ++t) padded += set.padded(i * set.T + t);
    means.row(i) = set.tokens.middleRows(i * set.T, set.T).colwise().sum() / static_cast<double>(set.T - padded);
  }
  return means;
}

TrainedHead train_head(const TokenSet& set, int classes) {
  const std::vector<int>& label = set.label;
  RowMajor X = pooled(set);
  const double scale = std::sqrt(X.squaredNorm() / static_cast<double>(X.rows()));
  if (!(scale > 0)) throw std::runtime_error("all tokens are zero: there is nothing to train a head on");
  X /= scale;
  Problem problem{X, label, classes == 2 ? 1 : classes};
  Eigen::MatrixXd nu = Eigen::MatrixXd::Zero(X.cols(), problem.columns), gradient = nu;

  lbfgs_parameter_t parameters;
  lbfgs_parameter_init(&parameters);
  parameters.m = 20;
  parameters.epsilon = head_gradient_tolerance;
  parameters.max_iterations = 20000;
  const int status = lbfgs(static_cast<int>(nu.size()), nu.data(), nullptr, evaluate, nullptr, &problem, &parameters);
  problem(nu.data(), gradient.data());

  TrainedHead head;
  head.gradient_norm = gradient.norm();
  if (head.gradient_norm > 10 * head_gradient_tolerance * std::max(1.0, nu.norm()))
    throw std::runtime_error(std::string("the head's training stopped at a gradient of norm ") +
                             std::to_string(head.gradient_norm) + " (status " + std::to_string(status) +
                             " of libLBFGS)");
  Index right = 0;
  const Eigen::MatrixXd F = X * nu;
  for (Index i = 0; i < X.rows(); ++i) {
    Index predicted = F(i, 0) > 0;
    if (classes > 2) F.row(i).maxCoeff(&predicted);
    right += predicted == element(label, i);
  }
  head.accuracy = static_cast<double>(right) / static_cast<double>(X.rows());
  head.head = nu / scale;
  return head;
}

}  // namespace benign::sim

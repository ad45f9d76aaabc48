#include "sim/tokens/stable_step.hpp"

#include "sim/data/instance.hpp"
#include "sim/frames/frame.hpp"
#include "sim/runs/parameter_table.hpp"
#include "sim/tokens/token_study.hpp"
#include "theory/numbers/elementary.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

/// W₀ is kept where it fits, since drawing it takes longer than a product with it.
class StartingWeights {
 public:
  explicit StartingWeights(const InitialWeights& W0, Index d) : W0_(W0) {
    constexpr Index most = 4096;
    if (!W0.identity() && d <= most) kept_ = W0.block(0, d, 0, d);
  }
  Eigen::VectorXd times(const Eigen::VectorXd& x) const { return kept_.size() > 0 ? kept_ * x : W0_.times(x); }
  Eigen::VectorXd transposed_times(const Eigen::VectorXd& x) const {
    return kept_.size() > 0 ? kept_.transpose() * x : W0_.transposed_times(x);
  }

 private:
  const InitialWeights& W0_;
  RowMajor kept_;
};

/// The largest eigenvalue of a symmetric operator of R^d, by Lanczos' method with all vectors kept orthogonal.
template <class Operator>
double largest_eigenvalue(Index d, const Operator& apply) {
  const Index most = std::min<Index>(d, 30);
  Eigen::MatrixXd V(d, most);
  Eigen::VectorXd diagonal(most), next(most);
  Eigen::VectorXd v(d);
  fill_normal(20240920, Stream::bootstrap, 0, 1, {v.data(), static_cast<std::size_t>(d)});
  Index size = 0;
  for (double norm = v.norm(); size < most && norm > 0;) {
    V.col(size) = v / norm;
    v = apply(Eigen::VectorXd(V.col(size)));
    diagonal[size] = V.col(size).dot(v);
    ++size;
    for (int pass = 0; pass < 2; ++pass) v -= (V.leftCols(size) * (V.leftCols(size).transpose() * v)).eval();
    norm = v.norm();
    if (norm <= 1e-12 * std::abs(diagonal.head(size).cwiseAbs().maxCoeff())) norm = 0;
    next[size - 1] = norm;
  }
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal.head(size), next.head(size - 1), Eigen::EigenvaluesOnly);
  return solver.eigenvalues().maxCoeff();
}

}  // namespace

std::optional<double> start_sharpness(const RunConfig& config) {
  const bool descent = !config.flow && config.method.plain();
  if (!descent || config.train == Train::W || config.parameters.sigma_p.exact() != 0) return std::nullopt;
  const Instance instance = draw_instance(config.parameters, config.data, config.seed, config.brought);
  const auto samples = make_samples<double>(instance);
  const RowMajor& S = instance.train.tokens;
  const double n = static_cast<double>(instance.train.n);
  const Vector<double> logits = Vector<double>::Zero(S.rows());
  const StartingWeights W0(instance.W0, S.cols());
  const double mu = largest_eigenvalue(S.cols(), [&](const Eigen::VectorXd& v) {
    const Vector<double> moved = S * W0.times(v);
    const Vector<double> g = theory::gradient_derivative<double>(samples, logits, moved);
    return Eigen::VectorXd(W0.transposed_times(S.transpose() * g) / n);
  });
  double u2 = 0;
  if (config.train == Train::W_and_p)
    u2 = (S.transpose() * theory::gradient<double>(samples, logits)).squaredNorm() / (n * n);
  const auto scales = theory::scales<double>(config.parameters);
  return scales.step * scales.tau0 * std::max(0.0, (mu + std::sqrt(mu * mu + 4 * u2)) / 2);
}

std::optional<double> stable_step(const RunConfig& config, double sharpness, long looks) {
  const auto one_digit = [](double x) {
    const double unit = elementary::pow(10.0, std::floor(elementary::log10(x)));
    return std::max(1.0, std::floor(x / unit)) * unit;
  };
  RunConfig shorter = config;
  double step = config.parameters.lr.as<double>() * std::min(0.5, sharpness > 0 ? 1 / sharpness : 0.5);
  for (int halvings = 0; halvings < 6; ++halvings, step /= 2) {
    char text[32];
    std::snprintf(text, sizeof text, "%.0e", one_digit(step));
    shorter.parameters.lr = theory::Decimal(text);
    if (!train_on_tokens(shorter, looks).first_rise) return shorter.parameters.lr.as<double>();
  }
  return std::nullopt;
}

}  // namespace benign::sim

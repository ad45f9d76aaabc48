#include "sim/routes/curvature.hpp"

#include "sim/routes/statistics.hpp"
#include "theory/numbers/element.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace benign::sim {
namespace {

/// A factor with numbers that are finite: a NaN is no pivot that the solver stops at.
bool positive(const Matrix<double>& matrix) {
  const Eigen::LLT<Matrix<double>> factor(matrix);
  return factor.info() == Eigen::Success && factor.matrixLLT().diagonal().allFinite();
}

/// What rounding leaves undecided of 1 less a matrix of order N and size `size`, formed and factorised: the backward error
/// of a Cholesky factor is at most (N + 1) times the unit roundoff times the trace, here at most N + size (Higham,
/// "Accuracy and Stability of Numerical Algorithms", 10.3); the sums that form it have at most 2T + 8 terms.
double rounding(Index N, double size) {
  const double order = static_cast<double>(N);
  return (16 * order * (1 + size) + order * (order + 1)) * unit_roundoff<double>();
}

}  // namespace

Matrix<double> gradient_derivative_blocks(const theory::Samples<double>& samples, const Vector<double>& logits) {
  Matrix<double> blocks(samples.T, logits.size());
  for (Index t = 0; t < samples.T; ++t) {
    Vector<double> direction = Vector<double>::Zero(logits.size());
    for (Index i = 0; i < samples.n; ++i) direction[i * samples.T + t] = 1;
    blocks.row(t) = theory::gradient_derivative(samples, logits, direction).transpose();
  }
  for (Index i = 0; i < samples.n; ++i) {
    const Matrix<double> block = blocks.middleCols(i * samples.T, samples.T);
    blocks.middleCols(i * samples.T, samples.T) = (block + block.transpose()) / 2;
  }
  return blocks;
}

double norm_estimate(const Matrix<double>& matrix) {
  Vector<double> x = Vector<double>::LinSpaced(matrix.rows(), 1, 2);
  double estimate = 0;
  for (int k = 0; k < 12; ++k) {
    x = matrix * x.normalized();
    estimate = x.norm();
  }
  return estimate;
}

double norm_bound(const Matrix<double>& matrix) {
  const Index N = matrix.rows();
  const double trace = matrix.trace();
  if (!std::isfinite(trace)) return std::numeric_limits<double>::infinity();
  // What is factorised has a trace of at most N times the bound; a start that is orthogonal to all that counts ends too.
  const double least = trace / static_cast<double>(N);
  for (double bound = std::max(1.02 * norm_estimate(matrix), least); bound < trace; bound *= 1.1)
    if (positive(Matrix<double>((1 - rounding(N, 0)) * bound * Matrix<double>::Identity(N, N) - matrix))) return bound;
  return trace;
}

Hessian::Hessian(const Frame<double>& frame, Train train, Index d, const Vector<double>& state)
    : frame_(frame), trained_(train), N_(frame.tokens()), d_(d) {
  const Index rows = N_ + probes, after = Statistics<double>::place_of_logits(N_);
  logits_ = state.segment(after, N_);
  r_ = state[after + rows];
  H_ = unpacked_symmetric(rows, N_, state.data()).topRows(N_);
  const Vector<double> g = theory::gradient<double>(frame.samples, logits_);
  u_ = (frame.K * g).head(N_);
  if (trained_.both) {
    const double square = std::max(0.0, g.dot(u_)),
                 sizes = g.cwiseAbs().dot(frame.K.topRows(N_).cwiseAbs() * g.cwiseAbs());
    shift_ = std::sqrt(frame.scales.epsilon * square);
    if (square > 0) shift_rounding_ = unit_roundoff<double>() * (4 + static_cast<double>(N_) * sizes / square);
  }
  const Matrix<double> blocks = gradient_derivative_blocks(frame.samples, logits_);
  finite_ = logits_.allFinite() && blocks.allFinite() && H_.allFinite() && std::isfinite(shift_) && std::isfinite(r_);
  if (finite_) rotate(blocks);
}

double Hessian::operator_norm2() const {
  return norm_bound(trained_.p * H_ + (trained_.W * r_) * frame_.K.topRows(N_));
}

void Hessian::rotate(const Matrix<double>& blocks) {
  const Index T = frame_.samples.T;
  struct Column {
    Index first;  // of its sample's tokens
    double value;
    Vector<double> vector;
  };
  std::vector<Column> columns;
  for (Index first = 0; first < N_; first += T) {
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(blocks.middleCols(first, T));
    for (Index k = 0; k < T; ++k) columns.push_back({first, eigen.eigenvalues()[k], eigen.eigenvectors().col(k)});
  }
  const auto middle =
      std::stable_partition(columns.begin(), columns.end(), [](const Column& column) { return column.value < 0; });
  negative_ = middle - columns.begin();
  for (auto& [first, value, vector] : columns) {
    block_norm_ = std::max(block_norm_, std::abs(value));
    vector *= std::sqrt(std::abs(value));
  }
  const auto along = [&](const Vector<double>& x) {
    Vector<double> rotated(N_);
    for (Index k = 0; k < N_; ++k) {
      const Column& column = element(columns, k);
      rotated[k] = column.vector.dot(x.segment(column.first, T));
    }
    return rotated;
  };
  const auto both_sides = [&](const auto& matrix) {
    Matrix<double> half(N_, N_), rotated(N_, N_);
    for (Index k = 0; k < N_; ++k) {
      const Column& column = element(columns, k);
      half.col(k).noalias() = matrix.block(0, column.first, N_, T) * column.vector;
    }
    const Matrix<double> transposed = half.transpose();
    for (Index k = 0; k < N_; ++k) {
      const Column& column = element(columns, k);
      rotated.col(k).noalias() = transposed.middleCols(column.first, T) * column.vector;
    }
    return rotated;
  };
  rotated_H_ = both_sides(H_), rotated_K_ = both_sides(frame_.K);
  rotated_u_ = along(u_), rotated_logits_ = along(logits_);
}

/// |D|^½ R(λ) |D|^½.
Matrix<double> Hessian::response(double lambda) const {
  if (!trained_.both) return (trained_.p / lambda) * rotated_H_ + (trained_.W * r_ / lambda) * rotated_K_;
  const double beyond = (lambda - shift_) * (lambda + shift_), epsilon = frame_.scales.epsilon;
  Matrix<double> R = (lambda / beyond) * rotated_H_ + (r_ / lambda) * rotated_K_;
  const Vector<double> half = (epsilon / beyond) * (rotated_logits_ + (r_ / lambda / 2) * rotated_u_);
  R.noalias() += rotated_u_ * half.transpose();
  R.noalias() += half * rotated_u_.transpose();
  return R;
}

/// With D = D₊ − D₋ and R̂ = |D|^½R|D|^½ in blocks, all eigenvalues of D R are below 1 if and only if the Schur
/// complement 1 − R̂₊₊ + R̂₊₋(1 + R̂₋₋)⁻¹R̂₋₊ is positive.
bool Hessian::below(double lambda, double& lower) const {
  // A shift that is off by δ Û moves every eigenvalue by at most that.
  const double tested = lambda * (1 - 2 * shift_rounding_);
  if (!(tested > shift_)) {
    // B has the eigenvalue Û in d dimensions, and AᵀDA is of rank N.
    if (N_ < d_) lower = std::max(lower, lambda * (1 - 4 * shift_rounding_));
    return false;
  }
  const Matrix<double> R = response(tested);
  const double size = R.trace();
  if (!std::isfinite(size)) return false;
  const Index positives = N_ - negative_;
  const double unknown = rounding(N_, size) + 2 * size * shift_rounding_;
  Matrix<double> complement = -R.bottomRightCorner(positives, positives);
  complement.diagonal().array() += 1 - unknown;
  if (negative_ > 0 && positives > 0) {  // Eigen divides by the rank of an update
    const Eigen::LLT<Matrix<double>> factor(Matrix<double>::Identity(negative_, negative_) +
                                            R.topLeftCorner(negative_, negative_));
    const Matrix<double> mixed = factor.matrixL().solve(R.topRightCorner(negative_, positives));
    complement.selfadjointView<Eigen::Lower>().rankUpdate(mixed.transpose());
  }
  if (positive(complement)) return true;
  lower = std::max(lower, lambda * (1 - 4 * shift_rounding_ - 4 * unknown * (1 + size)));
  return false;
}

Curvature Hessian::largest(double width, double size, double guess) const {
  if (!finite_) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  Curvature found{0, std::numeric_limits<double>::infinity()};
  if (!(guess > 0))
    found.upper = (operator_norm2() * block_norm_ + shift_ * (1 + 2 * shift_rounding_)) * (1 + rounding(N_, 0));
  int left = 100;  // eigenvalues of a size that rounding hides would take for ever
  const auto wide = [&] {
    const bool close = found.upper - found.lower <= width * std::max(found.upper, size);
    return (std::isinf(found.upper) || !close) && left-- > 0;
  };
  bool went_up = false, went_down = false;
  double factor = 1 + width / 2;
  for (double next = guess; next > found.lower && next < found.upper && !(went_up && went_down) && wide();) {
    const bool down = below(next, found.lower);
    (down ? went_down : went_up) = true;
    if (down) found.upper = next;
    next = down ? next / factor : next * factor;
    factor = 1 + 2 * (factor - 1);
  }
  while (wide()) {
    const double middle = std::sqrt(std::max(found.lower, width / 2 * std::max(found.upper, size)) * found.upper);
    if (below(middle, found.lower)) found.upper = middle;
  }
  return found;
}

}  // namespace benign::sim

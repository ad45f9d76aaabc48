#include "sim/collocation.hpp"

#include "sim/linear.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace benign::sim {
namespace {

constexpr int most_iterations = 16;
constexpr int wanted_iterations = 9;  // more make a longer step dearer than two short ones

/// The number of stages that makes steps of length about 1 where the solution has scales of about 1.
int stages_for(double tolerance) { return std::max(3, static_cast<int>(std::lround(1 - std::log10(tolerance)))); }

/// result_i += Σ_j weights_ij columns_j.
template <class Real>
void add_combinations(const Eigen::Ref<const Matrix<Real>>& columns, const Matrix<Real>& weights,
                      Matrix<Real>& result) {
  if constexpr (std::is_same_v<Real, double>) {
    // Columns of the states are rows to a row-major kernel, and Eigen's weights are column-major.
    const Matrix<double> transposed = weights.transpose();
    const auto size = static_cast<std::size_t>(columns.rows()), inner = static_cast<std::size_t>(columns.cols());
    kernels::add_product(static_cast<std::size_t>(weights.rows()), inner, size, transposed.data(), inner,
                         columns.data(), size, 1, result.data(), size);
  } else {
    for (Index i = 0; i < weights.rows(); ++i)
      for (Index j = 0; j < weights.cols(); ++j) result.col(i) += weights(i, j) * columns.col(j);
  }
}

/// Solves A x = b by elimination, choosing pivots by their size; not finite if A is singular.
template <class Real>
Vector<Real> solve_dense(Matrix<Real> A, Vector<Real> b) {
  const Index n = b.size();
  for (Index k = 0; k < n; ++k) {
    Index best = k;
    for (Index i = k + 1; i < n; ++i)
      if (std::abs(representative(A(i, k))) > std::abs(representative(A(best, k)))) best = i;
    if (best != k) {
      A.row(k).swap(A.row(best));
      std::swap(b[k], b[best]);
    }
    for (Index i = k + 1; i < n; ++i) {
      const Real factor = A(i, k) / A(k, k);
      A.row(i).tail(n - k) -= factor * A.row(k).tail(n - k);
      b[i] -= factor * b[k];
    }
  }
  for (Index k = n - 1; k >= 0; --k) {
    for (Index j = k + 1; j < n; ++j) b[k] -= A(k, j) * b[j];
    b[k] /= A(k, k);
  }
  return b;
}

/// The largest entry of x in units of max(1, |scale|); infinite if one is not a number.
template <class X, class Scale>
double size_of(const X& x, const Scale& scale) {
  double largest = 0;
  for (Index i = 0; i < x.size(); ++i) {
    const double size = std::abs(representative(x[i])) / std::max(1.0, std::abs(representative(scale[i])));
    if (!(size < HUGE_VAL)) return HUGE_VAL;
    largest = std::max(largest, size);
  }
  return largest;
}

}  // namespace

template <class Real>
Collocation<Real>::Collocation(const StiffEquation<Real>& equation, double tolerance)
    : equation_(equation), tolerance_(tolerance), radau_(radau<Real>(stages_for(tolerance))) {}

template <class Real>
void Collocation<Real>::start(Vector<Real> state, const Real& u, double length) {
  length_ = length;
  from_ = to_ = u;
  before_ = state;
  state_ = std::move(state);
  series_.resize(0, 0);
}

/// Stages of the next step from the last one's polynomial: its series is cut off at the term that is smallest at the
/// end of the new step, since outside its interval rounding errors grow as P_k does.
template <class Real>
Matrix<Real> Collocation<Real>::predict(double length) const {
  const Index s = radau_.nodes.size();
  Matrix<Real> X = state_.replicate(1, s);
  if (series_.size() == 0) return X;
  const auto integrals_at = [&](double part) {  // from 1 to 1 + part·length/last
    const Real end = Real(1) + Real(part * length / last_length_);
    return Vector<Real>(legendre_integrals<Real>(static_cast<int>(s), end) -
                        legendre_integrals<Real>(static_cast<int>(s), Real(1)));
  };
  const Vector<Real> furthest = integrals_at(1);
  Index terms = 1;
  double smallest = HUGE_VAL;
  for (Index k = 1; k < s; ++k) {
    const double term = size_of(series_.col(k), state_) * std::abs(representative(furthest[k]));
    if (term < smallest) smallest = term, terms = k;
  }
  Matrix<Real> weights(s, terms);
  for (Index i = 0; i < s; ++i) weights.row(i) = integrals_at(representative(radau_.nodes[i])).head(terms).transpose();
  weights *= Real(last_length_);
  add_combinations<Real>(series_.leftCols(terms), weights, X);
  return X;
}

/// Iterates X to the collocation polynomial; returns the number of iterations, 0 if they do not converge.
template <class Real>
int Collocation<Real>::solve(Matrix<Real>& X, Matrix<Real>& rates, double length) {
  using Stage = typename StiffEquation<Real>::Stage;
  const Index s = radau_.nodes.size();
  const Matrix<Real> weights = radau_.integrals * Real(length);
  const Matrix<Real> frozen = equation_.frozen(state_);
  correction_.resize(X.rows(), s);
  answers_.resize(X.rows(), s);
  std::vector<Stage> stages(static_cast<std::size_t>(s));
  double before = HUGE_VAL;
  for (int iteration = 1; iteration <= most_iterations; ++iteration) {
    for (Index i = 0; i < s; ++i) {
      auto& stage = stages[static_cast<std::size_t>(i)];
      stage = equation_.stage(X.col(i), to_ + Real(length) * radau_.nodes[i], frozen);
      rates.col(i) = stage.rate;
    }
    evaluations_ += s;
    for (Index i = 0; i < s; ++i) correction_.col(i) = state_ - X.col(i);
    add_combinations<Real>(rates, weights, correction_);

    const Index r = stages[0].coupling.rows();
    Matrix<Real> system = Matrix<Real>::Identity(r * s, r * s);
    Vector<Real> response(r * s);
    for (Index i = 0; i < s; ++i) {
      response.segment(r * i, r) =
          equation_.response(X.col(i), stages[static_cast<std::size_t>(i)], correction_.col(i));
      for (Index j = 0; j < s; ++j)
        system.block(r * i, r * j, r, r) += weights(i, j) * stages[static_cast<std::size_t>(j)].coupling;
    }
    const Vector<Real> shift = solve_dense(std::move(system), std::move(response));
    for (Index i = 0; i < s; ++i)
      answers_.col(i) =
          equation_.answer(X.col(i), stages[static_cast<std::size_t>(i)], Vector<Real>(shift.segment(r * i, r)));
    add_combinations<Real>(answers_, weights, correction_);
    X += correction_;

    double size = 0;
    for (Index i = 0; i < s; ++i) size = std::max(size, size_of(correction_.col(i), state_) / tolerance_);
    // What is left is about size · q/(1 − q), with q the rate of convergence seen.
    const double q = size / before;
    if (size <= 0.01 || (iteration > 1 && q < 1 && size * q / (1 - q) <= 0.03)) {
      rates += answers_;  // f(X) at the corrected X, up to the same error
      return iteration;
    }
    if (iteration > 2 && (q > 2 || !(size < HUGE_VAL))) return 0;
    if (!(size < 1e100)) return 0;
    before = size;
  }
  return 0;
}

template <class Real>
void Collocation<Real>::step() {
  const Index s = radau_.nodes.size();
  bool rejected = false;
  for (int tries = 0; tries < 100; ++tries) {
    const double length = length_;
    Matrix<Real> X = predict(length), rates(state_.size(), s);
    const int iterations = solve(X, rates, length);
    if (iterations == 0) {
      rejected = true;
      length_ = length / (tries == 0 ? 2 : 4);
      continue;
    }
    Matrix<Real> series = Matrix<Real>::Zero(state_.size(), s);
    add_combinations<Real>(rates, radau_.series, series);
    // Terms of X: ∫P_k is at most 1/(2k + 1). The last one kept bounds those left out.
    const double error = length / (2.0 * static_cast<double>(s) - 1) *
                         std::max(size_of(series.col(s - 1), state_), 0.1 * size_of(series.col(s - 2), state_)) /
                         tolerance_;
    const double factor =
        std::clamp(0.9 * std::pow(0.3 / std::max(error, 1e-30), 1.0 / static_cast<double>(s)), 0.2, 2.5);
    if (!(error <= 1)) {
      rejected = true;
      length_ = length * std::min(factor, 0.8);
      continue;
    }
    before_ = state_;
    state_ = X.col(s - 1);
    series_ = std::move(series);
    from_ = to_;
    to_ += Real(length);
    last_length_ = length;
    length_ = length * std::min({factor, rejected ? 1.0 : 2.5, std::sqrt(wanted_iterations / (1.0 * iterations))});
    return;
  }
  throw std::runtime_error("the flow cannot go on: no step is short enough at log(1 + s) = " +
                           std::to_string(representative(to_)));
}

template <class Real>
Vector<Real> Collocation<Real>::at(const Real& u) const {
  if (sign_of<Real>(u - to_) == Sign::zero) return state_;
  if (sign_of<Real>(u - from_) == Sign::zero) return before_;
  Vector<Real> state = before_;
  const Vector<Real> Q = legendre_integrals<Real>(static_cast<int>(series_.cols()), (u - from_) / (to_ - from_));
  for (Index k = 0; k < series_.cols(); ++k) state += Real(last_length_ * Q[k]) * series_.col(k);
  return state;
}

#define BENIGN_INSTANTIATE(Real) template class Collocation<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
